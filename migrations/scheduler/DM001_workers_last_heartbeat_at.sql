-- onward: batch 1000 by id
-- Gives workers that stopped before heartbeats existed (006) the last time at which they
-- were certainly alive. A running worker without a heartbeat stays NULL: it will write its
-- own, or the NULL shows that it runs an older release.

UPDATE scheduler.workers
SET last_heartbeat_at = stopped_at
WHERE last_heartbeat_at IS NULL
    AND stopped_at IS NOT NULL;
