-- onward: breaks editors of drafts before 3.0
-- Second half. No object refers to the table any more, so only the table itself is locked.

DROP TABLE policy.pack_drafts;
