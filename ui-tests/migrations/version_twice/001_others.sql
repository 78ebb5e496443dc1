CREATE TABLE version_twice.others (id bigint PRIMARY KEY);
