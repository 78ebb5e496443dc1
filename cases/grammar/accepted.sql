-- Statements that PostgreSQL accepts, each with the kind and the names that `onward parse` prints for it.
-- A number before them is the first version that accepts it. Tests compare the analyzer and real servers.

-- Rows
SELECT 1; --~ query
TABLE t; --~ query
VALUES (1), (2) ORDER BY 1 LIMIT 1; --~ query
SELECT 'a'
  'b', U&'d!0061' UESCAPE '!', E'\'', B'01', X'1f', $a$;$a$; --~ query
SELECT x ISNULL, a |>> b, (c).*, f(d => 1), -1e-5, a=-1, a AS select, c[1:2], d::int[], 1 end FROM t; --~ query
SELECT a FROM t ORDER BY a USING < NULLS LAST FETCH FIRST ROW WITH TIES; --~ query
SELECT DISTINCT ON (a) a, count(*) FILTER (WHERE b) OVER w FROM t GROUP BY GROUPING SETS ((a), ()) WINDOW w AS (PARTITION BY a); --~ query
SELECT extract(year FROM a), substring(a FROM 1 FOR 2), trim(BOTH 'x' FROM a), position('a' IN b), overlay(a PLACING b FROM 1) FROM t; --~ query
SELECT CASE a WHEN 1 THEN 2 ELSE 3 END, CAST(a AS numeric(10,2)), a AT TIME ZONE 'UTC', a BETWEEN SYMMETRIC 1 AND 2 FROM t; --~ query
SELECT * FROM a CROSS JOIN LATERAL f(a.b) AS g(x, y) LEFT JOIN c USING (x) AS u, ROWS FROM (f(1), g(2)) WITH ORDINALITY; --~ query
SELECT * FROM t TABLESAMPLE system (10) REPEATABLE (1) FOR NO KEY UPDATE OF t SKIP LOCKED; --~ query
SELECT xmlelement(name a, xmlattributes(b AS c), d), xmlforest(e) FROM t; --~ query
WITH RECURSIVE a (n) AS (VALUES (1)) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT 1 FROM a; --~ query
SELECT * FROM (SELECT 1); --~ 16 query
SELECT 0xff, 1_000; --~ 16 query
SELECT a IS JSON OBJECT WITH UNIQUE KEYS FROM t; --~ 16 query
SELECT json_object('a' VALUE 1 ABSENT ON NULL), json_arrayagg(b ORDER BY b) FROM t; --~ 16 query
SELECT a AT LOCAL FROM t; --~ 17 query
SELECT * FROM json_table(a, '$[*]' COLUMNS (id FOR ORDINALITY, b int PATH '$.b')); --~ 17 query
SELECT json_value(a, '$' RETURNING int DEFAULT 1 ON EMPTY) FROM t; --~ 17 query
SELECT a INTO TEMPORARY b FROM c; --~ create-table pg_temp.b
INSERT INTO t (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) WHERE b DO UPDATE SET b = excluded.b RETURNING *; --~ insert t
INSERT INTO t AS x OVERRIDING SYSTEM VALUE TABLE u; --~ insert t
INSERT INTO t DEFAULT VALUES; --~ insert t
UPDATE ONLY t AS x SET a[1] = 2, (b, c) = (SELECT 1, 2) FROM u WHERE x.a = u.a; --~ update t
DELETE FROM t USING u WHERE CURRENT OF c; --~ delete t
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND u.b THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1); --~ merge t
MERGE INTO t USING u ON true WHEN NOT MATCHED BY SOURCE THEN DELETE; --~ 17 merge t
MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE RETURNING merge_action(); --~ 17 merge t
UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a; --~ 18 update t
WITH x AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM x; --~ delete+insert a, b
WITH x AS (UPDATE a SET b = 1 RETURNING *) SELECT * FROM x; --~ update+query a
TRUNCATE TABLE a, ONLY b RESTART IDENTITY CASCADE; --~ truncate a, b
COPY t TO STDOUT WITH (FORMAT csv, HEADER); --~ copy t
COPY (DELETE FROM a RETURNING *) TO PROGRAM 'cat'; --~ copy+delete a
COPY t (a, b) FROM '/x' DELIMITER ',' CSV; --~ insert t
COPY t FROM STDIN; --~ copy-from-stdin t
SELECT a < b IS NULL < c, a = b LIKE c; --~ query

