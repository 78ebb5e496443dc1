-- Tokens for machines. A token names its tenant in clear text, so the service
-- can set app.tenant_id first and then look up the hash under the policy.

CREATE TABLE auth.api_tokens (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    display_name text NOT NULL,
    token_hash bytea NOT NULL,
    token_hint text NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_tokens_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT api_tokens_token_hash_key UNIQUE (tenant_id, token_hash),
    CONSTRAINT api_tokens_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 80),
    CONSTRAINT api_tokens_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT api_tokens_token_hint_check CHECK (char_length(token_hint) = 4),
    CONSTRAINT api_tokens_scopes_check CHECK (cardinality(scopes) <= 64),
    CONSTRAINT api_tokens_user_fkey
        FOREIGN KEY (tenant_id, user_id) REFERENCES auth.users (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE auth.api_tokens IS 'Tokens for scripts and services, each owned by a user.';
COMMENT ON COLUMN auth.api_tokens.token_hash IS
    'SHA-256 of the token. The token is shown once and never stored.';
COMMENT ON COLUMN auth.api_tokens.token_hint IS
    'Last four characters, so that people can tell their tokens apart.';
COMMENT ON COLUMN auth.api_tokens.scopes IS
    'Permission codes that the token is limited to; empty means all that its owner has.';

CREATE INDEX api_tokens_user_idx
    ON auth.api_tokens (tenant_id, user_id);

ALTER TABLE auth.api_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.api_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON auth.api_tokens
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
