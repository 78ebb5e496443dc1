-- A statement that limits itself, again and again until it changes no row.
SET LOCAL search_path = {{schema}}, pg_temp;
DO $onward$
DECLARE
  changed int8 := 1;
BEGIN
  WHILE changed > 0 LOOP
    EXECUTE {{statement}};
    GET DIAGNOSTICS changed = ROW_COUNT;
  END LOOP;
END
$onward$;
SET CONSTRAINTS ALL IMMEDIATE;
