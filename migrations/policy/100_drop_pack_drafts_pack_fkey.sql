-- onward: breaks editors of drafts before 3.0
-- First half of removing pack_drafts: a draft is an unpublished row of pack_versions now.
-- Safe now: the running release no longer uses pack_drafts. The foreign key is dropped in
-- a migration of its own, because this step has to lock policy.packs too.

ALTER TABLE policy.pack_drafts
    DROP CONSTRAINT pack_drafts_pack_fkey;
