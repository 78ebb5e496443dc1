-- In one transaction under the lock: the ledger is there completely or not at all.
DO $onward$
DECLARE
  renamed text;
BEGIN
  -- Read from the catalogs, as the objects below are: what to_regclass knows may be as old as this
  -- transaction's first message, and the run that held the lock before has committed since.
  IF (SELECT count(*) FROM pg_class
      WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {{name}})
        AND relname IN ('schema_migration_log', 'schema_migration_head')) = 2 THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'another run has created the ledger';
  END IF;
  -- A database whose ledger was dropped must not pass for an empty one. Of a schema that is not there the query is not
  -- even planned.
  IF EXISTS (SELECT FROM pg_namespace WHERE nspname = {{name}}) THEN
    IF EXISTS (
{{objects}}    ) THEN
      RAISE EXCEPTION USING ERRCODE = 'ONW06', MESSAGE = 'the schema is not empty and holds no ledger';
    END IF;
  END IF;
  -- Nor may one whose schema was renamed. The ledger's functions name the schema that they were created for, and
  -- every role may read that, whatever else it may not: no table is read. Of a role that has nothing to say here
  -- nothing is believed. Mostly there is no other ledger, and that is seen in fewer words.
  IF EXISTS (SELECT FROM pg_proc WHERE proname IN ('schema_migration_claim', 'schema_migration_record')) THEN
    SELECT nspname INTO renamed
    FROM pg_proc called JOIN pg_namespace schema ON schema.oid = called.pronamespace
    JOIN pg_class log ON log.relnamespace = called.pronamespace AND log.relname = 'schema_migration_log'
      AND log.relkind = 'r' AND log.relowner = called.proowner
    WHERE called.proname IN ('schema_migration_claim', 'schema_migration_record')
      AND nspname <> {{name}} AND NOT starts_with(nspname::text, 'pg_')
      AND strpos(called.prosrc, {{own}}) > 0
      AND (pg_has_role(called.proowner, 'MEMBER') OR EXISTS (
        SELECT FROM pg_roles owner LEFT JOIN pg_database here ON here.datname = current_database()
        WHERE owner.oid = called.proowner AND (owner.rolsuper OR owner.oid = here.datdba)))
    ORDER BY nspname LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'ONW09', SCHEMA = renamed, MESSAGE = 'the ledger of this schema is in another one';
    END IF;
  END IF;
  -- CREATE SCHEMA IF NOT EXISTS asks for CREATE on the database even when the schema is there.
  IF to_regnamespace({{quoted}}) IS NULL THEN
    CREATE SCHEMA {{schema}};
  END IF;
END
$onward$;
-- Each command stands in a block, because engines that pass a command on, as Citus does to its workers, pass on
-- the text that it came with: that of a block is the command alone, and elsewhere it is the whole message.
DO $ledger$
BEGIN
CREATE TABLE {{schema}}.schema_migration_log (
  seq bigint PRIMARY KEY,
  event text NOT NULL CHECK (event IN ('genesis', 'applied', 'started', 'abandoned', 'finished',
    'seeded', 'data_started', 'data_done', 'baseline', 'adopted', 'compatible', 'vacated', 'renumbered',
    'restamped', 'squashed')),
  category text NOT NULL,
  version text NOT NULL,
  name text NOT NULL,
  attempt int NOT NULL DEFAULT 1,
  checksum bytea NOT NULL CHECK (octet_length(checksum) = 32),
  plan bytea NOT NULL,
  build text NOT NULL,
  run text NOT NULL DEFAULT '',
  compatible_from text,
  who text NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ms int,
  prev bytea NOT NULL UNIQUE,
  chain bytea NOT NULL
);
{{once}}CREATE TABLE {{schema}}.schema_migration_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL,
  chain bytea NOT NULL,
  summary jsonb NOT NULL DEFAULT '{}'
);
INSERT INTO {{schema}}.schema_migration_head (seq, chain)
  VALUES (0, sha256(convert_to({{genesis}}, 'UTF8')));
