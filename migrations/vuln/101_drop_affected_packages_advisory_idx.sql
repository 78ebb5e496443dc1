-- affected_packages_range_key (007) begins with advisory_id, so it serves the foreign
-- key and the look-ups by advisory as well; the shorter index only costs writes.
-- Safe now: the longer one is complete on every installation that gets here.

DROP INDEX CONCURRENTLY vuln.affected_packages_advisory_idx;
