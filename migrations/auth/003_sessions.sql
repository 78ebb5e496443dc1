-- Browser sessions. The cookie holds the secret, the table only its SHA-256,
-- so a stolen copy of the database does not open a session.

CREATE TABLE auth.sessions (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    ip_address inet,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT sessions_secret_hash_check CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT sessions_user_agent_check CHECK (char_length(user_agent) <= 512),
    CONSTRAINT sessions_expires_at_check CHECK (expires_at > created_at),
    CONSTRAINT sessions_user_fkey
        FOREIGN KEY (tenant_id, user_id) REFERENCES auth.users (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE auth.sessions IS 'Signed-in browsers. Expired rows are removed by a nightly job.';
COMMENT ON COLUMN auth.sessions.secret_hash IS
    'SHA-256 of the cookie secret. The secret itself is never stored.';
COMMENT ON COLUMN auth.sessions.revoked_at IS
    'Set when the user signs out or an administrator ends the session.';

CREATE INDEX sessions_user_idx
    ON auth.sessions (tenant_id, user_id);

-- For the nightly clean-up and for "who is signed in now".
CREATE INDEX sessions_live_idx
    ON auth.sessions (tenant_id, expires_at)
    WHERE revoked_at IS NULL;

ALTER TABLE auth.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON auth.sessions
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