-- Tables
CREATE TABLE t (); --~ create-table t
CREATE TABLE IF NOT EXISTS "S"."T" (a int, LIKE u INCLUDING ALL EXCLUDING INDEXES) INHERITS (v) WITH (fillfactor = 70) TABLESPACE x; --~ create-table "S"."T"
CREATE TEMP TABLE t (a int) ON COMMIT DROP; --~ create-table pg_temp.t
CREATE UNLOGGED TABLE t (a text COMPRESSION lz4 COLLATE "C" CONSTRAINT c NOT NULL) USING heap; --~ create-table t
CREATE TABLE t (a text STORAGE external); --~ 16 create-table t
CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s START 5), b int GENERATED ALWAYS AS (1) STORED); --~ create-table t
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL); --~ 18 create-table t
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a)); --~ 18 create-table t
CREATE TABLE t (a int, CONSTRAINT c NOT NULL a NO INHERIT); --~ 18 create-table t
CREATE TABLE t (a int NOT NULL NO INHERIT); --~ 18 create-table t
CREATE TABLE t (a int CHECK (a > 0) NOT ENFORCED); --~ 18 create-table t
CREATE TABLE t (a int4range, b daterange, PRIMARY KEY (a, b WITHOUT OVERLAPS)); --~ 18 create-table t
CREATE TABLE t (a int, b daterange, FOREIGN KEY (a, PERIOD b) REFERENCES u (a, PERIOD b)); --~ 18 create-table t
CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT, UNIQUE (a) INCLUDE (b) WITH (fillfactor = 70) USING INDEX TABLESPACE x DEFERRABLE INITIALLY DEFERRED); --~ create-table t
CREATE TABLE t (a int REFERENCES u MATCH FULL ON DELETE SET NULL (a) ON UPDATE CASCADE, EXCLUDE USING gist (b WITH &&) WHERE (a > 0)); --~ create-table t
CREATE TABLE t (a serial, b "char", c double precision[], d timestamp(3) with time zone, e interval day to second(2), f s.ty(1)[3][], g national character(20)); --~ create-table t
CREATE TABLE t OF y (a WITH OPTIONS PRIMARY KEY); --~ create-table t
CREATE TABLE t PARTITION OF p FOR VALUES FROM (MINVALUE, 1) TO (10, MAXVALUE) PARTITION BY HASH (lower(a), (b + 1) o); --~ create-table t
CREATE TABLE t PARTITION OF p FOR VALUES WITH (MODULUS 4, REMAINDER 1); --~ create-table t
CREATE TABLE t PARTITION OF p DEFAULT; --~ create-table t
CREATE TABLE t (a, b) AS SELECT 1, 2 WITH NO DATA; --~ create-table t
CREATE TABLE t AS EXECUTE p (1); --~ create-table t
CREATE TABLE t AS WITH x AS (INSERT INTO a VALUES (1) RETURNING *) SELECT * FROM x; --~ create-table+insert t, a
CREATE TABLE t (U&"d\0061" int); --~ create-table t
CREATE FOREIGN TABLE t (a int OPTIONS (column_name 'b')) SERVER s OPTIONS (schema_name 'x'); --~ create-foreign-table t

