-- Plain mistakes that people make: behind `---` the name, the file, and the SQLSTATE with which PostgreSQL 15 to 18 refuse it.

--- table-01 002_file.sql 42P07
CREATE TABLE app.users (id bigint PRIMARY KEY);

--- table-02 002_file.sql 42701
CREATE TABLE app.a (id bigint PRIMARY KEY, name text, name text);

--- table-03 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, n string);

--- table-04 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, at datetime);

--- table-05 002_file.sql 42601
CREATE TABLE app.a (id bigint AUTO_INCREMENT PRIMARY KEY);

--- table-06 002_file.sql 42P16
CREATE TABLE app.a (id bigint PRIMARY KEY, PRIMARY KEY (id));

--- table-07 002_file.sql 42703
CREATE TABLE app.a (id bigint, PRIMARY KEY (ident));

--- table-08 002_file.sql 42703
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer CHECK (m > 0));

--- table-09 002_file.sql 0A000
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer DEFAULT id);

--- table-10 002_file.sql 0A000
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer DEFAULT (SELECT 1));

--- table-11 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer DEFAULT 'many');

--- table-12 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, ok boolean DEFAULT 'maybe');

--- table-13 002_file.sql 22007
CREATE TABLE app.a (id bigint PRIMARY KEY, at timestamptz DEFAULT 'noww');

--- table-14 002_file.sql 42883
CREATE TABLE app.a (id uuid PRIMARY KEY DEFAULT uuid_generate_v4());

--- table-15 002_file.sql 42883
CREATE TABLE app.a (id uuid PRIMARY KEY DEFAULT gen_random_uid());

--- table-16 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, j jsonb DEFAULT '{a: 1}');

--- table-17 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, t text[] DEFAULT '[]');

--- table-18 002_file.sql 22023
CREATE TABLE app.a (id bigint PRIMARY KEY, v varchar(0));

--- table-19 002_file.sql 22023
CREATE TABLE app.a (id bigint PRIMARY KEY, v numeric(2, 5000));

--- table-20 002_file.sql 42601
CREATE TABLE app.a (id bigint PRIMARY KEY, v text(50));

--- table-22 002_file.sql 42804
CREATE TABLE app.a (id bigint PRIMARY KEY, v integer COLLATE "C");

--- table-23 002_file.sql 42601
CREATE TABLE app.a (id serial PRIMARY KEY DEFAULT 5);

--- table-24 002_file.sql 42601
CREATE TABLE app.a (id bigint GENERATED ALWAYS AS IDENTITY DEFAULT 5 PRIMARY KEY);

--- table-25 002_file.sql 22023
CREATE TABLE app.a (id text GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

--- table-26 002_file.sql 42P01
CREATE TABLE app.a (LIKE app.nope INCLUDING ALL);

--- table-27 002_file.sql 42P01
CREATE TABLE app.a (id bigint PRIMARY KEY) INHERITS (app.nope);

--- table-28 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, v money DEFAULT 'x');

--- table-29 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, v inet DEFAULT '300.1.1.1');

--- table-30 002_file.sql 22007
CREATE TABLE app.a (id bigint PRIMARY KEY, v interval DEFAULT '3 fortnite');

--- table-31 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, v uuid DEFAULT 'abc');

--- table-32 002_file.sql 42804
CREATE TABLE app.a (id bigint PRIMARY KEY, v integer DEFAULT now());

--- table-33 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, v citext);

--- table-34 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, v geometry(Point, 4326));

--- table-35 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, v vector(3));

--- table-36 002_file.sql 22023
CREATE TABLE app.a (id bigint PRIMARY KEY) WITH (fillfactr = 70);

--- table-37 002_file.sql 22023
CREATE TABLE app.a (id bigint PRIMARY KEY) WITH (fillfactor = 5);

--- table-39 002_file.sql 42P01
CREATE UNLOGGED TABLE app.a (id bigint PRIMARY KEY REFERENCES app.b (id));

--- table-40 002_file.sql 42703
CREATE TABLE app.a AS SELECT nope FROM app.users;

--- table-41 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, mood app.moods);

--- table-42 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, mood app.mood DEFAULT 'happy');

--- table-43 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, mood app.mood CHECK (mood IN ('calm', 'glad')));

--- table-44 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer CHECK (n > 'a'));

--- table-45 002_file.sql 0A000
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer CHECK (n IN (SELECT age FROM app.users)));

--- table-46 002_file.sql 42803
CREATE TABLE app.a (id bigint PRIMARY KEY, n integer CHECK (sum(n) > 0));

--- table-47 002_file.sql 42804
CREATE TABLE app.a (id bigint PRIMARY KEY, n text CHECK (length(n)));

--- table-48 002_file.sql 42701
CREATE TABLE app.a (id bigint PRIMARY KEY, ctid text);

--- table-49 002_file.sql 22P02
CREATE TABLE app.a (id bigint PRIMARY KEY, v app.pair DEFAULT '(a,b)');

--- table-50 002_file.sql 22000
CREATE TABLE app.a (id bigint PRIMARY KEY, v int4range DEFAULT '[5,1]');

--- table-51 002_file.sql 22008
CREATE TABLE app.a (id bigint PRIMARY KEY, v date DEFAULT '2025-02-30');

--- con-01 002_file.sql 42703
ALTER TABLE app.users ADD CONSTRAINT u_email UNIQUE (mail);

--- con-02 002_file.sql 42710
ALTER TABLE app.orders ADD CONSTRAINT orders_total CHECK (total < 9);

--- con-03 002_file.sql 42P01
ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.nope (id) NOT VALID;

--- con-04 002_file.sql 42830
ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.users (email) NOT VALID;

--- con-05 002_file.sql 42804
ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (status) REFERENCES app.users (id) NOT VALID;

--- con-06 002_file.sql 42830
ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.lines (order_id, pos) NOT VALID;

--- con-07 002_file.sql 42P16
ALTER TABLE app.orders ADD PRIMARY KEY (user_id);

--- con-08 002_file.sql 42704
ALTER TABLE app.orders VALIDATE CONSTRAINT nope;

--- con-09 002_file.sql 42704
ALTER TABLE app.orders DROP CONSTRAINT nope;

--- con-10 002_file.sql 2BP01
ALTER TABLE app.users DROP CONSTRAINT users_pkey;

--- con-11 002_file.sql 42809
ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.active (id) NOT VALID;

--- con-12 002_file.sql 42704
ALTER TABLE app.orders ADD CONSTRAINT e EXCLUDE USING gist (user_id WITH =);

--- con-13 002_file.sql 0A000
ALTER TABLE app.orders ADD CONSTRAINT u UNIQUE (total) NOT VALID;

--- con-14 002_file.sql 42704
ALTER TABLE app.orders ADD CONSTRAINT u UNIQUE USING INDEX nope;

--- con-15 002_file.sql 42809
ALTER TABLE app.orders ADD CONSTRAINT u UNIQUE USING INDEX orders_user;

--- con-16 002_file.sql 42704
ALTER TABLE app.orders RENAME CONSTRAINT nope TO other;

