CREATE TABLE other.items (id bigint PRIMARY KEY);
