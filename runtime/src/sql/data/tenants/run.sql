  IF upto IS NOT NULL THEN
    looked := {{size}};
    IF is_last THEN
      EXECUTE CASE WHEN is_inside THEN {{count_inside}} ELSE {{count}} END INTO looked{{using}};
    END IF;
    SET LOCAL search_path = {{schema}}, pg_temp;
    EXECUTE CASE WHEN is_inside THEN {{inside}} ELSE {{first}} END{{using}};
    GET DIAGNOSTICS changed = ROW_COUNT;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET LOCAL search_path = pg_catalog, pg_temp;
  END IF;
{{leave}}  upto := CASE WHEN tenant IS NULL THEN job.goal WHEN is_last THEN jsonb_build_array(tenant) ELSE upto END;
