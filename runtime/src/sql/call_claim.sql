SELECT {{schema}}.schema_migration_claim({{high}}::int4, {{low}}::int4, {{name}}::text, {{seq}}::int8,
  {{chain}}::text, {{run}}::text, {{locks}}::text, {{probe}}::text);
