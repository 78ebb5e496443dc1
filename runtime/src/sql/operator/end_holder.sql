SELECT pg_terminate_backend(pid) AS ended FROM holder WHERE pid = {{pid}}::int4;
