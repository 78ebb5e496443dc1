-- onward: batch 500 by id
-- Computes sort_path (007) where the code consists of numbers. Other codes keep NULL and do
-- not count as unfinished: the WHERE selects exactly the rows with such a code.

UPDATE policy.controls
SET sort_path = string_to_array(control_code, '.')::integer[]
WHERE sort_path IS NULL
    AND control_code ~ '^[0-9]{1,9}([.][0-9]{1,9})*$';
