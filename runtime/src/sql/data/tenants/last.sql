  SET LOCAL search_path = {{schema}}, pg_temp;
  EXECUTE {{last_tenant}} INTO goal;
  SET LOCAL search_path = pg_catalog, pg_temp;
