INSERT INTO seed_not_idempotent.items (title, state) VALUES ('a', 'new');