--- con-17 002_file.sql 42809
ALTER TABLE app.orders ALTER CONSTRAINT orders_total DEFERRABLE;

--- con-18 002_file.sql 42703
ALTER TABLE app.orders ADD CONSTRAINT c CHECK (totl > 0) NOT VALID;

--- con-19 002_file.sql 42704
ALTER TABLE app.users ADD CONSTRAINT c CHECK (born < now()::dat) NOT VALID;

--- con-20 002_file.sql 42804
ALTER TABLE app.users ADD CONSTRAINT c CHECK (name) NOT VALID;

--- con-21 002_file.sql 42703
ALTER TABLE app.users ADD CONSTRAINT c UNIQUE (meta, nope);

--- con-22 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, j json UNIQUE);

--- con-23 002_file.sql 42601
CREATE TABLE app.a (id bigint PRIMARY KEY, u bigint REFERENCES app.users (id) ON DELETE SET DEFALT);

--- con-24 002_file.sql 42830
CREATE TABLE app.a (id bigint PRIMARY KEY, u bigint, FOREIGN KEY (u) REFERENCES app.users (id, name));

--- con-25 002_file.sql 42804
CREATE TABLE app.a (id bigint PRIMARY KEY, u text REFERENCES app.users);

--- con-26 002_file.sql 42830
CREATE TABLE app.a (id bigint PRIMARY KEY, u bigint REFERENCES app.events (id));

--- con-27 002_file.sql 42710
CREATE TABLE app.a (id bigint PRIMARY KEY, CONSTRAINT x CHECK (id > 0), CONSTRAINT x CHECK (id < 9));

--- con-28 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, s int, r tstzrange, EXCLUDE USING gist (s WITH =, r WITH &&));

--- con-29 002_file.sql 0A000
ALTER TABLE app.users ADD CONSTRAINT c CHECK (age > 0) DEFERRABLE;

--- part-01 002_file.sql 0A000
CREATE TABLE app.p (id bigint PRIMARY KEY, at timestamptz NOT NULL) PARTITION BY RANGE (at);

--- part-02 002_file.sql 0A000
CREATE TABLE app.p (id bigint, at timestamptz NOT NULL, UNIQUE (id)) PARTITION BY RANGE (at);

