-- onward: breaks editors of drafts before 3.0
-- Second half. Nothing refers to the table any more, so only the table itself is locked.

DROP TABLE policy.pack_drafts;
