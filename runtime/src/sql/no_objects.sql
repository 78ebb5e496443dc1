  -- What another tool has created is what is adopted.
  SELECT WHERE false
