//! The statements that the claims are about.

pub(crate) mod files;

/// The schema of the modules is empty, and publications, which are in no schema, are gone.
pub(crate) const EMPTY: &str = "DO $$ DECLARE one text; BEGIN \
    FOR one IN SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication LOOP EXECUTE one; END LOOP; END $$; \
    DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app; SET search_path = app";
