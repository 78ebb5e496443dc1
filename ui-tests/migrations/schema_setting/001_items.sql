CREATE TABLE other.items (id int PRIMARY KEY);
