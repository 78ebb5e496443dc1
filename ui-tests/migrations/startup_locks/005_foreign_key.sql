ALTER TABLE startup_locks.items
    ADD CONSTRAINT items_owner_fkey FOREIGN KEY (id) REFERENCES startup_locks.owners (id);
