  UPDATE {{schema}}.schema_migration_skipped SET sqlstate = {{sqlstate}}, object = {{object}}, at = clock_timestamp()
  WHERE version = {{version}} AND key = upto;
  UPDATE {{schema}}.schema_migration_progress SET skipped = skipped + 1 WHERE version = {{version}};
{{advance}}
