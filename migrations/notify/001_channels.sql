-- Where notifications go. A channel holds addresses; its credentials stay in the vault,
-- and the channel holds their name.

CREATE FUNCTION notify.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Global: each kind has code in the sender, the same for every tenant.
CREATE TABLE notify.channel_kinds (
    kind_code text,
    display_name text NOT NULL,
    max_per_minute integer NOT NULL,
    CONSTRAINT channel_kinds_pkey PRIMARY KEY (kind_code),
    CONSTRAINT channel_kinds_max_per_minute_check CHECK (max_per_minute > 0)
);

COMMENT ON TABLE notify.channel_kinds IS 'Ways to deliver. Filled by seed S001.';
COMMENT ON COLUMN notify.channel_kinds.max_per_minute IS 'Limit for one channel of this kind.';

CREATE TABLE notify.channels (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    kind_code text NOT NULL,
    display_name text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    secret_ref text,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT channels_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT channels_display_name_key UNIQUE (tenant_id, display_name),
    CONSTRAINT channels_settings_check CHECK (jsonb_typeof(settings) = 'object'),
    CONSTRAINT channels_kind_fkey FOREIGN KEY (kind_code) REFERENCES notify.channel_kinds (kind_code)
);

COMMENT ON TABLE notify.channels IS 'A tenant''s mailboxes, chat rooms and webhooks.';
COMMENT ON COLUMN notify.channels.secret_ref IS
    'Name of the secret in the vault, never the secret.';

CREATE INDEX channels_kind_idx
    ON notify.channels (kind_code);

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON notify.channels
    FOR EACH ROW EXECUTE FUNCTION notify.touch_updated_at();

ALTER TABLE notify.channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE notify.channels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON notify.channels
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
