-- Everything that is visible is durable behind this: it is a transaction with a number that has written
-- something, so its end waits for the server's log, and for the standbys that confirm it, up to here.
-- Every role may do it, no table is touched, and it neither begins nor ends a transaction by itself.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL statement_timeout = {{statement_timeout}};
{{flushed}}SELECT pg_logical_emit_message(true, 'onward', '');
