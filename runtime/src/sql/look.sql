SELECT pg_is_in_recovery() AS standby,
       CASE WHEN {{as_created}} THEN query_to_xml({{known}}, false, true, '') END AS known,
       {{login}} AS role
FROM (VALUES (to_regclass({{log}}), to_regclass({{head}}))) AS ledger(log_id, head_id)