--- part-03 002_file.sql 42703
CREATE TABLE app.p (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (ts);

--- part-04 002_file.sql 42P17
CREATE TABLE app.events_x PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2026-01-01');

--- part-05 002_file.sql 42P17
CREATE TABLE app.events_x PARTITION OF app.events FOR VALUES FROM ('2025-06-01') TO ('2026-06-01');

--- part-06 002_file.sql 42P17
CREATE TABLE app.events_x PARTITION OF app.users FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

--- part-07 002_file.sql 42P17
CREATE TABLE app.regions_x PARTITION OF app.regions FOR VALUES IN ('fr', 'it');

--- part-08 002_file.sql 42P16
CREATE TABLE app.regions_x PARTITION OF app.regions FOR VALUES FROM ('a') TO ('b');

--- part-09 002_file.sql 42P16
CREATE TABLE app.events_x PARTITION OF app.events FOR VALUES IN ('2027-01-01');

--- part-10 002_file.sql 22007
CREATE TABLE app.events_x PARTITION OF app.events FOR VALUES FROM ('nope') TO ('2028-01-01');

--- part-11 002_file.sql 42P16
CREATE TABLE app.events_x PARTITION OF app.events FOR VALUES FROM (1, 2) TO (3, 4);

--- part-12 002_file.sql 42804
CREATE TABLE app.e3 (id bigint NOT NULL, at timestamptz NOT NULL);
ALTER TABLE app.events ATTACH PARTITION app.e3 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

--- part-13 002_file.sql 42804
CREATE TABLE app.e3 (id integer NOT NULL, at timestamptz NOT NULL, kind text);
ALTER TABLE app.events ATTACH PARTITION app.e3 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

--- part-14 002_file.sql 42804
CREATE TABLE app.e3 (id bigint NOT NULL, at timestamptz NOT NULL, kind text, extra int);
ALTER TABLE app.events ATTACH PARTITION app.e3 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

--- part-15 002_file.sql 42P01
ALTER TABLE app.events DETACH PARTITION app.users;

--- part-16 002_file.sql 42809
ALTER TABLE app.events_2025 ADD COLUMN x text;

--- part-17 002_file.sql 42P16
ALTER TABLE app.events_2025 DROP COLUMN kind;

--- part-18 002_file.sql 42P17
CREATE TABLE app.p (id bigint, at timestamptz NOT NULL) PARTITION BY LIST (id, at);

--- part-19 002_file.sql 42704
CREATE TABLE app.p (id bigint, j json) PARTITION BY RANGE (j);

--- part-20 002_file.sql 42P16
ALTER TABLE app.events DROP COLUMN at;

--- part-21 002_file.sql 42P16
ALTER TABLE app.events ALTER COLUMN at TYPE date;

--- part-22 002_file.sql 0A000
CREATE UNIQUE INDEX e_kind ON app.events (kind);

--- part-23 002_file.sql 0A000
CREATE INDEX CONCURRENTLY e_kind ON app.events (kind);

--- part-24 002_file.sql 42P16
ALTER TABLE app.events ALTER COLUMN at DROP NOT NULL;

--- part-25 002_file.sql 42P16
CREATE TABLE app.h PARTITION OF app.events FOR VALUES WITH (MODULUS 4, REMAINDER 5);

--- part-26 002_file.sql 42P16
CREATE TABLE app.p (id bigint, at timestamptz NOT NULL) PARTITION BY HASH (id);
CREATE TABLE app.p0 PARTITION OF app.p FOR VALUES WITH (MODULUS 4, REMAINDER 4);

--- part-27 002_file.sql 42P17
CREATE TABLE app.p (id bigint) PARTITION BY RANGE (id);
CREATE TABLE app.pd PARTITION OF app.p DEFAULT;
CREATE TABLE app.pd2 PARTITION OF app.p DEFAULT;

--- part-28 002_file.sql 42P17
CREATE TABLE app.p (id bigint, at timestamptz) PARTITION BY RANGE (date_trunc('day', at));

--- part-29 002_file.sql 0A000
CREATE TABLE app.p (id bigint, at timestamp) PARTITION BY RANGE (date_trunc('day', at));
ALTER TABLE app.p ADD PRIMARY KEY (id, at);

--- part-30 S001_seed.sql 23514
INSERT INTO app.events (id, at) VALUES (1, '2030-01-01');

--- view-01 002_file.sql 42703
CREATE VIEW app.w AS SELECT nope FROM app.users;

--- view-02 002_file.sql 42P01
CREATE VIEW app.w AS SELECT id FROM app.nope;

--- view-03 002_file.sql 42P16
CREATE OR REPLACE VIEW app.active AS SELECT name, id FROM app.users;

--- view-04 002_file.sql 42P16
CREATE OR REPLACE VIEW app.active AS SELECT id FROM app.users;

--- view-05 002_file.sql 42701
CREATE VIEW app.w AS SELECT id, id FROM app.users;

--- view-06 002_file.sql 42601
CREATE VIEW app.w (a, b, c) AS SELECT id, name FROM app.users;

--- view-07 002_file.sql 42703
CREATE VIEW app.w AS SELECT u.id, o.nope FROM app.users u JOIN app.orders o ON o.user_id = u.id;

--- view-08 002_file.sql 42702
CREATE VIEW app.w AS SELECT id FROM app.users u JOIN app.orders o ON o.user_id = u.id;

--- view-09 002_file.sql 42803
CREATE VIEW app.w AS SELECT user_id, total FROM app.orders GROUP BY user_id;

--- view-10 002_file.sql 42883
CREATE VIEW app.w AS SELECT id FROM app.users WHERE name > 5;

--- view-11 002_file.sql 42804
CREATE VIEW app.w AS SELECT coalesce(name, 0) AS n FROM app.users;

--- view-12 002_file.sql 42601
CREATE VIEW app.w AS SELECT id FROM app.users UNION SELECT id, user_id FROM app.orders;

--- view-13 002_file.sql 42804
CREATE VIEW app.w AS SELECT id FROM app.users UNION SELECT status FROM app.orders;

--- view-14 002_file.sql 42883
CREATE VIEW app.w AS SELECT lenght(name) AS l FROM app.users;

--- view-15 002_file.sql 42809
DROP VIEW app.sums;

--- view-16 002_file.sql 42809
DROP MATERIALIZED VIEW app.active;

--- view-17 002_file.sql 55000
REFRESH MATERIALIZED VIEW CONCURRENTLY app.sums;

--- view-18 002_file.sql 42809
REFRESH MATERIALIZED VIEW app.active;

--- view-19 002_file.sql 42809
CREATE INDEX i ON app.active (id);

--- view-20 002_file.sql 42703
ALTER VIEW app.active RENAME COLUMN nope TO x;

--- view-21 002_file.sql 42P07
CREATE VIEW app.active AS SELECT 1 AS one;

--- view-22 002_file.sql 42803
CREATE VIEW app.w AS SELECT id, count(*) FROM app.users WHERE count(*) > 1 GROUP BY id;

--- view-23 002_file.sql 22P02
CREATE VIEW app.w AS SELECT id FROM app.users WHERE mood = 'happy';

--- view-25 002_file.sql 42703
CREATE VIEW app.w AS SELECT id FROM app.users ORDER BY nope;

--- view-26 002_file.sql 42P01
CREATE VIEW app.w AS SELECT u.id FROM app.users;

--- view-27 002_file.sql 42703
CREATE VIEW app.w AS SELECT id AS n FROM app.users WHERE n > 5;

--- view-28 002_file.sql 42883
CREATE VIEW app.w AS SELECT sum(name) AS s FROM app.users;

--- view-29 002_file.sql 22P02
CREATE VIEW app.w AS SELECT meta->>'a' + 1 AS s FROM app.users;

--- view-30 002_file.sql 42883
CREATE VIEW app.w AS SELECT created_at - 7 AS s FROM app.users;

--- view-31 002_file.sql 42809
CREATE VIEW app.w AS SELECT row_number() AS s FROM app.users;

--- view-32 002_file.sql 22P02
CREATE VIEW app.w AS SELECT CASE WHEN age > 1 THEN 'a' ELSE 1 END AS s FROM app.users;

--- view-33 002_file.sql 42601
CREATE VIEW app.w AS SELECT id FROM app.users WHERE id IN (SELECT user_id, id FROM app.orders);

--- view-34 002_file.sql 42P10
CREATE VIEW app.w AS SELECT DISTINCT id FROM app.users ORDER BY name;

--- view-35 002_file.sql 22007
CREATE MATERIALIZED VIEW app.w AS SELECT id FROM app.users WHERE created_at > now() - '1 dy'::interval;

--- view-36 002_file.sql 22P02
CREATE VIEW app.w AS SELECT id FROM app.orders WHERE tags = 'a';

--- view-37 002_file.sql 22P02
CREATE VIEW app.w AS SELECT id FROM app.orders WHERE tags @> 'a';

--- view-38 002_file.sql 42P10
CREATE VIEW app.w AS SELECT id FROM app.users LIMIT age;

--- fn-01 002_file.sql 42703
CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql AS $$ SELECT nope FROM app.users $$;

--- fn-02 002_file.sql 42P13
CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql AS $$ SELECT name FROM app.users $$;

--- fn-03 002_file.sql 42P13
CREATE OR REPLACE FUNCTION app.total(o bigint) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;

--- fn-04 002_file.sql 42P13
CREATE OR REPLACE FUNCTION app.total(id bigint) RETURNS numeric LANGUAGE sql AS $$ SELECT 1.0 $$;

--- fn-05 002_file.sql 42723
CREATE FUNCTION app.total(o bigint) RETURNS numeric LANGUAGE sql AS $$ SELECT 1.0 $$;

--- fn-06 002_file.sql 42883
DROP FUNCTION app.total(integer);

--- fn-07 002_file.sql 42883
DROP FUNCTION app.nope();

--- fn-09 002_file.sql 42704
CREATE FUNCTION app.f() RETURNS nope LANGUAGE sql AS $$ SELECT 1 $$;

--- fn-10 002_file.sql 42P13
CREATE FUNCTION app.f(a integer, a text) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;

--- fn-11 002_file.sql 42P13
CREATE FUNCTION app.f(a integer DEFAULT 1, b text) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;

--- fn-12 002_file.sql 42601
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1 END $$;

--- fn-13 002_file.sql 42601
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN x := 1; RETURN x; END $$;

--- fn-14 002_file.sql 42P13
CREATE FUNCTION app.f() RETURNS TABLE (id bigint) LANGUAGE sql AS $$ SELECT id, name FROM app.users $$;

--- fn-15 002_file.sql 42P13
CREATE FUNCTION app.f(OUT a integer, OUT b integer) RETURNS integer LANGUAGE sql AS $$ SELECT 1, 2 $$;

--- fn-16 002_file.sql 42804
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;

--- fn-17 002_file.sql 42P13
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS $$ $$;

--- fn-18 002_file.sql 42601
CREATE PROCEDURE app.p() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;

--- fn-19 002_file.sql 42883
ALTER FUNCTION app.total(text) OWNER TO CURRENT_USER;

--- fn-20 002_file.sql 42703
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT nope FROM app.users; END;

--- fn-21 002_file.sql 42809
DROP PROCEDURE app.total(bigint);

--- fn-22 002_file.sql 2BP01
DROP FUNCTION app.touch();

--- fn-23 002_file.sql 42704
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$ DECLARE r RECRD; BEGIN RETURN 1; END $$;

--- fn-24 002_file.sql 42703
CREATE FUNCTION app.f(x integer) RETURNS integer LANGUAGE sql AS $$ SELECT y $$;

--- fn-25 002_file.sql 42P13
CREATE FUNCTION app.f() RETURNS integer AS $$ SELECT 1 $$;

--- fn-26 002_file.sql 42601
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql IMMUTABL AS $$ SELECT 1 $$;

--- fn-27 002_file.sql 42601
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $;

--- fn-29 002_file.sql 42P13
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS $$ INSERT INTO app.orders (id, user_id) VALUES (1, 2) $$;

--- fn-30 002_file.sql 42703
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS $$ UPDATE app.orders SET nope = 1 RETURNING 1 $$;

--- fn-31 002_file.sql 42704
CREATE FUNCTION app.f() RETURNS SETOF app.nope LANGUAGE sql AS $$ SELECT * FROM app.users $$;

--- fn-32 002_file.sql 42P13
CREATE FUNCTION app.f() RETURNS app.pair LANGUAGE sql AS $$ SELECT 1 $$;

--- fn-33 002_file.sql 42601
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN IF true THEN RETURN 1; END $$;

--- fn-34 S001_seed.sql 42883
SELECT app.total('x', 1);

--- fn-35 S001_seed.sql 42809
CALL app.total(1);

--- fn-36 002_file.sql 42883
CREATE AGGREGATE app.agg (integer) (SFUNC = nope, STYPE = integer);

--- fn-37 002_file.sql 42723
CREATE AGGREGATE app.agg (BASETYPE = integer, SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE app.agg (amount integer) (SFUNC = int4pl, STYPE = integer);

--- fn-38 002_file.sql 42723
CREATE AGGREGATE app.agg (*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE app.agg ("basetype" = 'any', SFUNC = int8inc, STYPE = bigint, INITCOND = '0');

--- fn-39 002_file.sql 42723
CREATE DOMAIN app.amount AS integer;
CREATE FUNCTION app.plus(a app.amount, b app.amount) RETURNS app.amount LANGUAGE sql SET search_path = '' AS $$ SELECT a $$;
CREATE AGGREGATE app.agg (BASETYPE = app.amount, SFUNC = app.plus, STYPE = app.amount);
CREATE AGGREGATE app.agg (app.amount) (SFUNC = app.plus, STYPE = app.amount);

--- fn-40 002_file.sql 42P13
CREATE AGGREGATE app.agg (integer) (SFUNC = int4pl, STYPE = integer);
CREATE OR REPLACE AGGREGATE app.agg (BASETYPE = 'int4', SFUNC1 = int84pl, STYPE1 = bigint);

--- fn-41 002_file.sql 42723
CREATE AGGREGATE app.agg (BASETYPE = integer, SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE app.agg (BASETYPE = bigint, SFUNC = int8pl, STYPE = bigint);
DROP AGGREGATE app.agg (integer);
CREATE AGGREGATE app.agg (BASETYPE = bigint, SFUNC = int8pl, STYPE = bigint);

--- trg-01 002_file.sql 42883
CREATE TRIGGER t BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.nope();

--- trg-02 002_file.sql 42883
CREATE TRIGGER t BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.total();

--- trg-03 002_file.sql 42710
CREATE TRIGGER touch BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-04 002_file.sql 42703
CREATE TRIGGER t BEFORE UPDATE OF nope ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-05 002_file.sql 42P17
CREATE TRIGGER t BEFORE INSERT ON app.users FOR EACH ROW WHEN (OLD.name IS NULL) EXECUTE FUNCTION app.touch();

--- trg-06 002_file.sql 42703
CREATE TRIGGER t BEFORE UPDATE ON app.users FOR EACH ROW WHEN (NEW.nope IS NULL) EXECUTE FUNCTION app.touch();

--- trg-07 002_file.sql 42809
CREATE TRIGGER t INSTEAD OF INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-08 002_file.sql 42809
CREATE TRIGGER t BEFORE INSERT ON app.active FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-09 002_file.sql 42704
DROP TRIGGER nope ON app.users;

--- trg-10 002_file.sql 42P17
CREATE TRIGGER t AFTER INSERT ON app.users REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION app.touch();

--- trg-11 002_file.sql 42P17
CREATE TRIGGER t BEFORE INSERT ON app.users FOR EACH STATEMENT WHEN (NEW.name IS NULL) EXECUTE FUNCTION app.touch();

--- trg-12 002_file.sql 42704
ALTER TABLE app.users DISABLE TRIGGER nope;

--- trg-13 002_file.sql 42601
CREATE CONSTRAINT TRIGGER t BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-14 002_file.sql 0A000
CREATE TRIGGER t BEFORE TRUNCATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-15 002_file.sql 42704
ALTER TRIGGER nope ON app.users RENAME TO x;

--- trg-16 002_file.sql 42P01
CREATE TRIGGER t BEFORE INSERT ON app.nope FOR EACH ROW EXECUTE FUNCTION app.touch();

--- trg-17 002_file.sql 42804
CREATE TRIGGER t BEFORE UPDATE ON app.users FOR EACH ROW WHEN (NEW.age) EXECUTE FUNCTION app.touch();

--- type-01 002_file.sql 42710
ALTER TYPE app.mood ADD VALUE 'calm';

--- type-02 002_file.sql 42704
ALTER TYPE app.moods ADD VALUE 'glad';

--- type-03 002_file.sql 22023
ALTER TYPE app.mood ADD VALUE 'glad' AFTER 'nope';

--- type-04 002_file.sql 42710
CREATE TYPE app.mood AS ENUM ('a');

--- type-05 002_file.sql 23505
CREATE TYPE app.m2 AS ENUM ('a', 'a');

--- type-06 002_file.sql 22023
ALTER TYPE app.mood RENAME VALUE 'nope' TO 'x';

--- type-08 002_file.sql 2BP01
DROP TYPE app.mood;

--- type-09 002_file.sql 55P04
ALTER TYPE app.mood ADD VALUE 'glad';
ALTER TABLE app.users ALTER COLUMN mood SET DEFAULT 'glad';

--- type-10 002_file.sql 22P02
ALTER TABLE app.users ALTER COLUMN mood SET DEFAULT 'happy';

--- type-11 002_file.sql 42701
CREATE TYPE app.p2 AS (x integer, x text);

--- type-12 002_file.sql 42703
ALTER TYPE app.pair DROP ATTRIBUTE nope;

--- type-13 002_file.sql 42710
CREATE TYPE app.users AS (x integer);

--- type-14 002_file.sql 42704
CREATE TYPE app.r AS RANGE (SUBTYPE = nope);

--- type-15 002_file.sql 42601
ALTER TYPE app.mood ADD VALUE 'a', ADD VALUE 'b';

--- dom-01 002_file.sql 42703
CREATE DOMAIN app.d AS text CHECK (nope > 0);

--- dom-02 002_file.sql 42710
CREATE DOMAIN app.email AS text;

--- dom-03 002_file.sql 42704
ALTER DOMAIN app.email DROP CONSTRAINT nope;

--- dom-04 002_file.sql 2BP01
DROP DOMAIN app.email;

--- dom-05 002_file.sql 22P02
CREATE DOMAIN app.d AS integer DEFAULT 'x';

--- dom-06 002_file.sql 42704
CREATE DOMAIN app.d AS nope;

--- dom-07 002_file.sql 42883
CREATE DOMAIN app.d AS integer CHECK (value ~ 'a');

--- dom-08 002_file.sql 42704
ALTER DOMAIN app.nope SET NOT NULL;

--- dom-09 002_file.sql 42710
ALTER DOMAIN app.email ADD CONSTRAINT has_at CHECK (VALUE <> '') NOT VALID;

--- dom-10 002_file.sql 42601
CREATE DOMAIN app.d AS text PRIMARY KEY;

--- seq-01 002_file.sql 42P07
CREATE SEQUENCE app.seq;

--- seq-02 002_file.sql 42P01
ALTER SEQUENCE app.nope RESTART;

--- seq-03 002_file.sql 22023
CREATE SEQUENCE app.s2 INCREMENT 0;

--- seq-04 002_file.sql 22023
CREATE SEQUENCE app.s2 MINVALUE 10 MAXVALUE 5;

--- seq-05 002_file.sql 42703
CREATE SEQUENCE app.s2 OWNED BY app.users.nope;

--- seq-06 S001_seed.sql 42P01
SELECT setval('app.nope', 5);

--- seq-07 002_file.sql 42601
ALTER TABLE app.users ALTER COLUMN id SET DEFAULT nextval('app.seq');

--- seq-08 002_file.sql 42P01
CREATE TABLE app.a (id bigint DEFAULT nextval('app.nope') PRIMARY KEY);

--- seq-09 002_file.sql 55000
ALTER TABLE app.orders ALTER COLUMN id DROP IDENTITY;

--- seq-10 002_file.sql 22023
ALTER TABLE app.orders ALTER COLUMN total ADD GENERATED ALWAYS AS IDENTITY;

--- seq-11 002_file.sql 55000
ALTER TABLE app.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;

--- seq-12 002_file.sql 22023
CREATE SEQUENCE app.s2 AS text;

--- seq-13 002_file.sql 22023
CREATE SEQUENCE app.s2 START 0;

--- seq-14 002_file.sql 2BP01
DROP SEQUENCE app.users_id_seq;

--- seq-15 002_file.sql 42P17
CREATE TABLE app.a (a bigint GENERATED ALWAYS AS IDENTITY, b bigint GENERATED ALWAYS AS IDENTITY, c int GENERATED ALWAYS AS (c + 1) STORED);

--- seq-16 002_file.sql 22023
ALTER TABLE app.orders ALTER COLUMN status ADD GENERATED BY DEFAULT AS IDENTITY;

--- seq-17 002_file.sql 55000
ALTER TABLE app.lines ALTER COLUMN sku SET GENERATED ALWAYS;

--- idx-01 002_file.sql 42703
CREATE INDEX i ON app.users (nope);

--- idx-02 002_file.sql 42P07
CREATE INDEX orders_user ON app.orders (id);

--- idx-03 002_file.sql 42704
CREATE INDEX i ON app.users USING gin (name);

--- idx-04 002_file.sql 42704
CREATE INDEX i ON app.users USING gist (age);

--- idx-05 002_file.sql 42704
CREATE INDEX i ON app.users USING gin (name gin_trgm_ops);

--- idx-06 002_file.sql 42704
CREATE INDEX i ON app.users USING gin (meta jsonb_ops_path);

--- idx-07 002_file.sql 42601
CREATE INDEX i ON app.users (meta -> 'a');

--- idx-08 002_file.sql 42P17
CREATE INDEX i ON app.users (id) WHERE created_at > now();

--- idx-09 002_file.sql 42P17
CREATE INDEX i ON app.users (date_trunc('day', created_at));

--- idx-10 002_file.sql 0A000
CREATE UNIQUE INDEX i ON app.users USING hash (name);

--- idx-11 002_file.sql 0A000
CREATE INDEX i ON app.users USING hash (name, age);

--- idx-12 002_file.sql 42704
CREATE INDEX i ON app.users USING btre (name);

--- idx-13 002_file.sql 42704
CREATE INDEX i ON app.users USING gin (age);

--- idx-14 002_file.sql 42704
CREATE INDEX i ON app.users USING brin (meta);

--- idx-15 002_file.sql 42704
CREATE INDEX i ON app.users USING spgist (age);

--- idx-16 002_file.sql 42704
CREATE INDEX i ON app.users (name text_patern_ops);

--- idx-17 002_file.sql 42804
CREATE INDEX i ON app.users (age text_pattern_ops);

--- idx-18 002_file.sql 42P01
CREATE INDEX i ON app.nope (id);

--- idx-19 002_file.sql 42804
CREATE INDEX i ON app.users (id) WHERE name;

--- idx-20 002_file.sql 42703
CREATE INDEX i ON app.users (id) WHERE nope = 1;

--- idx-21 002_file.sql 42704
DROP INDEX app.nope;

--- idx-22 002_file.sql 2BP01
DROP INDEX app.users_pkey;

--- idx-23 002_file.sql 42P01
ALTER INDEX app.nope RENAME TO x;

--- idx-24 002_file.sql 0A000
CREATE INDEX i ON app.users USING gin (meta) INCLUDE (name);

--- idx-25 002_file.sql 0A000
CREATE INDEX i ON app.users USING gin (meta DESC);

--- idx-26 002_file.sql 42883
CREATE INDEX i ON app.users (lower(age));

--- idx-27 002_file.sql 42601
CREATE INDEX i ON app.users ((SELECT 1));

--- idx-28 002_file.sql 22023
CREATE INDEX i ON app.users (name) WITH (fastupdate = off);

--- idx-29 002_file.sql 42P17
CREATE INDEX i ON app.users (to_char(created_at, 'YYYY'));

--- idx-30 002_file.sql 42P17
CREATE INDEX i ON app.users USING gin (to_tsvector(name));

--- idx-31 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, j json);
CREATE INDEX i ON app.a (j);

--- idx-32 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, p point);
CREATE INDEX i ON app.a (p);

--- idx-33 002_file.sql 42704
CREATE TABLE app.a (id bigint PRIMARY KEY, x xml);
CREATE INDEX i ON app.a USING hash (x);

--- idx-34 002_file.sql 42704
CREATE INDEX i ON app.users (name COLLATE "nope");

--- idx-35 002_file.sql 42803
CREATE INDEX i ON app.users (count(id));

--- idx-36 002_file.sql 42883
CREATE INDEX i ON app.users (app.nope(id));

--- idx-37 002_file.sql 42P17
CREATE INDEX i ON app.orders (app.total(id));

--- idx-38 002_file.sql 42704
CREATE INDEX i ON app.users USING gin (name, meta);

--- idx-39 002_idx.sql 42703
CREATE INDEX CONCURRENTLY i ON app.users (nope);

--- idx-40 002_file.sql 42704
CREATE INDEX i ON app.orders USING gist (tags);

--- idx-41 002_file.sql 42704
CREATE INDEX i ON app.orders USING gin (tags gin_trgm_ops);

--- idx-42 002_file.sql 0A000
CREATE UNIQUE INDEX i ON app.orders USING gin (tags);

--- pol-01 002_file.sql 42703
CREATE POLICY p ON app.users USING (nope = 1);

--- pol-02 002_file.sql 42P01
CREATE POLICY p ON app.nope USING (true);

--- pol-03 002_file.sql 42601
CREATE POLICY p ON app.users FOR INSERT USING (true);

--- pol-04 002_file.sql 42601
CREATE POLICY p ON app.users FOR SELECT WITH CHECK (true);

--- pol-06 002_file.sql 42704
DROP POLICY nope ON app.users;

--- pol-07 002_file.sql 42704
ALTER POLICY nope ON app.users USING (true);

--- pol-08 002_file.sql 42804
CREATE POLICY p ON app.users USING (id);

--- pol-09 002_file.sql 42710
CREATE POLICY p ON app.users USING (true);
CREATE POLICY p ON app.users USING (false);

--- pol-10 002_file.sql 42883
CREATE POLICY p ON app.users USING (id = current_setting('app.tenant'));

--- pol-11 002_file.sql 42809
CREATE POLICY p ON app.active USING (true);

--- pol-12 002_file.sql 42809
ALTER TABLE app.active ENABLE ROW LEVEL SECURITY;

--- gr-01 002_file.sql 42P01
GRANT SELECT ON app.nope TO PUBLIC;

--- gr-03 002_file.sql 0LP01
GRANT EXECUTE ON app.users TO PUBLIC;

--- gr-04 002_file.sql 42703
GRANT SELECT (nope) ON app.users TO PUBLIC;

--- gr-05 002_file.sql 42883
GRANT EXECUTE ON FUNCTION app.total(text) TO PUBLIC;

--- gr-06 002_file.sql 42P01
GRANT USAGE ON SEQUENCE app.nope TO PUBLIC;

--- gr-08 002_file.sql 42704
GRANT USAGE ON TYPE app.nope TO PUBLIC;

--- gr-09 002_file.sql 0LP01
GRANT INSERT ON SEQUENCE app.seq TO PUBLIC;

--- gr-10 002_file.sql 42P01
REVOKE SELECT ON app.nope FROM PUBLIC;

--- gr-11 002_file.sql 42601
GRANT SELCT ON app.users TO PUBLIC;

--- gr-12 002_file.sql 42883
GRANT EXECUTE ON FUNCTION app.nope() TO PUBLIC;

--- gr-14 002_file.sql 42809
GRANT SELECT ON SEQUENCE app.users TO PUBLIC;

--- ext-06 002_file.sql 42710
CREATE EXTENSION citext SCHEMA app;
CREATE EXTENSION citext SCHEMA app;

--- gen-01 002_file.sql 42703
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c int GENERATED ALWAYS AS (nope * 2) STORED);

--- gen-02 002_file.sql 42P17
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c timestamptz GENERATED ALWAYS AS (now()) STORED);

