-- What a statement that runs outside of a transaction would find by the session's own search_path, and not by that
-- of a migration, or the other way round. Nothing of the statement's runs before this is known.
DO $onward$
DECLARE
  path name[] := pg_catalog.current_schemas(true);
  sql text := {{sql}};
  other regnamespace[];
  found_name text;
  meaning text;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  -- The server parses what follows when it comes to it.
  PERFORM set_config('standard_conforming_strings', 'on', true);
  -- The schemas that are on one of the two paths only. The server looks into pg_catalog on both.
  other := ARRAY(
    SELECT schema.oid::regnamespace FROM pg_namespace schema
    WHERE schema.nspname <> 'pg_catalog' AND NOT starts_with(schema.nspname::text, 'pg_temp')
      AND (schema.nspname = ANY (path)) <> (schema.nspname = {{module}}));
  sql := regexp_replace(sql, '''([^'']|'''')*''', '''''', 'g');
  WITH own_type AS (
    -- What the table's columns can be.
    SELECT atttypid AS type FROM pg_attribute WHERE attrelid = to_regclass({{table}}) AND attnum > 0
  ), candidate(name, before, behind, meaning) AS (
    SELECT proname, '[^.\w"$]"?', '"?\s*\(', oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = ANY (other) AND NOT EXISTS (
      SELECT FROM unnest(proargtypes) AS argument JOIN pg_type ON pg_type.oid = argument
      WHERE typnamespace <> 'pg_catalog'::regnamespace AND argument NOT IN (SELECT type FROM own_type))
    UNION ALL
    SELECT typname, '(::|\mAS)\s*"?', '"?($|[^\w."$])', oid::regtype::text FROM pg_type
    WHERE typnamespace = ANY (other)
    UNION ALL
    SELECT collname, '\mCOLLATE\s+"?', '"?($|[^\w."$])', oid::regcollation::text FROM pg_collation
    WHERE collnamespace = ANY (other)
    UNION ALL
    SELECT opcname, '[^.\w"$]"?', '"?($|[^\w."$])', format('%s.%I', opcnamespace::regnamespace, opcname) FROM pg_opclass
    WHERE opcnamespace = ANY (other)
    UNION ALL
    SELECT oprname, '[^-+*/<>=~!@#%^&|`?]', '[^-+*/<>=~!@#%^&|`?]', oid::regoperator::text FROM pg_operator
    WHERE oprnamespace = ANY (other) AND (oprleft IN (SELECT type FROM own_type) OR oprright IN (SELECT type FROM own_type))
  )
  SELECT candidate.name, candidate.meaning INTO found_name, meaning FROM candidate
  WHERE sql ~* (candidate.before || regexp_replace(candidate.name, '([^a-zA-Z0-9_])', '\\\1', 'g') || candidate.behind)
  ORDER BY candidate.name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW10', COLUMN = found_name, DATATYPE = meaning, CONSTRAINT = array_to_string(path, ', '),
      MESSAGE = 'a name means something else by the search_path of this session';
  END IF;
END
$onward$;
