-- The English texts. A row is written only when its text changes, and its hash with it.

INSERT INTO notify.message_templates (event_type, language_tag, subject, body, body_hash)
SELECT
    texts.event_type,
    texts.language_tag,
    texts.subject,
    texts.body,
    sha256(convert_to(texts.body, 'UTF8'))
FROM (
    VALUES
        (
            'finding.opened',
            'en',
            '{{severity}}: {{advisory}} affects {{component}}',
            'The advisory {{advisory}} applies to {{component}} on {{asset}}. See {{link}}.'
        ),
        (
            'run.failed',
            'en',
            'Job {{job}} failed',
            'The job {{job}} failed after {{attempts}} attempts: {{error}}. See {{link}}.'
        ),
        (
            'policy.violated',
            'en',
            '{{subject}} violates {{control}}',
            'The check of {{control}} on {{subject}} did not pass. See {{link}}.'
        )
) AS texts (event_type, language_tag, subject, body)
ON CONFLICT (event_type, language_tag) DO UPDATE
SET
    subject = EXCLUDED.subject,
    body = EXCLUDED.body,
    body_hash = EXCLUDED.body_hash
WHERE (message_templates.subject, message_templates.body)
    IS DISTINCT FROM (EXCLUDED.subject, EXCLUDED.body);
