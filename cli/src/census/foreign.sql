-- What another module has under this name, as statements that create as much of it as the files of this one can see:
-- types with labels, a table with its columns and keys, functions.
WITH named AS (
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), attribute AS (
  SELECT a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull FROM pg_attribute a JOIN named ON a.attrelid = named.oid
  WHERE a.attnum > 0 AND NOT a.attisdropped
), statement AS (
  SELECT DISTINCT 1 AS place, format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
         (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)) AS sql
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'e' AND n.nspname = $1 AND (t.typname = $2 OR t.oid IN (SELECT atttypid FROM attribute))
  UNION ALL
  SELECT 2, format('CREATE TABLE %I.%I (%s)', $1, $2, concat_ws(', ',
    (SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) FROM attribute),
    (SELECT string_agg(format('CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid)), ', ') FROM pg_constraint c
     WHERE c.conrelid = named.oid AND c.contype IN ('p', 'u'))))
  FROM named
  UNION ALL
  SELECT 3, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = $1 AND p.proname = $2 AND p.prokind IN ('f', 'p')
)
SELECT sql FROM statement ORDER BY place
