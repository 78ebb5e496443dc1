-- The baseline catalogue that ships with the software. A control that is no longer
-- checked stays in the list as retired, because old evaluations name it. A row is
-- written only when it differs.

MERGE INTO policy.controls AS controls
USING (
    VALUES
        ('baseline', '1.1', 'Images are built from an approved base', false),
        ('baseline', '1.2', 'Images carry a signature of the build system', false),
        ('baseline', '1.3', 'Every release has a bill of materials', false),
        ('baseline', '2.1', 'No critical finding is open longer than seven days', false),
        ('baseline', '2.2', 'No finding is suppressed without a reason', false),
        ('baseline', '2.3', 'Findings are triaged within two working days', true),
        ('baseline', '2.10', 'Withdrawn advisories leave no open finding', false),
        ('baseline', '3.1', 'Tokens expire within a year', false)
) AS wanted (catalogue_code, control_code, title, retired)
    ON controls.catalogue_code = wanted.catalogue_code
    AND controls.control_code = wanted.control_code
WHEN MATCHED AND (controls.title, controls.retired) IS DISTINCT FROM (wanted.title, wanted.retired) THEN
    UPDATE SET title = wanted.title, retired = wanted.retired
WHEN NOT MATCHED THEN
    INSERT (catalogue_code, control_code, title, retired, sort_path)
    VALUES (
        wanted.catalogue_code,
        wanted.control_code,
        wanted.title,
        wanted.retired,
        string_to_array(wanted.control_code, '.')::integer[]
    );
