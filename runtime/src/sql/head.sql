-- Whether another run makes progress: the cheapest question that there is.
{{role}}SELECT seq FROM {{schema}}.schema_migration_head;
