-- For throttling by network. Release file 101 drops the index by single address
-- once no instance searches by it any more.

CREATE INDEX CONCURRENTLY sign_in_attempts_network_idx
    ON auth.sign_in_attempts (ip_network, attempted_at);
