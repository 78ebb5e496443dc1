{{run}}  DELETE FROM {{schema}}.schema_migration_skipped WHERE version = {{version}} AND key = upto;
{{advance}}
