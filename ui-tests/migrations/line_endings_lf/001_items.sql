CREATE TABLE lines.items (
    id int PRIMARY KEY
);
