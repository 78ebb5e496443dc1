INSERT INTO startup_changes_rows.items (title, state) VALUES ('a', 'new');
UPDATE startup_changes_rows.items SET title = 'b';
DELETE FROM startup_changes_rows.items;
TRUNCATE startup_changes_rows.items;
