-- Replaced by sign_in_attempts_network_idx (011).
-- Safe now: throttling reads the last fifteen minutes by network, and no query
-- filters by single address. CONCURRENTLY waits for readers instead of blocking them.

DROP INDEX CONCURRENTLY auth.sign_in_attempts_ip_address_idx;
