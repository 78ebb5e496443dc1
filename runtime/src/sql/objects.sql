  -- What is in the schema, but for what belongs to an extension, and what belongs to another object such as the
  -- array type of a type.
  SELECT classid, objid FROM (
    SELECT CASE relkind WHEN 'c' THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END AS classid,
           CASE relkind WHEN 'c' THEN reltype ELSE oid END AS objid
    FROM pg_class
    WHERE relnamespace = to_regnamespace({{quoted}}) AND relkind NOT IN ('i', 'I', 't')
    UNION ALL
    SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = to_regnamespace({{quoted}})
    UNION ALL
    SELECT 'pg_type'::regclass, oid FROM pg_type
    WHERE typnamespace = to_regnamespace({{quoted}}) AND typtype <> 'c' AND typcategory <> 'A'
  ) AS present
  WHERE NOT EXISTS (
    SELECT FROM pg_depend part
    WHERE part.classid = present.classid AND part.objid = present.objid AND part.deptype IN ('e', 'i')
  )
