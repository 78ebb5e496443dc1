-- Replaced by deliveries_due_idx (007).
-- Safe now: the sender of the serving release asks for state = 'waiting', which the
-- smaller index answers; sent deliveries are looked up by rule or by id.

DROP INDEX CONCURRENTLY notify.deliveries_state_idx;
