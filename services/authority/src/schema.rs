//! What the compiler knows of the schemas: it checks the queries and rows of this service against it.

onward::schema!(AUTH = "migrations/auth");
onward::schema!(EVIDENCE = "migrations/evidence");
