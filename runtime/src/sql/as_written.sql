(SELECT bool_and(attidentity = '')
                  AND string_agg(concat_ws(' ', attname, atttypid, pg_get_expr(adbin, adrelid)), ', '
                                 ORDER BY attrelid = head_id, attname COLLATE "C") =
                      'at 1184 clock_timestamp(), attempt 23 1, build 25, category 25, chain 17, checksum 17, '
                      'compatible_from 25, event 25, ms 23, name 25, plan 17, prev 17, run 25 ''''::text, seq 20, '
                      'version 25, who 25 SESSION_USER, chain 17, one 16 true, seq 20, summary 3802 ''{}''::jsonb'
           FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE attrelid IN (log_id, head_id) AND attnum > 0 AND NOT attisdropped)
      AND (SELECT bool_and((contype IN ('p', 'u', 'n') OR contype = 'c' AND pg_get_expr(conbin, conrelid) = ANY (
                    CASE conrelid WHEN log_id THEN ARRAY[{{event_check}}, '(octet_length(checksum) = 32)'] ELSE ARRAY['one'] END)) IS TRUE)
           FROM pg_constraint WHERE conrelid IN (log_id, head_id))
      -- 12 to 14 are the languages beside PL/pgSQL that initdb makes.
      AND (SELECT bool_and((tgqual IS NULL AND tgnargs = 0 AND tgconstraint = 0 AND NOT prosecdef
                    AND prolang > 14 AND prolang < 16384 AND pg_get_userbyid(proowner) = current_user
                    AND pronamespace = (SELECT relnamespace FROM pg_class WHERE oid = log_id)
                    AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
                    AND CASE proname WHEN 'schema_migration_append_only' THEN prosrc = {{append_only}}
                          WHEN 'schema_migration_forward' THEN prosrc = {{forward}} ELSE false END) IS TRUE)
           FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid IN (log_id, head_id))
      AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid IN (log_id, head_id))