//! The live proof: everything by which one tenant could reach another's rows is tried, as the application's role, in
//! transactions that are rolled back.
//!
//! Each attempt has a control: the same with the policy taken away, in a transaction that is rolled back too. When the
//! control does not succeed either, the attempt shows nothing and is [`Unreliable`](Verdict::Unreliable), and so is a
//! table without rows of two tenants. `docs/tenants.md` lists what is tried.
//!
//! ```no_run
//! use onward::tenant::audit::Audit;
//! use onward::{Connector, Role};
//!
//! # async fn tenants_are_kept_apart(admin: &Connector) -> Result<(), Box<dyn std::error::Error>> {
//! let audited = Audit::new(&["auth", "vuln"], Role::new("app")?).run(admin).await?;
//! assert!(audited.is_held(), "{audited}");
//! # Ok(())
//! # }
//! ```

mod bench;
mod catalog;
mod copy;
mod effects;
mod foreign_keys;
mod merge;
mod probe;
mod roles;
mod sessions;
mod survey;
mod tables;
mod target;
mod verdict;
mod views;

use crate::session::connector::Connector;
use crate::session::role::Role;
use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::effects::World;
use crate::tenant::audit::sessions::Through;
use crate::tenant::audit::survey::{Kind, Relation};
use crate::tenant::audit::target::{OPEN, OPEN_TO_WRITES, Target};
use crate::tenant::error::Error;
use crate::tenant::setting::Setting;

pub use verdict::{Audited, Probed, Verdict};

/// What to audit: the schemas, and the role that a service works as.
///
/// It takes locks on tables, for the time of a statement each, and reads and changes whole tables in transactions that it
/// rolls back: run it in CI and on a copy, with rows of two tenants in every table.
///
/// ```
/// # use onward::Role;
/// # fn example() -> Result<(), onward::InvalidRole> {
/// let audit = onward::tenant::audit::Audit::new(&["shop"], Role::new("app")?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is tried before `run`"]
pub struct Audit {
    schemas: Vec<String>,
    application: Role,
    setting: Setting,
    column: String,
    through: Vec<Through>,
}

impl Audit {
    /// With the setting `app.tenant_id` and the column `tenant_id`.
    ///
    /// ```
    /// # fn example(role: onward::Role) {
    /// let audit = onward::tenant::audit::Audit::new(&["shop"], role);
    /// # }
    /// ```
    pub fn new(schemas: &[&str], application: Role) -> Self {
        Self {
            schemas: schemas.iter().map(|schema| (*schema).to_owned()).collect(),
            application,
            setting: Setting::APP_TENANT_ID,
            column: "tenant_id".to_owned(),
            through: Vec::new(),
        }
    }

