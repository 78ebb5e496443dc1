-- The kinds that the sender has code for.

INSERT INTO notify.channel_kinds (kind_code, display_name, max_per_minute)
VALUES
    ('chat', 'Chat room', 60),
    ('email', 'E-mail', 120),
    ('pager', 'On-call pager', 10),
    ('webhook', 'Webhook', 300)
ON CONFLICT (kind_code) DO UPDATE
SET
    display_name = EXCLUDED.display_name,
    max_per_minute = EXCLUDED.max_per_minute
WHERE (channel_kinds.display_name, channel_kinds.max_per_minute)
    IS DISTINCT FROM (EXCLUDED.display_name, EXCLUDED.max_per_minute);
