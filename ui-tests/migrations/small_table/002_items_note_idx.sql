-- onward: small-table small_table.items "one row for each of the ten shops"
CREATE INDEX items_note_idx ON small_table.items (note);
