-- A template is complete when it is closed, which is the last thing that happens to it.
SELECT datistemplate AND NOT datallowconn AS complete,
       coalesce(pg_catalog.strpos(pg_catalog.shobj_description(oid, 'pg_database'), current_date::pg_catalog.text) > 0, false)
         AS used_today
FROM pg_catalog.pg_database WHERE datname = {{template}};
