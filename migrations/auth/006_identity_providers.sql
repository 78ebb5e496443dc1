-- Single sign-on: where an identity can come from, other than our own password form.
-- Global: the operator of the installation sets up providers.

CREATE TABLE auth.identity_providers (
    id bigint GENERATED ALWAYS AS IDENTITY,
    provider_code text NOT NULL,
    display_name text NOT NULL,
    issuer_url text NOT NULL,
    client_secret_ref text,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT identity_providers_pkey PRIMARY KEY (id),
    CONSTRAINT identity_providers_provider_code_key UNIQUE (provider_code),
    CONSTRAINT identity_providers_issuer_url_check CHECK (issuer_url LIKE 'https://%')
);

COMMENT ON TABLE auth.identity_providers IS 'OpenID Connect providers of this installation.';
COMMENT ON COLUMN auth.identity_providers.client_secret_ref IS
    'Name of the secret in the vault, never the secret.';

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON auth.identity_providers
    FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
