  SET LOCAL search_path = {{schema}}, pg_temp;
  EXECUTE {{statement}}{{using}};
  GET DIAGNOSTICS changed = ROW_COUNT;
  SET CONSTRAINTS ALL IMMEDIATE;
  SET LOCAL search_path = pg_catalog, pg_temp;
