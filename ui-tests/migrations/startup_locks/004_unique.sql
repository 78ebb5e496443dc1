ALTER TABLE startup_locks.items
    ADD CONSTRAINT items_state_key UNIQUE (state);
