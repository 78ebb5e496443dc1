-- affected_packages_range_key (007) begins with advisory_id, so it serves the foreign
-- key and the look-ups by advisory as well; the shorter index only costs writes.
-- Safe now: the longer index is valid on every installation that reaches this file.

DROP INDEX CONCURRENTLY vuln.affected_packages_advisory_idx;
