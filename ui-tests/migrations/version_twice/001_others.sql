CREATE TABLE version_twice.others (id int PRIMARY KEY);