-- ALTER TABLE
ALTER TABLE IF EXISTS ONLY t ADD COLUMN IF NOT EXISTS a int NOT NULL DEFAULT 1, DROP COLUMN IF EXISTS b CASCADE; --~ add-column+drop-column t, a, b
ALTER TABLE t ALTER a TYPE text COLLATE "C" USING a::text, ALTER b SET DATA TYPE bigint; --~ alter-column-type t, a, b
ALTER TABLE t ALTER a SET NOT NULL, ALTER b DROP NOT NULL, ALTER c SET DEFAULT now(), ALTER d DROP DEFAULT; --~ set-not-null+drop-not-null+set-default+drop-default t, a, b, c, d
ALTER TABLE t ALTER a SET (n_distinct = -0.5), ALTER a RESET (n_distinct), ALTER a SET STATISTICS 500, ALTER a SET STORAGE external, ALTER a SET COMPRESSION pglz; --~ column-parameters+set-statistics+set-storage+set-compression t, a
ALTER TABLE t ALTER a SET STORAGE DEFAULT; --~ 16 set-storage t, a
ALTER TABLE t ALTER a SET STATISTICS DEFAULT; --~ 17 set-statistics t, a
ALTER TABLE t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY, ALTER b SET GENERATED ALWAYS RESTART WITH 5 SET CACHE 5, ALTER c DROP IDENTITY IF EXISTS; --~ add-identity+set-identity+drop-identity t, a, b, c
ALTER TABLE t ALTER a DROP EXPRESSION IF EXISTS; --~ drop-expression t, a
ALTER TABLE t ALTER a SET EXPRESSION AS (b + 1); --~ 17 set-expression t, a
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID, ADD UNIQUE USING INDEX i, ADD CONSTRAINT d EXCLUDE USING gist (a WITH &&); --~ add-constraint t, c, d
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES s.u (b) NOT VALID; --~ add-constraint t, c, s.u
ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID; --~ 18 add-constraint t, c
ALTER TABLE t VALIDATE CONSTRAINT c, DROP CONSTRAINT IF EXISTS d CASCADE; --~ validate-constraint+drop-constraint t, c, d
ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE INITIALLY DEFERRED; --~ alter-constraint t, c
ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED; --~ 18 alter-constraint t, c
ALTER TABLE t ALTER CONSTRAINT c NO INHERIT; --~ 18 alter-constraint t, c
ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; --~ enable-row-level-security+force-row-level-security t
ALTER TABLE t DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY; --~ disable-row-level-security+no-force-row-level-security t
ALTER TABLE t DISABLE TRIGGER USER, ENABLE ALWAYS TRIGGER g, DISABLE RULE r, ENABLE REPLICA RULE q; --~ disable-trigger+enable-trigger+disable-rule+enable-rule t, g, r, q
ALTER TABLE t SET (autovacuum_enabled = false, toast.autovacuum_enabled = off), RESET (fillfactor); --~ table-parameters t
ALTER TABLE t SET LOGGED, SET TABLESPACE x, CLUSTER ON i; --~ set-logged+set-tablespace+cluster-on t, x, i
ALTER TABLE t SET UNLOGGED, SET WITHOUT CLUSTER, SET WITHOUT OIDS, SET ACCESS METHOD heap; --~ set-unlogged+without-cluster+without-oids+set-access-method t, heap
ALTER TABLE t SET ACCESS METHOD DEFAULT; --~ 17 set-access-method t
ALTER TABLE t REPLICA IDENTITY USING INDEX i; --~ replica-identity t, i
ALTER TABLE t INHERIT p, NO INHERIT q, OF y, NOT OF; --~ inherit+no-inherit+of-type+not-of-type t, p, q, y
ALTER TABLE t OWNER TO CURRENT_USER; --~ owner t, current_user
ALTER TABLE t SET SCHEMA x; --~ set-schema t, x
ALTER TABLE t RENAME TO u; --~ rename-table t, u
ALTER TABLE t RENAME a TO b; --~ rename-column t, a, b
ALTER TABLE t RENAME CONSTRAINT a TO b; --~ rename-constraint t, a, b
ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1, NULL); --~ attach-partition t, p
ALTER TABLE t DETACH PARTITION p; --~ detach-partition t, p
ALTER TABLE t DETACH PARTITION p CONCURRENTLY; --~ detach-partition-concurrently t, p
ALTER TABLE t DETACH PARTITION p FINALIZE; --~ detach-partition-finalize t, p
ALTER TABLE ALL IN TABLESPACE x OWNED BY a SET TABLESPACE y NOWAIT; --~ alter-tables-tablespace
ALTER FOREIGN TABLE t OPTIONS (ADD a 'b', SET c 'd', DROP e), ALTER f OPTIONS (g 'h'); --~ table-options+column-options t, f

