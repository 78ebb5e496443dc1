DO $$
BEGIN
    EXECUTE 'DROP TABLE users';
END
$$;
