SELECT holder.pid, holder.lock, activity.application_name AS application, activity.usename AS role,
       host(activity.client_addr) AS client,
       to_char(timezone('UTC', activity.backend_start), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since, activity.state,
       (extract(epoch FROM clock_timestamp() - activity.state_change) * 1000)::int8 AS state_ms,
       -- Without rights it is a sentence in angle brackets, and no state.
       CASE WHEN activity.state IS NOT NULL THEN left(ltrim(activity.query, E' \n\t'), 200) END AS statement
FROM holder LEFT JOIN pg_stat_activity activity USING (pid)
ORDER BY holder.pid;