-- What data migrations have done so far. Neither defaults nor checks: own_progress.sql knows the tables by that.
CREATE TABLE {{schema}}.schema_migration_progress (
  version text PRIMARY KEY,
  checksum bytea NOT NULL,
  state text NOT NULL,
  reason text,
  pass int NOT NULL,
  position jsonb,
  goal jsonb,
  size int NOT NULL,
  speed numeric NOT NULL,
  rows bigint NOT NULL,
  pass_rows bigint NOT NULL,
  before_rows bigint NOT NULL,
  scanned bigint NOT NULL,
  batches bigint NOT NULL,
  busy_ms bigint NOT NULL,
  skipped bigint NOT NULL,
  total bigint,
  worker text,
  who text NOT NULL,
  started timestamptz NOT NULL,
  at timestamptz NOT NULL
);
-- The newest batches of each: older ones are deleted.
CREATE TABLE {{schema}}.schema_migration_batch (
  version text NOT NULL,
  batch bigint NOT NULL,
  after jsonb,
  until jsonb,
  rows bigint NOT NULL,
  ms int NOT NULL,
  worker text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (version, batch)
);
-- The rows that a data migration left out because they fail: keys and error codes, no other value.
CREATE TABLE {{schema}}.schema_migration_skipped (
  version text NOT NULL,
  key jsonb NOT NULL,
  sqlstate text NOT NULL,
  object text,
  at timestamptz NOT NULL,
  PRIMARY KEY (version, key)
);
CREATE FUNCTION {{schema}}.schema_migration_append_only() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $onward${{append_only}}$onward$;
CREATE TRIGGER schema_migration_append_only BEFORE UPDATE OR DELETE ON {{schema}}.schema_migration_log
  FOR EACH ROW EXECUTE FUNCTION {{schema}}.schema_migration_append_only();
CREATE TRIGGER schema_migration_no_truncate BEFORE TRUNCATE ON {{schema}}.schema_migration_log
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.schema_migration_append_only();
-- ALWAYS: session_replication_role = replica does not switch them off.
ALTER TABLE {{schema}}.schema_migration_log ENABLE ALWAYS TRIGGER schema_migration_append_only;
ALTER TABLE {{schema}}.schema_migration_log ENABLE ALWAYS TRIGGER schema_migration_no_truncate;
-- The head goes up by one, and then gets the digest of the line that made it go up.
CREATE FUNCTION {{schema}}.schema_migration_forward() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $onward${{forward}}$onward$;
CREATE TRIGGER schema_migration_forward BEFORE UPDATE OR DELETE ON {{schema}}.schema_migration_head
  FOR EACH ROW EXECUTE FUNCTION {{schema}}.schema_migration_forward();
CREATE TRIGGER schema_migration_no_truncate BEFORE TRUNCATE ON {{schema}}.schema_migration_head
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.schema_migration_append_only();
ALTER TABLE {{schema}}.schema_migration_head ENABLE ALWAYS TRIGGER schema_migration_forward;
ALTER TABLE {{schema}}.schema_migration_head ENABLE ALWAYS TRIGGER schema_migration_no_truncate;
{{functions}}{{history}}END
$ledger$;
-- What default privileges have granted here: SELECT is enough for every role but the owner.
DO $onward$
DECLARE
  one record;
BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace({{quoted}}) AND relacl IS NOT NULL) THEN
    FOR one IN
      SELECT DISTINCT ledger.oid::regclass AS relation,
             CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END AS grantee
      FROM pg_class ledger, aclexplode(ledger.relacl) AS given
      WHERE ledger.relnamespace = to_regnamespace({{quoted}}) AND ledger.relkind IN ('r', 'v')
        AND given.grantee <> ledger.relowner
    LOOP
      EXECUTE format('REVOKE ALL ON %s FROM %s', one.relation, one.grantee);
      EXECUTE format('GRANT SELECT ON %s TO %s', one.relation, one.grantee);
    END LOOP;
  END IF;
END
$onward$;
{{flushed}}{{commit}}
