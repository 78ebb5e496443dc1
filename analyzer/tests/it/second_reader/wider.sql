-- What a wider comparison differed about: PostgreSQL's regression suite and sqlparser's own tests, read once by
-- both. A statement of each kind stays here.
SELECT count(*) FROM t TABLESAMPLE system (10);
CREATE VIEW v AS SELECT relname FROM pg_class;
CREATE TABLE t AS SELECT relname FROM pg_class;
SELECT ROW(a, b)::pair FROM t;
SELECT a FROM t WHERE a LIKE ALL (ARRAY['x%', '%y']);
UPDATE t SET a = normalize(a, nfd);
CREATE INDEX i ON t (((pair).a % 2));
CREATE TABLE t (a int, LIKE u);
CREATE TABLE t (a bool DEFAULT 1 IN (1, 2));
CREATE TABLE t (a int) PARTITION BY magic (a);
CREATE TEMPORARY TABLE table (a int);
ALTER TABLE t ALTER COLUMN a ADD GENERATED AS IDENTITY;
CREATE OPERATOR <| (PROCEDURE = int8lt, LEFTARG = bigint, RIGHTARG = bigint);
CREATE FUNCTION f() RETURNS bigint RETURN (SELECT count(*) FROM t);
CREATE SEQUENCE s AS int4;
COPY t FROM STDOUT;
INSERT INTO t (pair.a, pair.b) VALUES (1, DEFAULT);
INSERT INTO t AS x VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE x.b < excluded.b;
CREATE FOREIGN TABLE p PARTITION OF t FOR VALUES IN (1) SERVER s OPTIONS ("a b" 'c');
ALTER FOREIGN TABLE IF EXISTS f OWNER TO me;
ALTER TYPE e ADD VALUE IF NOT EXISTS 'a' before 'b';
WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) INSERT INTO t SELECT n FROM a, unnest(ARRAY[1]) AS u;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = u.b WHEN NOT MATCHED THEN INSERT (a, b) VALUES (u.a, DEFAULT);
