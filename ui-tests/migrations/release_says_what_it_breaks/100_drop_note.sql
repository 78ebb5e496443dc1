-- onward: breaks the list of notes in releases before 2.3
ALTER TABLE release_says_what_it_breaks.items DROP COLUMN note;