-- Indexes, views, sequences
CREATE INDEX ON ONLY t USING brin (a c.ops (n = 16) NULLS LAST, (b || c) COLLATE "C" DESC) TABLESPACE x; --~ create-index t
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I" ON s.t (lower(a)) INCLUDE (b) NULLS NOT DISTINCT WITH (fillfactor = 70) WHERE c IS NULL; --~ create-index "I", s.t
ALTER INDEX IF EXISTS i RENAME TO j; --~ rename-index i, j
ALTER INDEX i ATTACH PARTITION j; --~ attach-partition i, j
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100; --~ set-statistics i
ALTER INDEX i NO DEPENDS ON EXTENSION e; --~ alter-index i
DROP INDEX CONCURRENTLY IF EXISTS s.i; --~ drop-index s.i
REINDEX (VERBOSE) TABLE CONCURRENTLY t; --~ reindex t
REINDEX DATABASE; --~ 16 reindex-database
CREATE OR REPLACE VIEW v (a) WITH (security_invoker = true) AS SELECT 1 WITH LOCAL CHECK OPTION; --~ create-view v
CREATE RECURSIVE VIEW v (a) AS SELECT 1; --~ create-view v
CREATE MATERIALIZED VIEW IF NOT EXISTS v AS WITH a AS (SELECT 1) SELECT * FROM a WITH NO DATA; --~ create-materialized-view v
REFRESH MATERIALIZED VIEW CONCURRENTLY v; --~ refresh-materialized-view v
ALTER VIEW v ALTER a SET DEFAULT 1; --~ set-default v, a
ALTER MATERIALIZED VIEW v RENAME a TO b; --~ rename-column v, a, b
CREATE SEQUENCE IF NOT EXISTS s AS bigint INCREMENT BY 2 NO MAXVALUE START WITH 5 CACHE 10 CYCLE OWNED BY t.a; --~ create-sequence s
ALTER SEQUENCE s OWNED BY NONE INCREMENT -2; --~ alter-sequence s
ALTER SEQUENCE s RENAME TO r; --~ rename-sequence s, r
ALTER SEQUENCE s SET LOGGED; --~ set-logged s

-- Routines
CREATE FUNCTION f(a int, OUT b text, VARIADIC c int[] DEFAULT '{}') LANGUAGE sql STABLE STRICT COST 5 SET search_path = '' BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END; --~ create-function f
CREATE OR REPLACE FUNCTION f() RETURNS TABLE (a int, b s.ty) LANGUAGE 'sql' AS 'SELECT 1, ''x''::s.ty'; --~ create-function f
CREATE FUNCTION f(t.a%TYPE) RETURNS SETOF t LANGUAGE c AS 'lib', 'sym'; --~ create-function f
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; --~ create-procedure p
ALTER FUNCTION f(int, OUT text) SECURITY DEFINER PARALLEL SAFE RESET ALL; --~ alter-function f
ALTER ROUTINE f OWNER TO a; --~ owner f, a
ALTER PROCEDURE p() RENAME TO q; --~ rename-procedure p, q
DROP FUNCTION IF EXISTS f(int, text), g CASCADE; --~ drop-function f, g
DROP ROUTINE f; --~ drop-routine f
CALL p(1, a => 2); --~ call
DO $$ BEGIN NULL; END $$; --~ do
DO LANGUAGE plpgsql 'DECLARE n int; BEGIN SELECT 1 INTO n; DROP TABLE t; END'; --~ do+query+drop-table t
CREATE AGGREGATE a(int) (SFUNC = f, STYPE = int, INITCOND = '0'); --~ create-aggregate a
CREATE OR REPLACE AGGREGATE s.a (sfunc1 = 'f', "basetype" = s.d, STYPE1 = int[], FINALFUNC = s.f, INITCOND = '{}'); --~ create-aggregate s.a
CREATE AGGREGATE a ("BASETYPE" = int, BASETYPE = 'ANY', SORTOP = OPERATOR(s.<), SSPACE = 8, FINALFUNC_EXTRA = true); --~ create-aggregate a
ALTER AGGREGATE a(ORDER BY int) SET SCHEMA x; --~ set-schema a, x
DROP AGGREGATE a(*); --~ drop-aggregate a

