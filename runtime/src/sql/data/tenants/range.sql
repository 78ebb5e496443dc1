  -- A cursor of one value stands behind all rows of that tenant.
  tenant := (job.position ->> 0)::{{type}};
  is_inside := coalesce(jsonb_array_length(job.position) > 1, false);
{{lower}}  LOOP
    IF is_inside THEN
    {{enter}}    ELSE
    {{next_tenant}}    END IF;
    -- The last row of a full batch, or of the tenant.
    EXECUTE CASE WHEN is_inside THEN {{next_inside}} ELSE {{next}} END INTO upto USING tenant{{lowers}};
    is_last := upto IS NULL;
    IF is_last THEN
      EXECUTE CASE WHEN is_inside THEN {{last_inside}} ELSE {{last}} END INTO upto USING tenant{{lowers}};
    END IF;
    EXIT WHEN upto IS NOT NULL;
    -- A tenant without rows is passed over; not all of them in one transaction.
    is_inside := false;
    passed := passed + 1;
    EXIT WHEN passed >= 1000;
  END LOOP;
{{upper}}
