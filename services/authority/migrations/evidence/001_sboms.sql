-- What `onward::artifact::Ref` reads and writes: the file itself is in an object store.
CREATE TYPE evidence.artifact AS (object_key text, size bigint, sha256 bytea, media_type text);

CREATE TABLE evidence.sboms (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subject text NOT NULL,
    sbom evidence.artifact NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sboms_sbom_check CHECK ((sbom).object_key IS NOT NULL AND (sbom).size > 0)
);

CREATE UNIQUE INDEX sboms_object_key_key ON evidence.sboms (((sbom).object_key));
