-- onward: batch 500 by id
-- Gives the middle class to actions that a service has registered itself. The table is
-- global, so no policy hides rows; a row that has a class is not changed.

UPDATE audit.actions
SET retention_class = 'standard'
WHERE retention_class IS NULL;
