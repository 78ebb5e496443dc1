-- What the next first look needs of the lines: digests by category, and where the head and the triggers are. Nothing
-- when a start has more to do than to compare.
UPDATE {{schema}}.schema_migration_head head SET summary = coalesce((
  SELECT jsonb_build_object('place', {{place}},
           'startup', {{startup}}, 'seed', {{seed}}, 'release', {{release}}, 'data', {{data}},
           'startups', count(*) FILTER (WHERE category = 'startup'), 'seeds', count(*) FILTER (WHERE category = 'seed'),
           'last_release', max(version) FILTER (WHERE category = 'release'),
           'last_data', max(version) FILTER (WHERE category = 'data'))
  FROM {{newest}}
    AND (SELECT NOT bool_or(event = 'abandoned') AND NOT {{open}} FROM {{schema}}.schema_migration_log)
  HAVING count(*) > 0
), '{}') WHERE head.one;
