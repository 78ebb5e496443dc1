-- Replaced by deliveries_due_idx (007).
-- Safe now: the sender of the running release selects state = 'waiting', for which the
-- smaller index is enough; sent deliveries are looked up by rule or by id.

DROP INDEX CONCURRENTLY notify.deliveries_state_idx;
