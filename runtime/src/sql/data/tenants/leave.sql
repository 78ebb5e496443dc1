  PERFORM set_config({{setting}}, '', true);
  SET LOCAL row_security = off;
