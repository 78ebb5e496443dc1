-- Whether a query of the migration's own lets it go on. A policy that hides rows makes it an error.
SET LOCAL TRANSACTION ISOLATION LEVEL READ COMMITTED READ ONLY;
{{role}}SET LOCAL search_path = {{schema}}, pg_temp;
SET LOCAL standard_conforming_strings = on;
SET LOCAL row_security = off;
SET LOCAL statement_timeout = '2s';
SELECT healthy::pg_catalog.text AS healthy,
       pg_catalog.pg_typeof(healthy) OPERATOR(pg_catalog.=) 'boolean'::pg_catalog.regtype AS is_boolean
FROM ({{query}}
) AS gate(healthy) LIMIT 2;
