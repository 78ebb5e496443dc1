-- The whole statement for each tenant, in one transaction.
DO $onward$
DECLARE
  tenant {{type}};
  is_listed boolean := false;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
  LOOP
{{next_tenant}}    is_listed := true;
    SET LOCAL search_path = {{schema}}, pg_temp;
    EXECUTE {{statement}} USING tenant;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET LOCAL search_path = pg_catalog, pg_temp;
  END LOOP;
  IF NOT is_listed AND {{has_rows}} THEN
    RAISE EXCEPTION USING MESSAGE = {{unlisted}};
  END IF;
{{leave}}END
$onward$;
