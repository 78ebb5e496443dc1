-- `passed` counts how often a vacuum has gone over the table, `note` is the number of dead rows at which autovacuum
-- comes: none when it is switched off.
SELECT 'dead-tuples', class.oid::regclass::text, stats.n_dead_tup::numeric, stats.n_live_tup::numeric,
       (stats.vacuum_count + stats.autovacuum_count)::numeric,
       CASE WHEN current_setting('autovacuum')::bool AND current_setting('track_counts')::bool
                 AND coalesce((options ->> 'autovacuum_enabled')::bool, true)
            THEN least(coalesce((options ->> 'autovacuum_vacuum_threshold')::float8, current_setting('autovacuum_vacuum_threshold')::float8)
                       + coalesce((options ->> 'autovacuum_vacuum_scale_factor')::float8, current_setting('autovacuum_vacuum_scale_factor')::float8)
                         * greatest(class.reltuples, 0),
                       -- Since 18; -1 is none.
                       nullif(coalesce((options ->> 'autovacuum_vacuum_max_threshold')::float8,
                                       current_setting('autovacuum_vacuum_max_threshold', true)::float8), -1))::text END
FROM walked JOIN pg_class class ON class.oid = walked.relation AND class.relkind IN ('r', 'm')
JOIN pg_stat_all_tables stats ON stats.relid = class.oid AND stats.n_dead_tup > 0
CROSS JOIN LATERAL (SELECT jsonb_object_agg(option_name, option_value) FROM pg_options_to_table(class.reloptions)) AS set(options)