--- gen-03 002_file.sql 42P17
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c int GENERATED ALWAYS AS (b * 2) STORED, d int GENERATED ALWAYS AS (c * 2) STORED);

--- gen-04 002_file.sql 42601
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c int GENERATED ALWAYS AS (b * 2) STORED DEFAULT 5);

--- gen-05 002_file.sql 42601
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c text GENERATED ALWAYS AS (b::text || 'x') STORED);
ALTER TABLE app.a ALTER COLUMN c SET DEFAULT 'x';

--- gen-06 002_file.sql 42P17
CREATE TABLE app.a (id bigint PRIMARY KEY, b timestamptz, c date GENERATED ALWAYS AS (b::date) STORED);

--- gen-07 002_file.sql 42804
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c date GENERATED ALWAYS AS (b) STORED);

--- gen-08 002_file.sql 42P17
CREATE TABLE app.a (id bigint PRIMARY KEY, b text, c tsvector GENERATED ALWAYS AS (to_tsvector(b)) STORED);

--- gen-09 002_file.sql 42P17
CREATE TABLE app.a (id bigint PRIMARY KEY, b text, c text GENERATED ALWAYS AS (concat(b, 'x')) STORED);

--- gen-10 002_file.sql 42601
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c int GENERATED ALWAYS AS (SELECT 1) STORED);