-- Triggers, rules, policies
CREATE TRIGGER g BEFORE UPDATE OF a OR DELETE ON t REFERENCING NEW TABLE AS n FOR EACH ROW WHEN (OLD.a <> NEW.a) EXECUTE FUNCTION f('x', 1, y); --~ create-trigger t, g
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FROM u DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE f(); --~ create-trigger t, g
ALTER TRIGGER g ON t RENAME TO h; --~ rename-trigger t, g, h
DROP TRIGGER IF EXISTS g ON s.t CASCADE; --~ drop-trigger s.t, g
CREATE EVENT TRIGGER e ON ddl_command_end WHEN tag IN ('CREATE TABLE') EXECUTE FUNCTION f(); --~ create-event-trigger e
ALTER EVENT TRIGGER e DISABLE; --~ alter-event-trigger e
CREATE RULE r AS ON INSERT TO t DO INSTEAD (INSERT INTO u VALUES (1); NOTIFY x;); --~ create-rule t, r
ALTER RULE r ON t RENAME TO q; --~ rename-rule t, r, q
DROP RULE r ON t; --~ drop-rule t, r
CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO a, PUBLIC USING (true) WITH CHECK (b); --~ create-policy t, p
ALTER POLICY p ON t TO a USING (false); --~ alter-policy t, p
ALTER POLICY p ON t RENAME TO q; --~ rename-policy t, p, q
DROP POLICY p ON t; --~ drop-policy t, p

-- Types
CREATE TYPE m AS ENUM ('a', 'it''s'); --~ create-type m
CREATE TYPE s.c AS (a int, b text COLLATE "C"); --~ create-type s.c
CREATE TYPE r AS RANGE (SUBTYPE = float8); --~ create-type r
CREATE TYPE b (INPUT = f, OUTPUT = g); --~ create-type b
CREATE TYPE h; --~ create-type h
ALTER TYPE m ADD VALUE IF NOT EXISTS 'c' BEFORE 'b'; --~ add-enum-value m, c
ALTER TYPE m RENAME VALUE 'a' TO 'b'; --~ rename-enum-value m, a, b
ALTER TYPE c ADD ATTRIBUTE d int CASCADE, DROP ATTRIBUTE a, ALTER ATTRIBUTE b TYPE text; --~ add-attribute+drop-attribute+alter-attribute c, d, a, b
ALTER TYPE c RENAME ATTRIBUTE a TO b CASCADE; --~ rename-attribute c, a, b
ALTER TYPE c OWNER TO a; --~ owner c, a
DROP TYPE IF EXISTS a, s.b; --~ drop-type a, s.b
CREATE DOMAIN d AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0); --~ create-domain d
ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID; --~ add-constraint d, c
ALTER DOMAIN d ADD CONSTRAINT c NOT NULL; --~ 17 add-constraint d, c
ALTER DOMAIN d SET NOT NULL; --~ alter-domain d
ALTER DOMAIN d DROP CONSTRAINT c; --~ drop-constraint d, c
DROP DOMAIN d; --~ drop-domain d

