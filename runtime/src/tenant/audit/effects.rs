//! Attempts whose outcome is not seen in a row: whether something reads or changes other tenants' rows is seen by taking
//! these rows away, or by comparing them before and after.

use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::survey::Relation;
use crate::tenant::audit::tables::question;
use crate::tenant::audit::target::Target;
use crate::tenant::audit::verdict::{Probed, Verdict};
use crate::tenant::error::Error;

/// The tables that all of it is about, and the tenant that attacks.
pub(super) struct World<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) column: &'a str,
    pub(super) tenant: &'a str,
    pub(super) other: &'a str,
    pub(super) tables: Vec<&'a Relation>,
}

impl World<'_> {
    fn each(&self, text: &str) -> String {
        let tables = self.tables.iter().filter(|table| !table.is_child);
        let texts = tables.map(|table| {
            let holes = [
                ("table", Fragment::Trusted(&table.name)),
                ("schema", Fragment::Trusted(&table.schema)),
                ("column", Fragment::Identifier(self.column)),
                ("tenant", Fragment::Text(self.tenant)),
                (
                    "role",
                    Fragment::Identifier(self.bench.application.as_str()),
                ),
            ];
            fill(text, &holes)
        });
        texts.collect()
    }

    /// A value that changes with every row of another tenant's.
    fn print(&self) -> String {
        let each = self.each(
            " || (SELECT pg_catalog.md5(coalesce(string_agg(one::text, '|' ORDER BY one::text), ''))
               FROM {{table}} AS one WHERE {{column}} IS DISTINCT FROM {{tenant}})",
        );
        ["''", &each].concat()
    }

    /// Takes the rows of the others away, without triggers and actions of foreign keys.
    fn without_others(&self) -> String {
        let deletes =
            self.each("DELETE FROM {{table}} WHERE {{column}} IS DISTINCT FROM {{tenant}};\n");
        [
            "SET LOCAL session_replication_role = replica;\n",
            &deletes,
            "SET LOCAL session_replication_role = origin;\n",
        ]
        .concat()
    }

    /// Takes the policies of all tables away.
    pub(super) fn open(&self) -> String {
        self.each(
            "GRANT USAGE ON SCHEMA {{schema}} TO {{role}}; GRANT ALL ON {{table}} TO {{role}};
             ALTER TABLE {{table}} DISABLE ROW LEVEL SECURITY;\n",
        )
    }

    /// Whether a write on an own row changes a row of another tenant's: through a trigger that runs as its owner, a
    /// rule, or the action of a foreign key.
    pub(super) async fn own_writes(&self, target: &Target<'_>) -> Result<Vec<Probed>, Error> {
        const OWN: &str =
            "WHERE ctid = (SELECT ctid FROM {{table}} WHERE {{column}} = {{tenant}} LIMIT 1)";
        let print = self.print();
        let before = self.bench.attempt(&["SELECT ", &print].concat()).await?;
        let Some(before) = before.value() else {
            return Ok(Vec::new());
        };
        let changed = fill(
            ";\nRESET ROLE; SELECT ({{print}}) <> {{before}}",
            &[
                ("print", Fragment::Trusted(&print)),
                ("before", Fragment::Text(before)),
            ],
        );
        let take = target.fill(&["DELETE FROM {{table}} ", OWN].concat());
        let as_admin = [
            "SET LOCAL session_replication_role = replica;\n",
            &take,
            ";\nSET LOCAL session_replication_role = origin;\n",
        ]
        .concat();
        // In the control, the same is asked after another tenant's row was taken away.
        let loses = ["DELETE FROM {{table}} WHERE ctid = (SELECT ctid FROM {{table}} WHERE {{column}} = {{other}} LIMIT 1);\n"].concat();
        let loses = target.fill(&loses);
        let control = [
            "SET LOCAL session_replication_role = replica;\n",
            &loses,
            changed.trim_start_matches(";\n"),
        ]
        .concat();
        let insert = "INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
            SELECT {{columns}} FROM pg_catalog.jsonb_populate_record(NULL::{{table}}, {{mine}}::pg_catalog.jsonb)";
        let update = ["UPDATE {{table}} SET {{column}} = {{column}} ", OWN].concat();
        let delete = ["DELETE FROM {{table}} ", OWN].concat();
        let mut probed = Vec::new();
        for (attempt, setup, statement) in [
            ("UPDATE an own row, and look at the others'", "", &*update),
            ("DELETE an own row, and look at the others'", "", &*delete),
            (
                "INSERT an own row, and look at the others'",
                &*as_admin,
                insert,
            ),
        ] {
            let attack = [
                setup,
                &self.bench.as_application(self.tenant),
                &target.fill(statement),
                &changed,
            ]
            .concat();
            let probe = Probe {
                kind: 12,
                object: target.relation.name.clone(),
                attempt,
                attack,
                control: control.clone(),
                red: Red::Counted,
            };
            probed.push(probe.judge(self.bench).await?);
        }
        Ok(probed)
    }

    /// Functions that run as their owner, and views without the tenant's column.
    pub(super) async fn routines(&self, schemas: &[String]) -> Result<Vec<Probed>, Error> {
        let question = fill(
            include_str!("../../sql/tenant/audit/routines.sql"),
            &[
                ("schemas", Fragment::Texts(schemas)),
                ("column", Fragment::Text(self.column)),
                ("other", Fragment::Text(self.other)),
                ("role_name", Fragment::Text(self.bench.application.as_str())),
            ],
        );
        let mut probed = Vec::new();
        for row in self.bench.ask(&question).await? {
            let text = |n: usize| row.get(n).cloned().flatten().unwrap_or_default();
            let kind = text(3).parse().unwrap_or(11);
            let found = self.depends(&text(1), text(2) == "t").await?;
            let attempt = match kind {
                11 => "call it, with the others' rows and without them",
                _ => "SELECT from it, with the others' rows and without them",
            };
            probed.extend(found.map(|verdict| Probed {
                kind,
                object: text(0),
                attempt: attempt.to_owned(),
                verdict,
            }));
        }
        Ok(probed)
    }

    /// Whether what the tenant gets from it, or what it does, depends on rows of others. `None` where it reads no
    /// tenant's rows at all.
    async fn depends(&self, called: &str, has_arguments: bool) -> Result<Option<Verdict>, Error> {
        let asked = fill(
            "SELECT pg_catalog.md5(coalesce(string_agg(one::text, '|' ORDER BY one::text), '')) FROM {{called}} AS one",
            &[("called", Fragment::Trusted(called))],
        );
        let asked = [&self.bench.as_application(self.tenant), &*asked].concat();
        let alone = [&self.without_others(), &*asked].concat();
        let first = self.bench.attempt(&asked).await?;
        let again = self.bench.attempt(&asked).await?;
        if first.value() != again.value() {
            let why = "it returns something else every time".to_owned();
            return Ok(Some(Verdict::Unreliable { why }));
        }
        if first.value() != self.bench.attempt(&alone).await?.value() {
            let evidence = "what it returns depends on the rows of other tenants".to_owned();
            return Ok(Some(Verdict::Leak { evidence }));
        }
        let print = self.print();
        let before = self.bench.attempt(&["SELECT ", &print].concat()).await?;
        let after = [&*asked, ";\nRESET ROLE; SELECT ", &print].concat();
        let after = self.bench.attempt(&after).await?;
        if after.value().is_some() && before.value() != after.value() {
            let evidence = "it changes rows of other tenants".to_owned();
            return Ok(Some(Verdict::Leak { evidence }));
        }
        let open = self.open();
        let with = self.bench.attempt(&[&open, &*asked].concat()).await?;
        let without = self.bench.attempt(&[&open, &*alone].concat()).await?;
        Ok(match (with.value() == without.value(), has_arguments) {
            (false, _) => Some(Verdict::Held),
            (true, false) => None,
            (true, true) => Some(Verdict::Unreliable {
                why: "with made-up arguments it reads no rows of tenants, with the policies or without: read its text, \
                      and test it with real ones"
                    .to_owned(),
            }),
        })
    }
}

/// A sequence tells how many rows the others write.
pub(super) fn sequences(target: &Target<'_>) -> Probe {
    question(
        target,
        (
            24,
            "rights on a sequence that counts the rows of all tenants",
        ),
        include_str!("../../sql/tenant/audit/sequences.sql"),
        include_str!("../../sql/tenant/audit/sequences_control.sql"),
    )
}