--- gen-11 002_file.sql 55000
ALTER TABLE app.users ALTER COLUMN age DROP EXPRESSION;

--- gen-12 S001_seed.sql 428C9
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c int GENERATED ALWAYS AS (b * 2) STORED);
INSERT INTO app.a (id, b, c) VALUES (1, 2, 3);

--- gen-13 002_file.sql 42601
CREATE TABLE app.a (id bigint PRIMARY KEY, b int, c int GENERATED BY DEFAULT AS (b * 2) STORED);

--- pub-01 002_file.sql 42P01
CREATE PUBLICATION pub FOR TABLE app.nope;

--- pub-02 002_file.sql 22023
CREATE PUBLICATION pub FOR TABLE app.active;

--- pub-03 002_file.sql 42703
CREATE PUBLICATION pub FOR TABLE app.users (nope);

--- pub-05 002_file.sql 42710
CREATE PUBLICATION pub FOR TABLE app.users;
ALTER PUBLICATION pub ADD TABLE app.users;

--- pub-06 002_file.sql 42704
CREATE PUBLICATION pub FOR TABLE app.users;
ALTER PUBLICATION pub DROP TABLE app.orders;

--- pub-07 002_file.sql 42703
CREATE PUBLICATION pub FOR TABLE app.users WHERE (nope = 1);

