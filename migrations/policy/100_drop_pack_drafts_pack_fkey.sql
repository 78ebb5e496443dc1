-- onward: breaks editors of drafts before 3.0
-- First half of removing pack_drafts: a draft is an unpublished row of pack_versions now.
-- Safe now: the serving release no longer touches pack_drafts. The foreign key goes in a
-- migration of its own, because this is the step that has to lock policy.packs too.

ALTER TABLE policy.pack_drafts
    DROP CONSTRAINT pack_drafts_pack_fkey;