-- Other objects
CREATE SCHEMA IF NOT EXISTS x AUTHORIZATION a; --~ create-schema x
CREATE SCHEMA x CREATE TABLE t (a int) CREATE INDEX i ON t (a); --~ create-schema+create-table+create-index x, x.t, i
ALTER SCHEMA x RENAME TO y; --~ rename-schema x, y
DROP SCHEMA IF EXISTS x, y CASCADE; --~ drop-schema x, y
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA x; --~ create-extension "uuid-ossp"
ALTER EXTENSION e UPDATE TO '1.1'; --~ alter-extension e
CREATE COLLATION c (provider = icu, locale = 'de'); --~ create-collation c
ALTER COLLATION c REFRESH VERSION; --~ alter-collation c
ALTER CONVERSION c RENAME TO d; --~ rename-conversion c, d
ALTER PROCEDURAL LANGUAGE l OWNER TO a; --~ owner l, a
CREATE STATISTICS s (ndistinct) ON a, (b + 1) FROM t; --~ create-statistics s
CREATE STATISTICS ON a, b FROM t; --~ 16 create-statistics t
ALTER STATISTICS s SET STATISTICS 100; --~ alter-statistics s
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); --~ create-text-search-configuration c
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR a, b WITH d; --~ alter-text-search-configuration c
DROP TEXT SEARCH DICTIONARY d; --~ drop-text-search-dictionary d
CREATE FOREIGN DATA WRAPPER w HANDLER h OPTIONS (a 'b'); --~ create-foreign-data-wrapper w
ALTER FOREIGN DATA WRAPPER w NO VALIDATOR; --~ alter-foreign-data-wrapper w
CREATE SERVER s FOREIGN DATA WRAPPER w; --~ create-server s
ALTER SERVER s OPTIONS (SET a 'b'); --~ alter-server s
CREATE USER MAPPING FOR CURRENT_USER SERVER s; --~ create-user-mapping current_user
ALTER USER MAPPING FOR a SERVER s OPTIONS (SET b 'c'); --~ alter-user-mapping a
DROP USER MAPPING IF EXISTS FOR a SERVER s; --~ drop-user-mapping a
IMPORT FOREIGN SCHEMA a LIMIT TO (t) FROM SERVER s INTO b; --~ import-foreign-schema a
CREATE PUBLICATION p FOR TABLE t (a) WHERE (b), u, TABLES IN SCHEMA x; --~ create-publication p, t, u, x
ALTER PUBLICATION p ADD TABLE t; --~ alter-publication p, t
CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled = false); --~ create-subscription s
ALTER SUBSCRIPTION s DISABLE; --~ alter-subscription s
DROP SUBSCRIPTION s; --~ drop-subscription s
CREATE TABLESPACE x LOCATION '/x'; --~ create-tablespace x
ALTER TABLESPACE x SET (random_page_cost = 1); --~ alter-tablespace x
DROP TABLESPACE x; --~ drop-tablespace x
CREATE DATABASE d OWNER a ENCODING 'UTF8' CONNECTION LIMIT 5; --~ create-database d
ALTER DATABASE d SET timezone = 'UTC'; --~ alter-database d
DROP DATABASE IF EXISTS d WITH (FORCE); --~ drop-database d
DROP MATERIALIZED VIEW a, b; --~ drop-materialized-view a, b
DROP TABLE IF EXISTS a, s."B" CASCADE; --~ drop-table a, s."B"
DROP PROCEDURAL LANGUAGE l; --~ drop-language l
COMMENT ON FUNCTION f(int) IS $$x$$; --~ comment f
COMMENT ON COLUMN s.t.a IS NULL; --~ comment s.t, a
COMMENT ON CONSTRAINT c ON s.t IS 'x'; --~ comment s.t, c
COMMENT ON OPERATOR CLASS o USING btree IS 'x'; --~ comment o
SECURITY LABEL FOR p ON TABLE t IS 'x'; --~ security-label t
CREATE OPERATOR s.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); --~ create-operator s."==="
CREATE OPERATOR CLASS o DEFAULT FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 f(int, int), STORAGE int; --~ create-operator-class o
CREATE OPERATOR FAMILY o USING btree; --~ create-operator-family o
ALTER OPERATOR FAMILY o USING btree ADD OPERATOR 1 < (int, int); --~ alter-operator-family o
ALTER OPERATOR CLASS o USING btree RENAME TO p; --~ rename-operator-class o, p
ALTER OPERATOR === (int, int) SET (RESTRICT = NONE); --~ alter-operator "==="
DROP OPERATOR CLASS o USING btree; --~ drop-operator-class o
DROP OPERATOR === (int, NONE); --~ drop-operator "==="
CREATE CAST (a AS b) WITH FUNCTION f(a) AS IMPLICIT; --~ create-cast a
DROP CAST IF EXISTS (a AS b); --~ drop-cast a
CREATE TRANSFORM FOR a LANGUAGE b (FROM SQL WITH FUNCTION f(internal)); --~ create-transform a
DROP TRANSFORM FOR a LANGUAGE b; --~ drop-transform a
CREATE TRUSTED LANGUAGE l HANDLER h; --~ create-language l
CREATE DEFAULT CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM f; --~ create-conversion c
CREATE ACCESS METHOD a TYPE INDEX HANDLER f; --~ create-access-method a

