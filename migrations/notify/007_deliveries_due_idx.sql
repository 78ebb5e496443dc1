-- Nearly all deliveries are sent already. The sender reads only those that wait, so an
-- index of just these stays in memory. Release file 100 drops the full index.

CREATE INDEX CONCURRENTLY deliveries_due_idx
    ON notify.deliveries (tenant_id, next_attempt_at)
    WHERE state = 'waiting';
