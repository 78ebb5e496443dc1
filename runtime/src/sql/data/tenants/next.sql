  -- The list of tenants is read without one: a policy that hides a part of it is an error.
  SET LOCAL row_security = off;
  PERFORM set_config({{setting}}, '', true);
  SET LOCAL search_path = {{schema}}, pg_temp;
  EXECUTE {{next_tenant}} INTO tenant USING tenant, {{last}};
  SET LOCAL search_path = pg_catalog, pg_temp;
  EXIT WHEN tenant IS NULL;
  PERFORM set_config({{setting}}, tenant::text, true);
  SET LOCAL row_security = on;