--- pub-08 002_file.sql 42601
CREATE PUBLICATION pub FOR TABLE app.users WITH (publish = 'insrt');

--- pub-10 002_file.sql 42710
CREATE PUBLICATION pub FOR TABLE app.users;
CREATE PUBLICATION pub FOR TABLE app.orders;

--- pub-11 002_file.sql 0A000
CREATE PUBLICATION pub FOR TABLE app.users WHERE (created_at > now());

--- com-01 002_file.sql 42P01
COMMENT ON TABLE app.nope IS 'x';

--- com-02 002_file.sql 42703
COMMENT ON COLUMN app.users.nope IS 'x';

--- com-03 002_file.sql 42883
COMMENT ON FUNCTION app.nope() IS 'x';

--- com-04 002_file.sql 42883
COMMENT ON FUNCTION app.total(text) IS 'x';

--- com-05 002_file.sql 42704
COMMENT ON TYPE app.nope IS 'x';

--- com-06 002_file.sql 42704
COMMENT ON CONSTRAINT nope ON app.users IS 'x';

--- com-07 002_file.sql 42P01
COMMENT ON INDEX app.nope IS 'x';

--- com-08 002_file.sql 42809
COMMENT ON TABLE app.active IS 'x';

--- com-09 002_file.sql 42704
COMMENT ON TRIGGER nope ON app.users IS 'x';

