ALTER TABLE gap_is_a_warning.items ADD COLUMN note text;
