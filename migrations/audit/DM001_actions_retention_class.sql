-- onward: batch 500 by id
-- Gives actions that a service has registered itself the class in the middle. The table
-- is global, so no policy hides rows; a row that has a class is left alone.

UPDATE audit.actions
SET retention_class = 'standard'
WHERE retention_class IS NULL;
