-- The last write has left a summary of the lines. It stands for them while the head is where it was and the triggers,
-- which no change of a line gets past, and their functions are as they were; and when this binary knows all that it is
-- about, or something that is missing. One start in sixteen reads the lines all the same.
SELECT seq AS head_seq, encode(chain, 'hex') AS head_chain, CASE WHEN is_known THEN true END AS whole,
       CASE WHEN is_known THEN summary ->> 'startup' END AS startup,
       CASE WHEN is_known THEN summary ->> 'seed' END AS seed,
       CASE WHEN is_known THEN summary ->> 'release' END AS release,
       CASE WHEN is_known THEN summary ->> 'data' END AS data,
       CASE WHEN NOT is_known THEN query_to_xml({{lines}}, false, true, '') END AS lines
FROM (
  SELECT *, (summary ->> 'place' = {{place}} AND random() >= 0.0625 AND (
    (summary ->> 'startups')::int4 < {{startups}}::int4 OR (summary ->> 'seeds')::int4 < {{seeds}}::int4
    OR summary ->> 'startup' IS NOT DISTINCT FROM {{startup}} AND summary ->> 'seed' IS NOT DISTINCT FROM {{seed}}
       AND coalesce(summary ->> 'last_release' COLLATE "C", '') <= {{last_release}}
       AND coalesce(summary ->> 'last_data' COLLATE "C", '') <= {{last_data}})) IS TRUE AS is_known
  FROM {{schema}}.schema_migration_head head WHERE one
) head
