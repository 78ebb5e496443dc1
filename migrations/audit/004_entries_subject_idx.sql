-- "What happened to this object?" is the question that people ask most. Partial, because
-- many entries have no subject. CONCURRENTLY, because every service writes here.

CREATE INDEX CONCURRENTLY entries_subject_idx
    ON audit.entries (tenant_id, subject_id, recorded_at)
    WHERE subject_id IS NOT NULL;
