-- Whether a row is left. A policy that hides rows makes it an error.
{{begin}}SET LOCAL search_path = {{schema}}, pg_temp;
{{is_left}};
