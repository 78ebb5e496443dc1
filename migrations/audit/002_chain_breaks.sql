-- Where a chain is broken: an entry that does not match its own hash, an entry that does
-- not continue the one before it, or a missing number. An intact log gives no rows.
-- security_invoker: a tenant can check its own chain and sees no other.

CREATE VIEW audit.chain_breaks
WITH (security_invoker = true) AS
SELECT
    links.tenant_id,
    links.entry_number,
    CASE
        WHEN links.entry_number <> links.expected_number THEN 'missing_before'
        WHEN links.previous_hash <> links.expected_hash THEN 'does_not_continue'
        ELSE 'changed'
    END AS break_kind
FROM (
    SELECT
        entries.tenant_id,
        entries.entry_number,
        entries.previous_hash,
        entries.entry_hash,
        audit.hash_entry(entries) AS computed_hash,
        lag(entries.entry_number, 1, 0::bigint) OVER chain + 1 AS expected_number,
        lag(entries.entry_hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS expected_hash
    FROM audit.entries
    WINDOW chain AS (PARTITION BY entries.tenant_id ORDER BY entries.entry_number)
) AS links
WHERE links.entry_number <> links.expected_number
    OR links.previous_hash <> links.expected_hash
    OR links.entry_hash <> links.computed_hash;

COMMENT ON VIEW audit.chain_breaks IS
    'Breaks in the hash chain. It cannot see entries taken from the end: compare with a checkpoint.';
