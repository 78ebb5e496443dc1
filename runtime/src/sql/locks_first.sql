-- Each wanted lock is a mode, a colon, and the relation. Only where a plain LOCK needs no right that the
-- statements do not need.
DO $onward$
DECLARE
  one text;
  relation regclass;
BEGIN
  FOREACH one IN ARRAY {{locks}}::text[] LOOP
    FOR relation IN
      SELECT class.oid
      FROM pg_namespace space
      JOIN pg_class class ON class.relnamespace = space.oid
        AND class.relname = substr(split_part(one, ':', 2), length(space.nspname::text) + 2)::name
      WHERE starts_with(split_part(one, ':', 2), space.nspname::text || '.') AND class.relkind IN ('r', 'p')
        AND has_table_privilege(class.oid, 'UPDATE, DELETE, TRUNCATE')
    LOOP
      EXECUTE format('LOCK TABLE %s IN %s MODE', relation, split_part(one, ':', 1));
    END LOOP;
  END LOOP;
END
$onward$;