--- com-10 002_file.sql 42704
COMMENT ON POLICY nope ON app.users IS 'x';

--- com-14 002_file.sql 42704
COMMENT ON DOMAIN app.nope IS 'x';

--- com-16 002_file.sql 42809
COMMENT ON SEQUENCE app.users IS 'x';

--- com-17 002_file.sql 42809
COMMENT ON VIEW app.users IS 'x';

--- drop-01 100_drop_nope.sql 42P01
DROP TABLE app.nope;

--- drop-02 100_drop_users.sql 2BP01
DROP TABLE app.users;

--- drop-03 100_drop_nope.sql 42703
ALTER TABLE app.users DROP COLUMN nope;

--- drop-04 100_drop_name.sql 2BP01
ALTER TABLE app.users DROP COLUMN name;

--- drop-05 100_drop_active.sql 42809
DROP TABLE app.active;

--- drop-06 100_drop_app.sql 2BP01
DROP SCHEMA app;

--- drop-08 100_drop_rule.sql 42704
DROP RULE nope ON app.users;

--- drop-09 100_drop_stat.sql 42704
DROP STATISTICS app.nope;

--- drop-10 100_drop_cast.sql 42704
DROP CAST (text AS app.mood);

--- drop-11 100_drop_op.sql 42883
DROP OPERATOR app.=== (text, text);

--- drop-12 100_drop_agg.sql 42883
DROP AGGREGATE app.nope(integer);

--- drop-13 100_drop_coll.sql 42704
DROP COLLATION app.nope;

--- drop-14 100_drop_coll.sql 42P01
DROP TABLE app.users, app.nope CASCADE;

--- ren-01 100_r.sql 42703
ALTER TABLE app.users RENAME COLUMN nope TO x;

--- ren-02 100_r.sql 42701
ALTER TABLE app.users RENAME COLUMN name TO email;

--- ren-03 100_r.sql 42P01
ALTER TABLE app.nope RENAME TO x;

--- ren-04 100_r.sql 42P07
ALTER TABLE app.users RENAME TO orders;

--- ren-05 100_r.sql 42704
ALTER TYPE app.nope RENAME TO x;

--- ren-06 100_r.sql 42601
ALTER TABLE app.users RENAME TO app.people;

--- ren-07 100_r.sql 42P07
ALTER INDEX app.orders_user RENAME TO orders_pkey;

--- ren-09 100_r.sql 42710
ALTER TYPE app.mood RENAME TO pair;

--- alt-01 002_file.sql 42701
ALTER TABLE app.users ADD COLUMN name text;

--- alt-02 002_file.sql 42703
ALTER TABLE app.users ALTER COLUMN nope SET DEFAULT 1;

--- alt-03 100_a.sql 42804
ALTER TABLE app.users ALTER COLUMN name TYPE integer;

--- alt-04 002_file.sql 22P02
ALTER TABLE app.users ALTER COLUMN age SET DEFAULT 'old';

--- alt-05 002_file.sql 42704
ALTER TABLE app.users ADD COLUMN n nope;

--- alt-06 002_file.sql 42601
ALTER TABLE app.users ALTER COLUMN id DROP NOT NULL;

--- alt-07 002_file.sql 42703
ALTER TABLE app.users ALTER COLUMN nope SET NOT NULL;

--- alt-08 100_a.sql 42703
ALTER TABLE app.users ALTER COLUMN born TYPE timestamptz USING nope;

--- alt-09 100_a.sql 42846
ALTER TABLE app.users ALTER COLUMN meta TYPE integer USING meta::integer[];

--- alt-10 100_a.sql 0A000
ALTER TABLE app.users ALTER COLUMN name TYPE text;

--- alt-11 002_file.sql 42704
ALTER TABLE app.users REPLICA IDENTITY USING INDEX nope;

--- alt-12 002_file.sql 42809
ALTER TABLE app.orders REPLICA IDENTITY USING INDEX orders_user;

--- alt-13 002_file.sql 42704
ALTER TABLE app.users CLUSTER ON nope;

--- alt-14 002_file.sql 42P01
ALTER TABLE app.users INHERIT app.nope;

--- alt-15 002_file.sql 0A000
ALTER TABLE app.users ALTER COLUMN age SET STORAGE EXTERNAL;

--- alt-16 002_file.sql 22023
ALTER TABLE app.users SET (fillfactr = 70);

--- alt-17 002_file.sql 42601
ALTER TABLE app.users ALTER COLUMN age SET STATISTICS 'x';

--- alt-18 002_file.sql 42P01
ALTER TABLE app.nope ADD COLUMN x int;

--- alt-19 002_file.sql 42701
ALTER TABLE app.users ADD COLUMN x int, ADD COLUMN x text;

--- alt-20 100_a.sql 0A000
ALTER TABLE app.users ALTER COLUMN age TYPE smallint, ALTER COLUMN age TYPE bigint;

--- alt-21 002_file.sql 42601
ALTER TABLE app.users MODIFY COLUMN name text;

--- alt-22 100_a.sql 42703
ALTER TABLE app.users ALTER COLUMN status TYPE app.mood USING status::app.mood;

--- alt-23 100_a.sql 42804
ALTER TABLE app.orders ALTER COLUMN status TYPE app.mood USING status::app.mood;

--- alt-24 100_a.sql 42809
ALTER VIEW app.users RENAME TO x;

--- alt-25 100_a.sql 42809
ALTER SEQUENCE app.users RESTART;

--- alt-26 002_file.sql 42703
ALTER TABLE app.users ALTER COLUMN name DROP DEFAULT, ALTER COLUMN nme SET DEFAULT 'x';

--- alt-27 100_a.sql 42P16
ALTER TABLE app.users SET UNLOGGED;

--- alt-28 002_file.sql 42P17
CREATE STATISTICS app.st ON name FROM app.users;

--- alt-29 002_file.sql 42703
CREATE STATISTICS app.st ON name, nope FROM app.users;

--- alt-30 002_file.sql 42601
CREATE STATISTICS app.st (depend) ON name, age FROM app.users;

--- alt-31 002_file.sql 0A000
ALTER TABLE app.users ADD COLUMN x text DEFAULT nope;

--- alt-32 002_file.sql 22P02
ALTER TABLE app.users ADD COLUMN x integer DEFAULT 'a';

--- seed-01 S001_seed.sql 42P01
INSERT INTO app.nope (id) VALUES (1) ON CONFLICT DO NOTHING;

--- seed-02 S001_seed.sql 42703
INSERT INTO app.orders (id, nope) VALUES (1, 1) ON CONFLICT DO NOTHING;

--- seed-03 S001_seed.sql 42601
INSERT INTO app.orders (id, user_id) VALUES (1, 1, 1) ON CONFLICT DO NOTHING;

--- seed-04 S001_seed.sql 42601
INSERT INTO app.orders (id, user_id, total) VALUES (1, 1) ON CONFLICT DO NOTHING;

--- seed-05 S001_seed.sql 428C9
INSERT INTO app.users (id, email) VALUES (1, 'a@b') ON CONFLICT DO NOTHING;

