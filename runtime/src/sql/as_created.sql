(SELECT count(*) = 2 AND bool_and(
                relkind = 'r' AND NOT relispartition AND reloftype = 0 AND relpersistence = 'p' AND NOT relhassubclass
                AND NOT relhasrules AND NOT relrowsecurity AND NOT relforcerowsecurity
                AND relchecks = CASE oid WHEN log_id THEN 2 ELSE 1 END
                AND (pg_get_userbyid(relowner) = current_user OR pg_has_role(relowner,
                     (SELECT nspowner FROM pg_namespace WHERE pg_namespace.oid = relnamespace), 'MEMBER')))
       FROM pg_class WHERE oid IN (log_id, head_id))
      -- 100 is the default collation; what initdb does not make has numbers from 16384 on.
      AND (SELECT count(*) = 20 AND count(*) FILTER (WHERE atthasdef) = 6
                  AND bool_and(attgenerated = '' AND atttypid < 16384 AND attcollation IN (0, 100))
           FROM pg_attribute WHERE attrelid IN (log_id, head_id) AND attnum > 0 AND NOT attisdropped)
      AND (SELECT bool_and(coalesce(translate(pg_get_expr(indexprs, indrelid), chr(10) || ' ', '') = {{index_expressions}}, true)
                    AND coalesce(pg_get_expr(indpred, indrelid) = {{index_predicate}}, true)
                    AND 16384 > ALL (indclass::oid[]) AND 16384 > ALL (indcollation::oid[]))
           FROM pg_index WHERE indrelid IN (log_id, head_id))
      AND (SELECT count(*) = 4 FROM pg_trigger WHERE tgrelid IN (log_id, head_id))
      AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid IN (log_id, head_id))
      AND NOT EXISTS (SELECT FROM pg_statistic_ext WHERE stxrelid IN (log_id, head_id) AND stxexprs IS NOT NULL)