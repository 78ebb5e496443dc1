CREATE TABLE seed_not_idempotent.others (id bigint PRIMARY KEY);