--- seed-06 S001_seed.sql 22P02
INSERT INTO app.users (email, mood) VALUES ('a@b', 'happy') ON CONFLICT DO NOTHING;

--- seed-07 S001_seed.sql 23514
INSERT INTO app.users (email) VALUES ('ab') ON CONFLICT DO NOTHING;

--- seed-08 S001_seed.sql 23502
INSERT INTO app.lines (order_id, sku) VALUES (1, 'x') ON CONFLICT DO NOTHING;

--- seed-09 S001_seed.sql 42P10
INSERT INTO app.orders (id, user_id) VALUES (1, 1) ON CONFLICT (user_id) DO NOTHING;

--- seed-10 S001_seed.sql 22P02
INSERT INTO app.users (email, meta) VALUES ('a@b', '{x}') ON CONFLICT DO NOTHING;

--- seed-11 S001_seed.sql 22008
INSERT INTO app.users (email, born) VALUES ('a@b', '2025-13-01') ON CONFLICT DO NOTHING;

--- seed-12 S001_seed.sql 22P02
INSERT INTO app.orders (id, user_id, total) VALUES ('one', 1, 1) ON CONFLICT DO NOTHING;

--- seed-13 S001_seed.sql 42804
INSERT INTO app.users (email, age) VALUES ('a@b', true) ON CONFLICT DO NOTHING;

--- seed-14 S001_seed.sql 42701
INSERT INTO app.users (email, email) VALUES ('a@b', 'b@c') ON CONFLICT DO NOTHING;

--- seed-15 S001_seed.sql 23514
INSERT INTO app.orders (id, user_id, total) VALUES (1, 1, -5) ON CONFLICT DO NOTHING;

--- seed-16 S001_seed.sql 22001
INSERT INTO app.users (email, name) VALUES ('a@b', '0123456789012345678901234567890123456789012345678901234567890') ON CONFLICT DO NOTHING;

--- seed-17 S001_seed.sql 22P02
INSERT INTO app.orders (id, user_id, tags) VALUES (1, 1, 'a,b') ON CONFLICT DO NOTHING;

--- seed-18 S001_seed.sql 42703
INSERT INTO app.orders (id, user_id) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET nope = EXCLUDED.nope;

--- seed-19 S001_seed.sql 42703
INSERT INTO app.orders (id, user_id) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET total = EXCLUDED.amount;

--- seed-20 S001_seed.sql 42703
UPDATE app.orders SET nope = 1 WHERE id = 1;

--- seed-21 S001_seed.sql 22P02
UPDATE app.orders SET total = 'x' WHERE id = 1;

--- seed-22 S001_seed.sql 42703
UPDATE app.orders SET total = 1 WHERE nope = 1;

--- seed-23 S001_seed.sql 42P01
DELETE FROM app.nope WHERE id = 1;

--- seed-24 S001_seed.sql 42883
DELETE FROM app.orders WHERE status = 1;

--- seed-25 S001_seed.sql 42703
INSERT INTO app.active (id, nope) VALUES (1, 1) ON CONFLICT DO NOTHING;

--- seed-26 S001_seed.sql 42809
INSERT INTO app.sums (user_id, total) VALUES (1, 1) ON CONFLICT DO NOTHING;

--- seed-27 S001_seed.sql 42601
INSERT INTO app.orders (id, user_id) SELECT id FROM app.users ON CONFLICT DO NOTHING;

--- seed-28 S001_seed.sql 42601
INSERT INTO app.orders (id, user_id) VALUES (1, 1), (2) ON CONFLICT DO NOTHING;

--- seed-29 S001_seed.sql 23502
INSERT INTO app.users (email, created_at) VALUES ('a@b', NULL) ON CONFLICT DO NOTHING;

--- seed-30 S001_seed.sql 22003
INSERT INTO app.users (email, age) VALUES ('a@b', 99999999999) ON CONFLICT DO NOTHING;

--- seed-31 S001_seed.sql 23503
INSERT INTO app.orders (id, user_id) VALUES (1, 424242);

--- seed-33 S001_seed.sql 42703
DO $$ BEGIN UPDATE app.orders SET nope = 1 WHERE id = 1; END $$;

--- seed-34 S001_seed.sql 42703
DO $$ BEGIN INSERT INTO app.orders (id, nope) VALUES (1, 2); END $$;

--- seed-35 S001_seed.sql 42703
DO $$ BEGIN PERFORM nope FROM app.users; END $$;

--- seed-36 S001_seed.sql 42703
DO $$ DECLARE n integer; BEGIN SELECT nope INTO n FROM app.users; END $$;

--- seed-37 S001_seed.sql 42P01
DO $$ BEGIN DELETE FROM app.nope; END $$;

--- seed-38 S001_seed.sql 42703
DO $$ DECLARE r record; BEGIN FOR r IN SELECT nope FROM app.users LOOP NULL; END LOOP; END $$;

--- seed-39 S001_seed.sql 42703
DO $$ BEGIN UPDATE app.orders SET total = 1 WHERE nope = 1; END $$;

--- seed-40 S001_seed.sql 42883
DO $$ BEGIN PERFORM app.nope(1); END $$;

--- seed-41 S001_seed.sql 42703
DO $$ DECLARE n integer := nope; BEGIN NULL; END $$;

--- seed-42 S001_seed.sql 42703
DO $$ BEGIN IF EXISTS (SELECT 1 FROM app.users WHERE nope) THEN NULL; END IF; END $$;

--- seed-43 S001_seed.sql 42703
MERGE INTO app.orders o USING app.users u ON o.user_id = u.nope WHEN MATCHED THEN DELETE;

--- seed-45 S001_seed.sql 42P01
TRUNCATE app.nope;

--- seed-46 S001_seed.sql 0A000
TRUNCATE app.users;

--- seed-47 S001_seed.sql 23514
INSERT INTO app.events_2025 (id, at) VALUES (1, '2027-01-01') ON CONFLICT DO NOTHING;

--- seed-48 S001_seed.sql 42883
INSERT INTO app.users (email, meta) VALUES ('a@b', jsonb_build_objct('a', 1)) ON CONFLICT DO NOTHING;

--- seed-49 S001_seed.sql 42703
WITH x AS (SELECT nope FROM app.users) INSERT INTO app.orders (id, user_id) SELECT 1, 2 FROM x;

--- seed-50 S001_seed.sql 23502
INSERT INTO app.users DEFAULT VALUES;

--- rule-01 002_file.sql 42P01
CREATE RULE r AS ON INSERT TO app.users DO INSTEAD INSERT INTO app.nope VALUES (1);

--- rule-02 002_file.sql 42703
CREATE RULE r AS ON INSERT TO app.users DO ALSO INSERT INTO app.orders (id, user_id) VALUES (NEW.id, NEW.nope);

--- rule-04 002_file.sql 42710
CREATE RULE r AS ON DELETE TO app.users DO INSTEAD NOTHING;
CREATE RULE r AS ON DELETE TO app.users DO INSTEAD NOTHING;
