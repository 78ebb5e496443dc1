CREATE TABLE seed_not_idempotent.others (id int PRIMARY KEY);
