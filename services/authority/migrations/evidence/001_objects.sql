-- Which objects are in the store, of all tenants: the sweep compares this with the store. A key is here before the first
-- byte of its object is stored, and what is not here is an orphan.
CREATE TABLE evidence.objects (
    object_key text PRIMARY KEY DEFAULT 'sboms/' || gen_random_uuid(),
    of_tenant uuid NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    stored_at timestamptz
);

COMMENT ON COLUMN evidence.objects.of_tenant IS 'Whose record goes with the object. The key itself names nothing.';
COMMENT ON COLUMN evidence.objects.stored_at IS 'When the upload was committed; NULL while it is in flight.';

CREATE INDEX objects_in_flight_idx ON evidence.objects (begun_at) WHERE stored_at IS NULL;
