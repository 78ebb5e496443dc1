//! Puts a relation and its rows into the texts of attempts.

use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::survey::Relation;

/// Gives the application every right, and takes the policies of a table away.
pub(super) const OPEN: &str =
    "GRANT USAGE ON SCHEMA {{schema}} TO {{role}}; GRANT ALL ON {{table}} TO {{role}};
    ALTER TABLE {{table}} DISABLE ROW LEVEL SECURITY;\n";

/// The same, without the triggers that would refuse a write.
pub(super) const OPEN_TO_WRITES: &str =
    "GRANT USAGE ON SCHEMA {{schema}} TO {{role}}; GRANT ALL ON {{table}} TO {{role}};
    ALTER TABLE {{table}} DISABLE ROW LEVEL SECURITY; ALTER TABLE {{table}} DISABLE TRIGGER USER;\n";

/// One relation, and who attacks it.
pub(super) struct Target<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) relation: &'a Relation,
    /// The name of the tenant's column.
    pub(super) column: &'a str,
    /// What takes the policies away, with holes.
    pub(super) open: &'a str,
    /// The same for an attempt that writes.
    pub(super) open_to_writes: &'a str,
}

impl Target<'_> {
    /// The tenant that attacks.
    pub(super) fn tenant(&self) -> &str {
        &self.relation.rows.tenant
    }

    /// A text with this relation and its rows in the place of its holes.
    pub(super) fn fill(&self, text: &str) -> String {
        let rows = &self.relation.rows;
        let line = |line: &Option<String>| line.clone().unwrap_or_else(|| "{}".to_owned());
        let own = i64::try_from(rows.own).unwrap_or(i64::MAX);
        let (mine, theirs) = (line(&rows.mine), line(&rows.theirs));
        fill(
            text,
            &[
                ("table", Fragment::Trusted(&self.relation.name)),
                ("schema", Fragment::Trusted(&self.relation.schema)),
                ("columns", Fragment::Trusted(&self.relation.columns)),
                (
                    "key_columns",
                    Fragment::Trusted(self.relation.key_columns.as_deref().unwrap_or_default()),
                ),
                (
                    "change",
                    match &self.relation.change {
                        Some(change) => Fragment::Trusted(change),
                        None => Fragment::Identifier(self.column),
                    },
                ),
                ("own", Fragment::Integer(own)),
                ("schema_name", Fragment::Text(&self.relation.schema)),
                ("column", Fragment::Identifier(self.column)),
                ("column_name", Fragment::Text(self.column)),
                ("name", Fragment::Text(&self.relation.name)),
                ("tenant", Fragment::Text(&rows.tenant)),
                ("other", Fragment::Text(&rows.other)),
                ("mine", Fragment::Text(&mine)),
                ("theirs", Fragment::Text(&theirs)),
                (
                    "role",
                    Fragment::Identifier(self.bench.application.as_str()),
                ),
                ("role_name", Fragment::Text(self.bench.application.as_str())),
                ("setting", Fragment::Text(self.bench.setting.as_str())),
            ],
        )
    }

    /// An attempt of the application's, working for that tenant; the control is the same behind `open`.
    pub(super) fn probe(
        &self,
        kind: u8,
        attempt: &'static str,
        (tenant, open): (&str, &str),
        statement: &str,
        red: Red,
    ) -> Probe {
        let attack = [self.bench.as_application(tenant), self.fill(statement)].concat();
        Probe {
            kind,
            object: self.relation.name.clone(),
            attempt,
            control: [&self.fill(open), &*attack].concat(),
            attack,
            red,
        }
    }

    pub(super) fn read(&self, kind: u8, attempt: &'static str, statement: &str) -> Probe {
        let who = (self.tenant(), self.open);
        self.probe(kind, attempt, who, statement, Red::Counted)
    }

    pub(super) fn write(
        &self,
        kind: u8,
        attempt: &'static str,
        statement: &str,
        red: Red,
    ) -> Probe {
        let who = (self.tenant(), self.open_to_writes);
        self.probe(kind, attempt, who, statement, red)
    }
}
