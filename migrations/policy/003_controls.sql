-- The controls that rules report against, grouped in catalogues.
-- Global: a catalogue is published once, for all tenants.

CREATE TABLE policy.controls (
    id bigint GENERATED ALWAYS AS IDENTITY,
    catalogue_code text NOT NULL,
    control_code text NOT NULL,
    title text NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT controls_pkey PRIMARY KEY (id),
    CONSTRAINT controls_control_code_key UNIQUE (catalogue_code, control_code),
    CONSTRAINT controls_catalogue_code_check CHECK (catalogue_code ~ '^[a-z][a-z0-9_]{1,30}$'),
    CONSTRAINT controls_control_code_check CHECK (control_code ~ '^[A-Za-z0-9.-]{1,40}$'),
    CONSTRAINT controls_title_check CHECK (char_length(title) BETWEEN 1 AND 300)
);

COMMENT ON TABLE policy.controls IS
    'Controls of all catalogues. Seed S001 brings our own; operators import others.';
COMMENT ON COLUMN policy.controls.retired IS 'No longer checked; old evaluations still name it.';