-- Sessions and maintenance
SET LOCAL lock_timeout TO '1s'; --~ set lock_timeout
SET TIME ZONE 'UTC'; --~ set timezone
SET TIME ZONE utc; --~ set timezone
SET TIME ZONE "UTC"; --~ set timezone
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; --~ set session characteristics
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; --~ set transaction
RESET TRANSACTION ISOLATION LEVEL; --~ reset transaction_isolation
SET CONSTRAINTS ALL DEFERRED; --~ set constraints
RESET ALL; --~ reset all
RESET TIME ZONE; --~ reset timezone
SET SESSION AUTHORIZATION joe; --~ set session authorization
SET "a.b" = 1; --~ set a.b
VACUUM(FULL)t; --~ vacuum-full t
VACUUM (FULL FALSE) t; --~ vacuum t
CLUSTER i ON t; --~ cluster t
SHOW search_path; --~ show
BEGIN ISOLATION LEVEL SERIALIZABLE; --~ begin
START TRANSACTION READ WRITE; --~ start-transaction
PREPARE TRANSACTION 'x'; --~ prepare-transaction
ROLLBACK TO SAVEPOINT s; --~ rollback-to
COMMIT AND CHAIN; --~ commit
RELEASE s; --~ release
PREPARE p (int) AS SELECT $1; --~ prepare
EXECUTE p (1); --~ execute
DEALLOCATE ALL; --~ deallocate
DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1; --~ declare-with-hold c
FETCH FORWARD 5 FROM c; --~ fetch c
CLOSE c; --~ close c
LISTEN x; --~ listen x
DISCARD ALL; --~ discard
CHECKPOINT; --~ checkpoint
LOCK TABLE a, ONLY b IN SHARE ROW EXCLUSIVE MODE NOWAIT; --~ lock a, b
EXPLAIN (COSTS off) DELETE FROM t; --~ explain t
EXPLAIN ANALYZE UPDATE t SET a = 1 FROM u; --~ explain t, u
PREPARE q AS DELETE FROM t; --~ prepare t
EXPLAIN ANALYZE SELECT 1; --~ explain
REINDEX(CONCURRENTLY)INDEX i; --~ reindex i
CREATE TYPE q AS ("my name" text); --~ create-type q
CREATE RECURSIVE VIEW v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v; --~ create-view v
ANALYZE VERBOSE a, b (c); --~ analyze a, b
ANALYZE ONLY t; --~ 18 analyze t
VACUUM (FULL, ANALYZE) t; --~ vacuum-full t
CLUSTER t USING i; --~ cluster t
ALTER SYSTEM SET work_mem = '1MB'; --~ alter-system

