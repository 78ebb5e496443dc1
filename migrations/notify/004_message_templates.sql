-- The texts of the messages.
-- Global: they ship with the software; an installation may add languages.

CREATE TABLE notify.message_templates (
    id bigint GENERATED ALWAYS AS IDENTITY,
    event_type text NOT NULL,
    language_tag text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    CONSTRAINT message_templates_pkey PRIMARY KEY (id),
    CONSTRAINT message_templates_language_key UNIQUE (event_type, language_tag),
    CONSTRAINT message_templates_language_tag_check CHECK (language_tag ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    CONSTRAINT message_templates_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200),
    CONSTRAINT message_templates_body_check CHECK (char_length(body) <= 20000)
);

COMMENT ON TABLE notify.message_templates IS
    'Subject and body per event and language. Seed S002 brings the English ones.';
COMMENT ON COLUMN notify.message_templates.body IS
    'Text with {{placeholders}}; the sender knows which ones an event has.';
