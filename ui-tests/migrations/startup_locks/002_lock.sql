CREATE TABLE startup_locks.owners (id bigint PRIMARY KEY);

CREATE INDEX items_title_idx ON startup_locks.items (title);

ALTER TABLE startup_locks.items
    ADD CONSTRAINT items_state_check CHECK (state <> '');

ALTER TABLE startup_locks.items
    ADD CONSTRAINT items_title_key UNIQUE (title);

ALTER TABLE startup_locks.items
    ADD CONSTRAINT items_owner_fkey FOREIGN KEY (id) REFERENCES startup_locks.owners (id);