-- Roles
CREATE ROLE r WITH LOGIN PASSWORD 'x' VALID UNTIL '2030-01-01' IN ROLE a; --~ create-role r
ALTER GROUP g ADD USER a; --~ alter-role g
ALTER ROLE ALL IN DATABASE d SET work_mem = '1MB'; --~ alter-role d
ALTER USER r NOLOGIN; --~ alter-role r
ALTER ROLE a RENAME TO b; --~ rename-role a, b
DROP ROLE IF EXISTS a, b; --~ drop-role a, b
REASSIGN OWNED BY a TO b; --~ reassign-owned a
DROP OWNED BY a CASCADE; --~ drop-owned a
GRANT SELECT (a), UPDATE ON t TO PUBLIC WITH GRANT OPTION; --~ grant t
GRANT a TO b WITH ADMIN OPTION GRANTED BY c; --~ grant
GRANT a TO b WITH INHERIT FALSE, SET TRUE; --~ 16 grant
REVOKE GRANT OPTION FOR ALL ON ALL TABLES IN SCHEMA x FROM a CASCADE; --~ revoke x
ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA x GRANT EXECUTE ON FUNCTIONS TO b; --~ alter-default-privileges x
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO b; --~ 18 alter-default-privileges
ALTER LARGE OBJECT 5 OWNER TO a; --~ owner "5", a

-- Words that are names where PostgreSQL takes them as such, and operators by their full names
CREATE OPERATOR @@ (PROCEDURE = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(-)); --~ create-operator "@@"
CREATE OPERATOR @@ (PROCEDURE = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(a.-)); --~ create-operator "@@"
SET session.tenant = 'a'; --~ set session.tenant
SET local.tenant TO '1'; --~ set local.tenant
SET LOCAL session.a.b = 1; --~ set session.a.b
SET transaction.x = 1; --~ set transaction.x
SHOW session.tenant; --~ show
RESET local.tenant; --~ reset local.tenant
ALTER ROLE r SET session.a = 1; --~ alter-role r
ALTER ROLE r SET TRANSACTION READ ONLY; --~ alter-role r
ALTER DATABASE d SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY, DEFERRABLE; --~ alter-database d
DROP FUNCTION substring; --~ drop-function substring
DROP FUNCTION "left", coalesce; --~ drop-function "left", coalesce
GRANT EXECUTE ON FUNCTION position TO r; --~ grant position
COMMENT ON FUNCTION overlay IS 'x'; --~ comment overlay
ALTER FUNCTION values STABLE; --~ alter-function values
RELEASE SAVEPOINT; --~ release
RELEASE SAVEPOINT savepoint; --~ release
ROLLBACK TO SAVEPOINT; --~ rollback-to
DEALLOCATE PREPARE; --~ deallocate prepare
GRANT USAGE ON SEQUENCE TO r; --~ grant sequence
GRANT USAGE ON schema, b TO r; --~ grant schema, b
GRANT USAGE ON function.x TO r; --~ grant function.x
REVOKE USAGE ON SEQUENCE sequence FROM r; --~ revoke sequence
COMMENT ON CONSTRAINT c ON domain IS 'x'; --~ comment domain, c
WITH RECURSIVE (n) AS (SELECT 1) SELECT n FROM recursive; --~ query
SELECT a = NOT b = c, a < - NOT b < c, a LIKE NOT b = c, a = NOT b IS NULL = c, a = NOT b = NOT c; --~ query
SELECT * FROM ((a JOIN b ON true) JOIN c ON true) x, ((a CROSS JOIN b)), ((a CROSS JOIN b) y CROSS JOIN c); --~ query
VACUUM a, b; --~ vacuum a, b
ANALYZE a (x), b; --~ analyze a, b
ALTER ROLE r SET TRANSACTION SNAPSHOT 'x'; --~ alter-role r
(SELECT 1 ORDER BY 1) FETCH FIRST ROW WITH TIES; --~ query
(SELECT 1 LIMIT 1) UNION SELECT 2 LIMIT 2; --~ query
(SELECT 1 LIMIT 1) OFFSET 2; --~ query
COMMENT ON COLUMN a.b.c.d IS 'x'; --~ comment b.c, d
