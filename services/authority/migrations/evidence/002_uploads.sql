-- An upload that has begun and is not committed. A key is here or in evidence.sboms from before its first byte is stored, and
-- what is in neither is an orphan.
CREATE TABLE evidence.uploads (
    object_key text PRIMARY KEY DEFAULT 'sboms/' || gen_random_uuid(),
    begun_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX uploads_begun_at_idx ON evidence.uploads (begun_at);
