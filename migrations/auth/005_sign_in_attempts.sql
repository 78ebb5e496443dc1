-- Every attempt to sign in, for throttling and for the security team.
-- Global: an attempt happens before we know whether the tenant or the user
-- exists, and throttling has to count across tenants.

CREATE TABLE auth.sign_in_attempts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email_hash bytea NOT NULL,
    ip_address inet NOT NULL,
    outcome text NOT NULL,
    attempted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (id),
    CONSTRAINT sign_in_attempts_email_hash_check CHECK (octet_length(email_hash) = 32),
    CONSTRAINT sign_in_attempts_outcome_check
        CHECK (outcome IN ('signed_in', 'wrong_secret', 'unknown_user', 'locked', 'throttled'))
);

COMMENT ON TABLE auth.sign_in_attempts IS 'Attempts to sign in, kept for 90 days.';
COMMENT ON COLUMN auth.sign_in_attempts.email_hash IS
    'HMAC-SHA-256 of the address that was typed; people mistype passwords into this field.';

CREATE INDEX sign_in_attempts_email_idx
    ON auth.sign_in_attempts (email_hash, attempted_at);

CREATE INDEX sign_in_attempts_ip_address_idx
    ON auth.sign_in_attempts (ip_address, attempted_at);
