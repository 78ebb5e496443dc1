-- What the transaction has created is as it was written, and its owner's: only event triggers add to a table when it is
-- created, such as row-level security. They are a superuser's.
SELECT pg_catalog.current_database() AS database, EXISTS (SELECT FROM pg_catalog.pg_event_trigger) AS watched;
