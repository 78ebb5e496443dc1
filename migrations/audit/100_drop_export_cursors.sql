-- onward: breaks log shippers before 1.4
-- Replaced by audit.checkpoints (003).
-- Safe now: the log shipper was switched off one release ago, and no other program ever
-- read its state. No foreign key and no view names the table, so no other table is locked.

DROP TABLE audit.export_cursors;
