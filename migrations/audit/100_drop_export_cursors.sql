-- onward: breaks log shippers before 1.4
-- Replaced by audit.checkpoints (003).
-- Safe now: the log shipper was switched off one release ago and nothing else has ever
-- read its state. No foreign key and no view names the table, so nothing else is locked.

DROP TABLE audit.export_cursors;
