-- Takes the lock by which others see that the databases of this process are in use.
SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended({{owner}}, 0));
SELECT oid AS "database" FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database();
