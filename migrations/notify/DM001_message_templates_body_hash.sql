-- onward: batch 500 by id
-- Fills body_hash (005) in the templates that an installation has added itself. Global
-- table, no policy; a row that has a hash is not changed.

UPDATE notify.message_templates
SET body_hash = sha256(convert_to(body, 'UTF8'))
WHERE body_hash IS NULL;
