-- Scans the table once; senders go on reading it meanwhile.

ALTER TABLE notify.message_templates
    VALIDATE CONSTRAINT message_templates_body_hash_check;
