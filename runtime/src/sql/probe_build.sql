-- Fails at once with 55P03 while another session builds an index on the table.
DO $onward$
BEGIN
  LOCK TABLE {{schema}}.{{table}} IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
END
$onward$;
SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass({{private}})), false) AS done;
{{commit}}