    /// With another setting.
    ///
    /// ```
    /// # fn example(audit: onward::tenant::audit::Audit) -> Result<(), onward::tenant::InvalidSetting> {
    /// let audit = audit.setting(onward::tenant::Setting::new("shop.customer")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn setting(mut self, setting: Setting) -> Self {
        self.setting = setting;
        self
    }

    /// With another column.
    ///
    /// ```
    /// # fn example(audit: onward::tenant::audit::Audit) {
    /// let audit = audit.column("customer_id");
    /// # }
    /// ```
    pub fn column(mut self, column: &str) -> Self {
        column.clone_into(&mut self.column);
        self
    }

    /// Tries what is about connections on this way to the server too, such as a pooler. The login has to be the
    /// application's role, or one that can take it.
    ///
    /// ```
    /// # fn example(audit: onward::tenant::audit::Audit, pooler: &onward::Connector) {
    /// let audit = audit.through("PgBouncer", pooler);
    /// # }
    /// ```
    pub fn through(mut self, name: &str, connector: &Connector) -> Self {
        self.through.push(Through {
            name: ["through ", name].concat(),
            connector: connector.clone(),
        });
        self
    }

    /// Tries everything. The connection is a superuser's, which takes the application's role for each attempt.
    ///
    /// # Errors
    ///
    /// [`Error::NotSuperuser`], [`Error::NoSuchRole`], [`Error::Unreachable`] and [`Error::Connection`]. Leaks are in the
    /// answer; they are not errors.
    ///
    /// ```no_run
    /// # use onward::tenant::audit::Audit;
    /// # async fn example(audit: &Audit, admin: &onward::Connector) -> Result<(), onward::tenant::Error> {
    /// println!("{}", audit.run(admin).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(&self, admin: &Connector) -> Result<Audited, Error> {
        let client = admin
            .plain()
            .await
            .map_err(|none| Error::Unreachable(none.source))?;
        let bench = Bench {
            client: &client,
            admin,
            application: &self.application,
            setting: &self.setting,
            prelude: "",
        };
        self.may_try(&bench).await?;
        let prelude = bench.kept_sequences().await?;
        let bench = Bench {
            prelude: &prelude,
            ..bench
        };
        let relations = survey::relations(&bench, &self.schemas, &self.column).await?;
        let tables: Vec<&Relation> = relations.iter().filter(|one| one.is_table()).collect();
        let has_both =
            |table: &&&Relation| table.rows.mine.is_some() && table.rows.theirs.is_some();
        let first = tables.iter().find(has_both);
        let world = World {
            bench: &bench,
            column: &self.column,
            tenant: first.map_or("", |table| &table.rows.tenant),
            other: first.map_or("", |table| &table.rows.other),
            tables: tables.clone(),
        };
        let mut probes = Vec::new();
        for probe in catalog::probes(&bench, &self.schemas) {
            probes.push(probe.judge(&bench).await?);
        }
        for probe in roles::probes(&bench, &self.schemas).await? {
            probes.push(probe.judge(&bench).await?);
        }
        for table in &tables {
            probes.extend(self.table(&bench, &world, table).await?);
        }
        for view in relations.iter().filter(|one| !one.is_table()) {
            probes.extend(self.view(&bench, &world, view).await?);
        }
        probes.extend(foreign_keys::probes(&bench, &self.schemas, &relations, &self.column).await?);
        if first.is_some() {
            probes.extend(world.routines(&self.schemas).await?);
        }
        let direct = Through {
            name: "on the server itself".to_owned(),
            connector: admin.clone(),
        };
        for through in [&direct].into_iter().chain(&self.through) {
            probes.extend(sessions::probes(through, &bench, &tables).await?);
        }
        Ok(Audited { probes })
    }

    async fn may_try(&self, bench: &Bench<'_>) -> Result<(), Error> {
        let question = fill(
            "SELECT current_user, pg_catalog.current_setting('is_superuser'), EXISTS (
               SELECT FROM pg_catalog.pg_roles WHERE rolname = {{role}})",
            &[("role", Fragment::Text(self.application.as_str()))],
        );
        let answer = bench.ask(&question).await?;
        let row = answer.first().map(Vec::as_slice).unwrap_or_default();
        let text = |n: usize| row.get(n).cloned().flatten().unwrap_or_default();
        if text(1) != "on" {
            return Err(Error::NotSuperuser { login: text(0) });
        }
        match text(2) == "t" {
            true => Ok(()),
            false => Err(Error::NoSuchRole {
                role: self.application.as_str().to_owned(),
            }),
        }
    }

    async fn table(
        &self,
        bench: &Bench<'_>,
        world: &World<'_>,
        table: &Relation,
    ) -> Result<Vec<Probed>, Error> {
        let target = Target {
            bench,
            relation: table,
            column: &self.column,
            open: OPEN,
            open_to_writes: OPEN_TO_WRITES,
        };
        let mut probes = tables::rights(&target);
        probes.push(effects::sequences(&target));
        let mut probed = Vec::new();
        match tables::has_both(&target) {
            Ok(()) => {
                probes.extend(tables::reads(&target));
                probes.extend(tables::writes(&target));
                probes.extend(tables::keys(&target));
                probed.extend(copy::probes(&target).await?);
                if table.rows.mine.is_some() && table.is_small() {
                    probed.extend(world.own_writes(&target).await?);
                }
            }
            Err(why) => probed.push(unreliable(table, why)),
        }
        for probe in probes {
            probed.push(probe.judge(bench).await?);
        }
        Ok(probed)
    }

    async fn view(
        &self,
        bench: &Bench<'_>,
        world: &World<'_>,
        view: &Relation,
    ) -> Result<Vec<Probed>, Error> {
        let open = [
            &*world.open(),
            "GRANT USAGE ON SCHEMA {{schema}} TO {{role}}; GRANT ALL ON {{table}} TO {{role}};\n",
        ]
        .concat();
        let target = Target {
            bench,
            relation: view,
            column: &self.column,
            open: &open,
            open_to_writes: &open,
        };
        let needs_rows = view.kind != Kind::Foreign;
        if needs_rows && let Err(why) = tables::has_both(&target) {
            return Ok(vec![unreliable(view, why)]);
        }
        let mut probed = Vec::new();
        for probe in views::probes(&target) {
            probed.push(probe.judge(bench).await?);
        }
        Ok(probed)
    }
}

fn unreliable(relation: &Relation, why: &str) -> Probed {
    Probed {
        kind: 47,
        object: relation.name.clone(),
        attempt: "reach the rows of another tenant".to_owned(),
        verdict: Verdict::Unreliable {
            why: why.to_owned(),
        },
    }
}
