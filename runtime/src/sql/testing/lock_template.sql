SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended({{template}}, 0));
