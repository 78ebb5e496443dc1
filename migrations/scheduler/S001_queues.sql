-- The queues that the control plane itself uses. Operators tune max_running, so the seed
-- gives it a first value and never changes it again.

INSERT INTO scheduler.queues (queue_code, description, max_running)
VALUES
    ('urgent', 'Work that a person is waiting for', 20),
    ('standard', 'Everything without a better place', 50),
    ('imports', 'Feeds and inventories; long and heavy on the network', 8),
    ('maintenance', 'Clean-up at night', 4)
ON CONFLICT (queue_code) DO UPDATE
SET description = EXCLUDED.description
WHERE queues.description IS DISTINCT FROM EXCLUDED.description;
