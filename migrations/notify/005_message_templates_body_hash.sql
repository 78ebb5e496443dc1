-- A hash of the body tells the preview cache whether a text has changed.
-- Column and check are created together; NULL passes the check, so the running release
-- can go on adding templates. DM001 fills the rows that have none.

ALTER TABLE notify.message_templates
    ADD COLUMN body_hash bytea;
ALTER TABLE notify.message_templates
    ADD CONSTRAINT message_templates_body_hash_check
        CHECK (octet_length(body_hash) = 32) NOT VALID;

COMMENT ON COLUMN notify.message_templates.body_hash IS 'SHA-256 of the body in UTF-8.';
