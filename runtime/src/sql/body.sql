SET LOCAL search_path = {{schema}}, pg_temp;
{{block}}
-- Deferred triggers fire here, where they still see the module's schema, and not at COMMIT.
SET CONSTRAINTS ALL IMMEDIATE;
