-- The index comes before the foreign key: without it, deleting a provider would
-- scan the whole table. CONCURRENTLY, because every sign-in writes to it.

CREATE INDEX CONCURRENTLY sign_in_attempts_provider_idx
    ON auth.sign_in_attempts (provider_id);
