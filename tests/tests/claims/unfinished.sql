SET session_replication_role = replica;
DO $fill$
DECLARE
  filled regclass;
  names text;
  given text;
BEGIN
  FOR filled IN SELECT oid::regclass FROM pg_class
                WHERE relnamespace = '{{schema}}'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY oid LOOP
    FOR n IN 1..80 LOOP
      SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
             string_agg(CASE WHEN NOT attnotnull AND chosen % 3 = 0 THEN 'NULL' ELSE coalesce(value, 'NULL') END, ', ' ORDER BY attnum)
      INTO names, given
      FROM (
        SELECT attname, attnum, attnotnull, chosen, CASE
          WHEN typtype = 'e' THEN (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = atttypid ORDER BY enumsortorder LIMIT 1)
          WHEN typcategory = 'A' THEN '''{}'''
          WHEN typname = 'uuid' THEN quote_literal(md5((n / 2 + attnum)::text)::uuid)
          WHEN typname = 'bool' THEN (chosen % 2 = 0)::text
          WHEN typcategory = 'N' THEN (CASE chosen % 4 WHEN 0 THEN 1 ELSE n END)::text
          WHEN typcategory = 'S' THEN quote_literal((ARRAY['a' || n, 'B' || n, '', '1.' || n, 'wide', 'x@y.z'])[1 + chosen % 6])
          WHEN typcategory = 'D' THEN quote_literal(timestamp '2024-01-01' + n * interval '1 hour')
          WHEN typcategory = 'T' THEN '''1 hour'''
          WHEN typcategory = 'I' THEN quote_literal('10.0.0.' || n)
          WHEN typname = 'bytea' THEN quote_literal('\x' || md5(n::text) || md5(n::text))
          WHEN typname IN ('json', 'jsonb') THEN '''{"a": 1}'''
        END AS value
        FROM (SELECT *, abs(hashint4(n * 31 + attnum)) AS chosen FROM pg_attribute
              WHERE attrelid = filled AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS attributes
        JOIN pg_type ON pg_type.oid = atttypid
      ) AS columns;
      BEGIN
        EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)', filled, names, given);
      EXCEPTION WHEN OTHERS THEN
        -- These values are not those of a row.
      END;
    END LOOP;
  END LOOP;
END
$fill$;
SET session_replication_role = origin;
