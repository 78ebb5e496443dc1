-- Whether a row differs. A policy that hides rows makes it an error.
{{begin}}SET LOCAL search_path = {{schema}}, pg_temp;
SELECT EXISTS ({{rows}}
) AS differs