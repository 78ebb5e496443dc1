ALTER TABLE startup_locks.items
    ADD CONSTRAINT items_state_check CHECK (state <> '');
