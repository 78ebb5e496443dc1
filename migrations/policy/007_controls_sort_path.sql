-- "1.10" comes after "1.9". A path of numbers sorts that way by itself. The seed and the
-- import write it for new controls; DM001 computes it for existing ones.

ALTER TABLE policy.controls
    ADD COLUMN sort_path integer[];

COMMENT ON COLUMN policy.controls.sort_path IS
    'Numbers of control_code in order; NULL for codes that are not only numbers.';
