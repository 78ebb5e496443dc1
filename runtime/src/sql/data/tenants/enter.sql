  -- The rows are those that a session of the tenant sees.
  PERFORM set_config({{setting}}, {{tenant}}, true);
  SET LOCAL row_security = on;
