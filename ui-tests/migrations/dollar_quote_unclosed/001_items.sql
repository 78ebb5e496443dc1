CREATE FUNCTION dollar_quote_unclosed.f() RETURNS int LANGUAGE sql AS $body$
    SELECT 1;
$$;
