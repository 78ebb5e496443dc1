-- Statements that PostgreSQL refuses, each with the words at which its parser reports the error; no words mean
-- the end of the statement. Tests compare the analyzer and real servers.

SELEC 1; --~ SELEC
SELECT 1 2; --~ 2
SELECT 1 END, ; --~
SELECT f() 'x'; --~ 'x'
SELECT 100_; --~ 100_
SELECT a = b = c; --~ =
SELECT `a` FROM t; --~ FROM
SELECT TOP 5 a FROM t; --~ 5
INSERT OR REPLACE INTO t VALUES (1); --~ OR
REPLACE INTO t VALUES (1); --~ REPLACE
INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1; --~ DUPLICATE
INSERT INTO t SET a = 1; --~ SET
UPDATE t SET a = 1 LIMIT 5; --~ LIMIT
DELETE t WHERE a = 1; --~ t
CREATE TABLE t (a int,); --~ )
CREATE TABLE t (
  a int
  b int); --~ b
CREATE TABLE t (a int AUTO_INCREMENT); --~ AUTO_INCREMENT
CREATE TABLE t (a int UNSIGNED); --~ UNSIGNED
CREATE TABLE t (a int PRIMARY KEY AUTOINCREMENT); --~ AUTOINCREMENT
CREATE TABLE t (a int IDENTITY(1, 1)); --~ IDENTITY
CREATE TABLE t (PRIMARY KEY KEY (a)); --~ KEY
CREATE TABLE t (a int) ENGINE=InnoDB; --~ ENGINE
CREATE TABLE t (a int COMMENT 'x'); --~ COMMENT
CREATE TABLE user (a int); --~ user
CREATE TABLE t (a int DEFAULT 1 NOT NUL); --~ NUL
ALTER TABLE t ADD COLUMN text NOT NULL; --~ NOT
ALTER TABLE t MODIFY COLUMN a int; --~ MODIFY
ALTER TABLE t CHANGE COLUMN a b int; --~ CHANGE
ALTER TABLE t ADD COLUMN a int AFTER b; --~ AFTER
ALTER TABLE t ALTER COLUMN a TYPE int USING; --~
ALTER SEQUENCE s nonsense; --~ nonsense
CREATE INDEX i t (a); --~ t
CREATE UNIQUE CLUSTERED INDEX i ON t (a); --~ CLUSTERED
DROP INDEX i ON t; --~ ON
DROP TABLE user; --~ user
DROP COLUMN a; --~ COLUMN
COMMENT ON TABLE t 'x'; --~ 'x'
CREATE TRIGGER g BEFORE INSERT ON t BEGIN SELECT 1; --~ BEGIN
CREATE FUNCTION f() RETURNS TABLE (a) LANGUAGE sql AS ''; --~ )
CREATE POLICY p ON t AS PERMISSIV; --~ PERMISSIV
CREATE ROLE r WITH NOSUCHOPTION; --~ NOSUCHOPTION
GRANT SELECT t TO a; --~ t
SET a; --~
VACUUM t,; --~
REINDEX t; --~ t
FLUSH TABLES; --~ FLUSH
USE d; --~ USE
EXEC sp_rename 'a', 'b'; --~ EXEC
PRAGMA foreign_keys = ON; --~ PRAGMA
