-- Where an attempt came from: the provider that was used, and the network.
-- Both columns may be NULL, so the running release can go on inserting without them.
-- New rows get their network from the service; DM001 fills the older ones.

ALTER TABLE auth.sign_in_attempts
    ADD COLUMN provider_id bigint,
    ADD COLUMN ip_network cidr;

COMMENT ON COLUMN auth.sign_in_attempts.provider_id IS
    'Identity provider; NULL for our own password form.';
COMMENT ON COLUMN auth.sign_in_attempts.ip_network IS
    'The /24 (IPv4) or /56 (IPv6) of the address; one subscriber can move about inside it.';
