//! The live proof: what is right is held with every control red, each mistake is found, and nothing stays.

use onward::tenant::audit::{Audit, Audited, Verdict};
use onward::tenant::{Error, Setting};
use onward::{Connector, Role};
use onward_pg::{Database, PgBouncer, database};
use tokio_postgres::{Client, NoTls};

use super::Answer;
use crate::support::witness::rows;
use crate::{Outcome, connector};

/// Everything that a module has, and two tenants in all of it.
const RIGHT: &str = "
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (
      tenant_id uuid NOT NULL, id int NOT NULL, note text NOT NULL DEFAULT '', number bigint GENERATED ALWAYS AS IDENTITY,
      length int GENERATED ALWAYS AS (length(note)) STORED, PRIMARY KEY (tenant_id, id)
    );
    CREATE TABLE shop.lines (
      tenant_id uuid NOT NULL, id int NOT NULL, order_id int NOT NULL, PRIMARY KEY (tenant_id, id),
      CONSTRAINT lines_order_fkey FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id) ON DELETE CASCADE
    );
    CREATE TABLE shop.events (tenant_id uuid NOT NULL, at date NOT NULL, PRIMARY KEY (tenant_id, at)) PARTITION BY RANGE (at);
    CREATE TABLE shop.events_2026 PARTITION OF shop.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE TABLE shop.currencies (code text PRIMARY KEY);
    INSERT INTO shop.currencies VALUES ('EUR');
    INSERT INTO shop.orders (tenant_id, id, note)
      SELECT tenant, 10 * (tenant::text > 'b')::int + n, 'note' FROM generate_series(1, 3) AS n, unnest(ARRAY[
        'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb']::uuid[]) AS tenant;
    INSERT INTO shop.lines SELECT tenant_id, id, id FROM shop.orders WHERE id % 10 < 3;
    INSERT INTO shop.events SELECT DISTINCT tenant_id, date '2026-02-01' FROM shop.orders;
    CREATE VIEW shop.notes WITH (security_invoker = true) AS SELECT tenant_id, id, note FROM shop.orders;
    CREATE VIEW shop.totals WITH (security_invoker = true) AS SELECT count(*) FROM shop.orders;
    DO $$ DECLARE one text; BEGIN
      FOREACH one IN ARRAY ARRAY['orders', 'lines', 'events', 'events_2026'] LOOP
        EXECUTE format('ALTER TABLE shop.%I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('ALTER TABLE shop.%I FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY tenant_isolation ON shop.%I
          USING (tenant_id = (SELECT NULLIF(current_setting(''app.tenant_id'', true), '''')::uuid))', one);
      END LOOP; END $$;
";

struct Shop {
    database: Database,
    admin: Client,
    role: String,
}

impl Shop {
    async fn new() -> Answer<Self> {
        let database = database().await?;
        let admin = database.connect().await?;
        let role = format!("app_{}", database.name());
        admin.batch_execute(RIGHT).await?;
        admin
            .batch_execute(&format!(
                "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA shop TO {role};
                 GRANT SELECT, INSERT, UPDATE, DELETE ON shop.orders, shop.lines, shop.events, shop.notes TO {role};
                 GRANT SELECT ON shop.totals, shop.currencies TO {role}"
            ))
            .await?;
        Ok(Self {
            database,
            admin,
            role,
        })
    }

    fn audit(&self) -> Answer<Audit> {
        Ok(Audit::new(&["shop"], Role::new(&self.role)?))
    }

    async fn audited(&self) -> Answer<Audited> {
        Ok(self.audit()?.run(&connector(&self.database)?).await?)
    }

    async fn leave(self) -> Outcome {
        let role = &self.role;
        let drop = format!(
            "ALTER ROLE {role} NOSUPERUSER; DROP OWNED BY {role} CASCADE; DROP ROLE {role}"
        );
        Ok(self.admin.batch_execute(&drop).await?)
    }

    /// The rows with their places, and what the catalogs have about the schema and the role.
    async fn dump(&self) -> Answer<Vec<String>> {
        let mut all = Vec::new();
        for question in [
            "SELECT xmin, ctid, * FROM shop.orders ORDER BY 4, 5",
            "SELECT xmin, ctid, * FROM shop.lines ORDER BY 4, 5",
            "SELECT xmin, ctid, * FROM shop.events ORDER BY 3, 4",
            "SELECT oid, relname, relfilenode, relacl, relowner, relrowsecurity, relforcerowsecurity, reloptions, relkind
             FROM pg_class WHERE relnamespace = 'shop'::regnamespace ORDER BY 1",
            "SELECT * FROM pg_policy ORDER BY oid",
            "SELECT * FROM pg_constraint WHERE connamespace = 'shop'::regnamespace ORDER BY oid",
            "SELECT * FROM pg_proc WHERE pronamespace = 'shop'::regnamespace ORDER BY oid",
            "SELECT attrelid, attname, attacl, attnotnull FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
             WHERE relnamespace = 'shop'::regnamespace ORDER BY 1, 2",
            "SELECT tgrelid, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2",
            "SELECT nspname, nspacl FROM pg_namespace WHERE NOT starts_with(nspname, 'pg_t') ORDER BY 1",
            "SELECT * FROM pg_default_acl ORDER BY oid",
            "SELECT * FROM pg_publication ORDER BY oid",
            "SELECT * FROM pg_largeobject_metadata ORDER BY oid",
            "SELECT * FROM pg_sequences ORDER BY 1, 2",
            "SELECT starelid, staattnum FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid
             WHERE relnamespace = 'shop'::regnamespace ORDER BY 1, 2",
        ] {
            all.push(question.to_owned());
            all.extend(rows(&self.admin, question).await?);
        }
        let role = format!(
            "SELECT rolname, rolsuper, rolbypassrls, rolconfig FROM pg_roles WHERE rolname = '{}'",
            self.role
        );
        all.extend(rows(&self.admin, &role).await?);
        Ok(all)
    }
}

/// The lines of one that the other does not have.
fn changed<'a>(before: &'a [String], after: &'a [String]) -> Vec<&'a str> {
    let lost = before.iter().filter(|line| !after.contains(line));
    let new = after.iter().filter(|line| !before.contains(line));
    lost.chain(new).map(String::as_str).collect()
}

/// Each attempt is held, its control was red, and the database is what it was.
#[tokio::test]
async fn what_is_right_is_held_and_nothing_stays() -> Outcome {
    let shop = Shop::new().await?;
    let pooler = PgBouncer::start(
        &shop.database,
        "pool_mode = transaction\ndefault_pool_size = 2",
    )
    .await?;
    let before = shop.dump().await?;
    let pooled = Connector::new(pooler.url().parse()?, NoTls);
    let audit = shop.audit()?.through("PgBouncer", &pooled);
    let audited = audit.run(&connector(&shop.database)?).await?;
    assert!(audited.is_held(), "{audited}");
    assert_eq!(changed(&before, &shop.dump().await?), [""; 0]);
    for (kind, object) in [
        (1, "shop.orders"),
        (5, "shop.notes"),
        (5, "shop.totals"),
        (6, "shop.notes"),
        (12, "shop.orders"),
        (15, "shop.lines lines_order_fkey"),
        (16, "shop.lines lines_order_fkey"),
        (20, "shop.events_2026"),
        (22, "shop.lines"),
        (23, "shop.orders"),
        (24, "shop.orders"),
        (28, "shop.orders on the server itself"),
        (29, "shop.orders through PgBouncer"),
        (4, &*format!("role {}", shop.role)),
        (37, "shop.orders"),
        (38, "shop.orders"),
        (40, "shop.orders"),
        (41, "shop.events"),
    ] {
        let mut probes = audited.probes().iter();
        assert!(
            probes.any(|probe| (probe.kind(), probe.object()) == (kind, object)),
            "kind {kind} of {object} was not tried"
        );
    }
    // Global tables are no tenant's.
    assert!(
        audited
            .probes()
            .iter()
            .all(|probe| !probe.object().contains("currencies"))
    );
    let open = rows(
        &shop.admin,
        "SELECT name FROM pg_prepared_statements UNION ALL SELECT gid FROM pg_prepared_xacts",
    )
    .await?;
    assert_eq!(open, [""; 0]);
    drop(pooler);
    shop.leave().await
}

/// A policy of its own, in the place of the right one.
macro_rules! policy {
    ($condition:literal) => {
        concat!("DROP POLICY tenant_isolation ON shop.orders; CREATE POLICY tenant_isolation ON shop.orders ", $condition)
    };
}

/// The kind, the object, and what makes it leak.
const SEEDS: &[(u8, &str, &str)] = &[
    (1, "shop.orders", "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    (2, "shop.orders", "ALTER TABLE shop.orders NO FORCE ROW LEVEL SECURITY"),
    (3, "role", "ALTER ROLE APP SUPERUSER"),
    (3, "role", "ALTER ROLE APP BYPASSRLS"),
    (3, "role", "GRANT pg_execute_server_program TO APP"),
    (5, "shop.notes", "ALTER VIEW shop.notes SET (security_invoker = false)"),
    (5, "shop.totals", "ALTER VIEW shop.totals SET (security_invoker = false)"),
    (6, "shop.notes", "ALTER VIEW shop.notes SET (security_invoker = false)"),
    (7, "shop.mine", "CREATE VIEW shop.mine AS SELECT * FROM shop.orders
       WHERE tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid; GRANT SELECT ON shop.mine TO APP"),
    (8, "functions", "CREATE FUNCTION shop.f(text) RETURNS bool LANGUAGE sql LEAKPROOF AS 'SELECT true'"),
    (9, "shop.copies", "CREATE MATERIALIZED VIEW shop.copies AS SELECT * FROM shop.orders; GRANT SELECT ON shop.copies TO APP"),
    (11, "shop.f", "CREATE FUNCTION shop.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
       AS 'SELECT count(*) FROM shop.orders'"),
    (11, "shop.f", "CREATE FUNCTION shop.f(t uuid) RETURNS SETOF shop.orders LANGUAGE sql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp AS 'SELECT * FROM shop.orders WHERE tenant_id = t'"),
    (11, "shop.f", "CREATE FUNCTION shop.f(n int) RETURNS void LANGUAGE sql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp AS 'UPDATE shop.orders SET note = ''x'''"),
    (12, "shop.orders", "CREATE FUNCTION shop.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp AS 'BEGIN DELETE FROM shop.events; RETURN NEW; END';
       CREATE TRIGGER f AFTER UPDATE ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.f()"),
    (12, "shop.events", "CREATE FUNCTION shop.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
       SET search_path = pg_catalog, pg_temp AS 'BEGIN UPDATE shop.orders SET note = ''x''; RETURN NEW; END';
       CREATE TRIGGER f AFTER INSERT ON shop.events FOR EACH ROW EXECUTE FUNCTION shop.f()"),
    (13, "functions", "CREATE FUNCTION shop.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"),
    (14, "functions", "CREATE FUNCTION shop.tenant() RETURNS uuid LANGUAGE sql IMMUTABLE
       AS $f$SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid$f$"),
    (14, "shop.orders", "CREATE FUNCTION shop.tenant() RETURNS uuid LANGUAGE plpgsql IMMUTABLE
       AS $f$BEGIN RETURN NULLIF(current_setting('app.tenant_id', true), '')::uuid; END$f$;
       DROP POLICY tenant_isolation ON shop.orders; CREATE POLICY p ON shop.orders USING (tenant_id = shop.tenant())"),
    (15, "shop.lines f", "ALTER TABLE shop.orders ADD UNIQUE (id); ALTER TABLE shop.lines DROP CONSTRAINT lines_order_fkey;
       ALTER TABLE shop.lines ADD CONSTRAINT f FOREIGN KEY (order_id) REFERENCES shop.orders (id)"),
    (16, "shop.lines f", "ALTER TABLE shop.orders ADD UNIQUE (id); ALTER TABLE shop.lines DROP CONSTRAINT lines_order_fkey;
       ALTER TABLE shop.lines ADD CONSTRAINT f FOREIGN KEY (order_id) REFERENCES shop.orders (id) ON DELETE CASCADE"),
    (17, "shop.orders", "ALTER TABLE shop.orders ADD UNIQUE (id)"),
    (17, "shop.orders", "CREATE UNIQUE INDEX ON shop.orders (lower(note), id)"),
    (18, "shop.orders", "ALTER TABLE shop.orders ADD UNIQUE (id)"),
    (20, "shop.events_2026", "ALTER TABLE shop.events_2026 DISABLE ROW LEVEL SECURITY; GRANT SELECT ON shop.events_2026 TO APP"),
    (22, "shop.orders", "GRANT TRUNCATE ON shop.orders TO APP"),
    (22, "shop.events", "GRANT REFERENCES ON shop.events TO APP; GRANT CREATE ON SCHEMA shop TO APP"),
    (23, "shop.orders", "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    (24, "shop.orders", "GRANT USAGE ON SEQUENCE shop.orders_number_seq TO APP"),
    (24, "shop.orders", "CREATE SEQUENCE shop.counted; ALTER TABLE shop.orders ALTER id SET DEFAULT nextval('shop.counted');
       GRANT SELECT ON shop.counted TO APP"),
    (25, "shop.orders", "GRANT SELECT ON shop.orders TO PUBLIC"),
    (25, "default privileges", "ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO PUBLIC"),
    (26, "shop.orders", policy!("USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid) WITH CHECK (true)")),
    (26, "shop.orders", policy!("FOR SELECT USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
       CREATE POLICY i ON shop.orders FOR INSERT WITH CHECK (tenant_id IS NOT NULL)")),
    (27, "shop.orders", "CREATE POLICY other ON shop.orders FOR UPDATE USING (true) WITH CHECK (true)"),
    (27, "shop.orders", "CREATE POLICY other ON shop.orders FOR DELETE USING (note <> '')"),
    (1, "shop.orders", "CREATE POLICY other ON shop.orders FOR SELECT USING (id > 0)"),
    (28, "shop.orders on the server itself", policy!("USING (current_setting('app.tenant_id', true) IS NULL
       OR tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)")),
    (29, "shop.orders on the server itself", policy!("USING (current_setting('app.tenant_id', true) = ''
       OR tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)")),
    (28, "shop.orders", policy!("USING (coalesce(current_setting('app.tenant_id', true), '') = ''
       OR tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)")),
    (31, "shop.log", "CREATE TABLE shop.log (tenant_id uuid, note text);
       INSERT INTO shop.log SELECT tenant_id, note FROM shop.orders; ALTER TABLE shop.log ENABLE ROW LEVEL SECURITY;
       ALTER TABLE shop.log FORCE ROW LEVEL SECURITY; GRANT SELECT, INSERT ON shop.log TO APP;
       CREATE POLICY p ON shop.log USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
         WITH CHECK (tenant_id IS NULL OR tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)"),
    (32, "shop.orders", "CREATE TABLE shop.members (login text, tenant uuid); GRANT SELECT, INSERT ON shop.members TO APP;
       CREATE POLICY other ON shop.orders USING (tenant_id IN (SELECT tenant FROM shop.members WHERE login = current_user))"),
    (33, "shop.orders", policy!("USING (tenant_id::text LIKE current_setting('app.tenant_id', true))")),
    (1, "shop.orders", "REVOKE SELECT ON shop.orders FROM APP; GRANT SELECT (id, note) ON shop.orders TO APP;
       DROP POLICY tenant_isolation ON shop.orders; CREATE POLICY p ON shop.orders USING (true)"),
    (27, "shop.orders", "REVOKE UPDATE ON shop.orders FROM APP; GRANT UPDATE (note) ON shop.orders TO APP;
       CREATE POLICY other ON shop.orders FOR UPDATE USING (true) WITH CHECK (true)"),
    (5, "public.seen", "CREATE VIEW public.seen AS SELECT tenant_id, id FROM shop.orders; GRANT SELECT ON public.seen TO APP"),
    (5, "public.counted", "CREATE VIEW public.counted AS SELECT count(*) FROM shop.notes; GRANT SELECT ON public.counted TO APP;
       ALTER VIEW shop.notes SET (security_invoker = false)"),
    (11, "public.f", "CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
       AS 'SELECT count(*) FROM shop.orders'"),
    (17, "shop.codes", "CREATE TABLE shop.codes (tenant_id uuid NOT NULL, id int, code text UNIQUE, PRIMARY KEY (tenant_id, id));
       INSERT INTO shop.codes VALUES ('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 1, 'a'), ('bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb', 1, 'b');
       ALTER TABLE shop.codes ENABLE ROW LEVEL SECURITY; ALTER TABLE shop.codes FORCE ROW LEVEL SECURITY;
       GRANT SELECT, INSERT ON shop.codes TO APP; CREATE POLICY p ON shop.codes
         USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)"),
    (29, "shop.named", "CREATE TABLE shop.named (tenant_id text NOT NULL, id int, PRIMARY KEY (tenant_id, id));
       INSERT INTO shop.named VALUES ('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 1), ('bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb', 2);
       ALTER TABLE shop.named ENABLE ROW LEVEL SECURITY; ALTER TABLE shop.named FORCE ROW LEVEL SECURITY;
       GRANT SELECT, INSERT ON shop.named TO APP;
       CREATE POLICY p ON shop.named USING (tenant_id = current_setting('app.tenant_id', true))"),
    (20, "shop.heirs", "CREATE TABLE shop.heirs () INHERITS (shop.orders); INSERT INTO shop.heirs (tenant_id, id, number)
       VALUES ('bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb', 77, 77); GRANT SELECT ON shop.heirs TO APP"),
    (12, "shop.lines", "CREATE RULE r AS ON UPDATE TO shop.lines DO ALSO DELETE FROM shop.events"),
    (34, "shop.orders", "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    (4, "role", "ALTER TABLE shop.orders OWNER TO pg_monitor; GRANT pg_monitor TO APP"),
    (37, "shop.orders", "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    (40, "shop.orders", "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    (38, "shop.orders", "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    (43, "shop.orders", "CREATE PUBLICATION all_orders FOR TABLE shop.orders"),
    (44, "large objects", "SELECT lo_create(0); ALTER ROLE APP SET lo_compat_privileges = off; DO $$ BEGIN
       EXECUTE (SELECT format('GRANT SELECT ON LARGE OBJECT %s TO APP', max(oid)) FROM pg_largeobject_metadata); END $$"),
];

/// A policy that is too wide for one command is met by the action of MERGE that needs it.
#[tokio::test]
async fn each_action_of_merge_is_tried() -> Outcome {
    for (action, seed) in [
        (
            "MERGE that deletes",
            "CREATE POLICY other ON shop.orders USING (true)",
        ),
        (
            "MERGE that updates",
            "CREATE POLICY other ON shop.orders USING (true)",
        ),
        (
            "MERGE that inserts",
            "CREATE POLICY other ON shop.orders FOR INSERT WITH CHECK (true)",
        ),
        (
            "MERGE that does nothing",
            "CREATE POLICY other ON shop.orders FOR SELECT USING (true)",
        ),
    ] {
        let shop = Shop::new().await?;
        shop.admin.batch_execute(seed).await?;
        let audited = shop.audited().await?;
        let mut leaks = audited.leaks();
        let is_found = leaks.any(|probe| probe.kind() == 37 && probe.attempt().starts_with(action));
        assert!(is_found, "{action}, by {seed}:\n{audited}");
        shop.leave().await?;
    }
    Ok(())
}

async fn each_is_found(seeds: &[(u8, &str, &str)]) -> Outcome {
    for (kind, object, seed) in seeds {
        let shop = Shop::new().await?;
        let seed = seed.replace("APP", &shop.role);
        shop.admin
            .batch_execute(&seed)
            .await
            .map_err(|error| format!("{seed}: {error:?}"))?;
        let before = shop.dump().await?;
        let audited = shop.audited().await?;
        let is_found = audited
            .leaks()
            .any(|probe| probe.kind() == *kind && probe.object().starts_with(object));
        assert!(is_found, "kind {kind} of {object}, by {seed}:\n{audited}");
        assert_eq!(changed(&before, &shop.dump().await?), [""; 0], "{seed}");
        shop.leave().await?;
    }
    Ok(())
}

#[tokio::test]
async fn each_mistake_of_the_first_kinds_is_found() -> Outcome {
    each_is_found(&SEEDS[..SEEDS.len() / 2]).await
}

#[tokio::test]
async fn each_mistake_of_the_last_kinds_is_found() -> Outcome {
    each_is_found(&SEEDS[SEEDS.len() / 2..]).await
}

/// Names that need quotes, a number as the tenant, and a serial column.
#[tokio::test]
async fn names_that_need_quotes_are_tried_too() -> Outcome {
    const ODD: &str = r#"
        CREATE SCHEMA "My 'shop' %s";
        CREATE TABLE "My 'shop' %s"."Order's" (
          "Tenant Id" bigint NOT NULL, "No ""1""" serial, note text, PRIMARY KEY ("Tenant Id", "No ""1""")
        );
        INSERT INTO "My 'shop' %s"."Order's" SELECT n % 2 + 1, n FROM generate_series(1, 6) AS n;
        ALTER TABLE "My 'shop' %s"."Order's" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "My 'shop' %s"."Order's" FORCE ROW LEVEL SECURITY;
        CREATE POLICY p ON "My 'shop' %s"."Order's"
          USING ("Tenant Id" = (SELECT NULLIF(current_setting('shop.customer', true), '')::bigint));"#;
    let shop = Shop::new().await?;
    shop.admin.batch_execute(ODD).await?;
    let grant = format!(
        r#"GRANT USAGE ON SCHEMA "My 'shop' %s" TO {role};
           GRANT SELECT, INSERT, UPDATE, DELETE ON "My 'shop' %s"."Order's" TO {role}"#,
        role = shop.role
    );
    shop.admin.batch_execute(&grant).await?;
    let audit = Audit::new(&["My 'shop' %s"], Role::new(&shop.role)?)
        .setting(Setting::new("shop.customer")?)
        .column("Tenant Id");
    let audited = audit.run(&connector(&shop.database)?).await?;
    assert!(audited.is_held(), "{audited}");
    let open = r#"ALTER TABLE "My 'shop' %s"."Order's" DISABLE ROW LEVEL SECURITY"#;
    shop.admin.batch_execute(open).await?;
    let audited = audit.run(&connector(&shop.database)?).await?;
    let kinds: Vec<u8> = audited
        .leaks()
        .map(onward::tenant::audit::Probed::kind)
        .collect();
    for kind in [1, 23, 26, 28, 29, 37] {
        assert!(kinds.contains(&kind), "kind {kind}: {audited}");
    }
    shop.leave().await
}

/// Without rows of two tenants nothing is proven, and a role that is no superuser proves nothing.
#[tokio::test]
async fn what_cannot_be_shown_is_unreliable() -> Outcome {
    let shop = Shop::new().await?;
    let one = "DELETE FROM shop.events WHERE tenant_id = 'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb'";
    shop.admin.batch_execute(one).await?;
    let audited = shop.audited().await?;
    assert!(!audited.is_held());
    let vain: Vec<_> = audited
        .unreliable()
        .map(onward::tenant::audit::Probed::object)
        .collect();
    // The partition is attacked as a tenant that has no rows in it.
    assert_eq!(vain, ["shop.events"], "{audited}");
    assert_eq!(audited.leaks().count(), 0, "{audited}");

    // Another column and another setting are nothing of this schema's.
    let none = shop
        .audit()?
        .column("customer_id")
        .run(&connector(&shop.database)?)
        .await?;
    assert!(
        none.probes()
            .iter()
            .all(|probe| !probe.object().starts_with("shop."))
    );
    let other = shop.audit()?.setting(Setting::new("shop.customer")?);
    let other = other.run(&connector(&shop.database)?).await?;
    assert!(
        other
            .probes()
            .iter()
            .any(|probe| matches!(probe.verdict(), Verdict::Unreliable { .. }))
    );

    let mut config: tokio_postgres::Config = shop.database.url().parse()?;
    config.user(&shop.role).password("x");
    let refused = shop.audit()?.run(&Connector::new(config, NoTls)).await;
    assert!(
        matches!(refused, Err(Error::NotSuperuser { .. })),
        "{refused:?}"
    );
    let missing = Audit::new(&["shop"], Role::new("no_such_role")?);
    let refused = missing.run(&connector(&shop.database)?).await;
    assert!(
        matches!(refused, Err(Error::NoSuchRole { .. })),
        "{refused:?}"
    );
    shop.leave().await
}

/// The kinds that are seeded here.
pub(super) fn kinds() -> impl Iterator<Item = u8> {
    SEEDS.iter().map(|(kind, _, _)| *kind)
}
