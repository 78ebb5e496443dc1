SELECT pg_is_in_recovery() AS standby, true AS missing, {{login}} AS role
