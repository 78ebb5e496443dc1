-- Whether a row is left. A policy that hides rows makes it an error.
{{begin}}SET LOCAL search_path = {{schema}}, pg_temp;
SELECT EXISTS (SELECT FROM ({{query}}
) AS unfinished(is_left) WHERE is_left) AS unfinished;
