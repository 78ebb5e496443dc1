-- Whether a row of a tenant is left, as its sessions see them.
{{begin}}DO $onward$
DECLARE
  tenant {{type}};
  is_left boolean := false;
BEGIN
  LOOP
{{next_tenant}}    SET LOCAL search_path = {{schema}}, pg_temp;
    EXECUTE {{query}} INTO is_left;
    EXIT WHEN is_left;
  END LOOP;
  PERFORM pg_catalog.set_config('onward.unfinished', coalesce(is_left, false)::pg_catalog.text, true);
END
$onward$;
SELECT pg_catalog.current_setting('onward.unfinished')::boolean AS unfinished;
