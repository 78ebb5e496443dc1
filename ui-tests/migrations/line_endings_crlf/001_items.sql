CREATE TABLE lines.items (
    id bigint PRIMARY KEY
);
