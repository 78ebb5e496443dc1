-- The body may have changed the path.
SELECT {{schema}}.schema_migration_record({{event}}::pg_catalog.text, {{category}}::pg_catalog.text,
  {{version}}::pg_catalog.text, {{file}}::pg_catalog.text, {{attempt}}::pg_catalog.int4,
  {{checksum}}::pg_catalog.text, {{digest}}::pg_catalog.text, {{build}}::pg_catalog.text,
  {{run}}::pg_catalog.text, {{compatible_from}}::pg_catalog.text);
