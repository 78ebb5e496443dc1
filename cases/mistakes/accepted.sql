-- What PostgreSQL 15 to 18 accept beside such mistakes: behind `---` the name and the file.

--- good-001 002_file.sql
CREATE VIEW app.w AS SELECT id > age AS a FROM app.users;

--- good-002 002_file.sql
CREATE VIEW app.w AS SELECT id = 1.5 AS a FROM app.users;

--- good-003 002_file.sql
CREATE VIEW app.w AS SELECT name = 'x' AS a FROM app.users;

--- good-004 002_file.sql
CREATE VIEW app.w AS SELECT name || id AS a FROM app.users;

--- good-005 002_file.sql
CREATE VIEW app.w AS SELECT id || name AS a FROM app.users;

--- good-006 002_file.sql
CREATE VIEW app.w AS SELECT age || ' years' AS a FROM app.users;

--- good-007 002_file.sql
CREATE VIEW app.w AS SELECT created_at - now() AS a FROM app.users;

--- good-008 002_file.sql
CREATE VIEW app.w AS SELECT created_at::date - born AS a FROM app.users;

--- good-009 002_file.sql
CREATE VIEW app.w AS SELECT born + 1 AS a FROM app.users;

--- good-010 002_file.sql
CREATE VIEW app.w AS SELECT born + interval '1 day' AS a FROM app.users;

--- good-011 002_file.sql
CREATE VIEW app.w AS SELECT born + at AS a FROM app.users;

--- good-012 002_file.sql
CREATE VIEW app.w AS SELECT created_at - '1 day'::interval AS a FROM app.users;

--- good-013 002_file.sql
CREATE VIEW app.w AS SELECT now() - span AS a FROM app.users;

--- good-014 002_file.sql
CREATE VIEW app.w AS SELECT span * 2 AS a FROM app.users;

--- good-015 002_file.sql
CREATE VIEW app.w AS SELECT 2 * span AS a FROM app.users;

--- good-016 002_file.sql
CREATE VIEW app.w AS SELECT span / 3 AS a FROM app.users;

--- good-017 002_file.sql
CREATE VIEW app.w AS SELECT score * cash AS a FROM app.users;

--- good-018 002_file.sql
CREATE VIEW app.w AS SELECT rank + age AS a FROM app.users;

--- good-019 002_file.sql
CREATE VIEW app.w AS SELECT meta->'a'->>'b' AS a FROM app.users;

--- good-020 002_file.sql
CREATE VIEW app.w AS SELECT meta#>>'{a,b}' AS a FROM app.users;

--- good-021 002_file.sql
CREATE VIEW app.w AS SELECT (meta->>'n')::int + 1 AS a FROM app.users;

--- good-022 002_file.sql
CREATE VIEW app.w AS SELECT meta ? 'a' AS a FROM app.users;

--- good-023 002_file.sql
CREATE VIEW app.w AS SELECT meta @> '{"a": 1}' AS a FROM app.users;

--- good-024 002_file.sql
CREATE VIEW app.w AS SELECT meta - 'a' AS a FROM app.users;

--- good-025 002_file.sql
CREATE VIEW app.w AS SELECT meta || '{"a": 1}' AS a FROM app.users;

--- good-026 002_file.sql
CREATE VIEW app.w AS SELECT period && tstzrange(now(), now()) AS a FROM app.users;

--- good-027 002_file.sql
CREATE VIEW app.w AS SELECT period @> now() AS a FROM app.users;

--- good-028 002_file.sql
CREATE VIEW app.w AS SELECT lower(period) AS a FROM app.users;

--- good-029 002_file.sql
CREATE VIEW app.w AS SELECT upper(name) AS a FROM app.users;

--- good-030 002_file.sql
CREATE VIEW app.w AS SELECT lower(email) AS a FROM app.users;

--- good-031 002_file.sql
CREATE VIEW app.w AS SELECT length(email) AS a FROM app.users;

--- good-032 002_file.sql
CREATE VIEW app.w AS SELECT email = name AS a FROM app.users;

--- good-033 002_file.sql
CREATE VIEW app.w AS SELECT email LIKE '%x' AS a FROM app.users;

--- good-034 002_file.sql
CREATE VIEW app.w AS SELECT name ~ '^a' AS a FROM app.users;

--- good-035 002_file.sql
CREATE VIEW app.w AS SELECT name ILIKE 'a' AS a FROM app.users;

--- good-036 002_file.sql
CREATE VIEW app.w AS SELECT code = name AS a FROM app.users;

--- good-037 002_file.sql
CREATE VIEW app.w AS SELECT code || 'x' AS a FROM app.users;

--- good-038 002_file.sql
CREATE VIEW app.w AS SELECT mood = 'calm' AS a FROM app.users;

--- good-039 002_file.sql
CREATE VIEW app.w AS SELECT mood > 'calm' AS a FROM app.users;

--- good-040 002_file.sql
CREATE VIEW app.w AS SELECT mood::text = name AS a FROM app.users;

--- good-041 002_file.sql
CREATE VIEW app.w AS SELECT mood IN ('calm','sad') AS a FROM app.users;

--- good-042 002_file.sql
CREATE VIEW app.w AS SELECT mood = ANY (ARRAY['calm'::app.mood]) AS a FROM app.users;

--- good-043 002_file.sql
CREATE VIEW app.w AS SELECT max(mood) AS a FROM app.users;

--- good-044 002_file.sql
CREATE VIEW app.w AS SELECT max(name) AS a FROM app.users;

--- good-045 002_file.sql
CREATE VIEW app.w AS SELECT min(born) AS a FROM app.users;

--- good-046 002_file.sql
CREATE VIEW app.w AS SELECT sum(span) AS a FROM app.users;

--- good-047 002_file.sql
CREATE VIEW app.w AS SELECT avg(score) AS a FROM app.users;

--- good-048 002_file.sql
CREATE VIEW app.w AS SELECT round(cash, 2) AS a FROM app.users;

--- good-049 002_file.sql
CREATE VIEW app.w AS SELECT round(rank) AS a FROM app.users;

--- good-050 002_file.sql
CREATE VIEW app.w AS SELECT to_char(born, 'YYYY') AS a FROM app.users;

--- good-051 002_file.sql
CREATE VIEW app.w AS SELECT to_char(id, '999') AS a FROM app.users;

--- good-052 002_file.sql
CREATE VIEW app.w AS SELECT date_trunc('month', born) AS a FROM app.users;

--- good-053 002_file.sql
CREATE VIEW app.w AS SELECT extract(year FROM born) AS a FROM app.users;

--- good-054 002_file.sql
CREATE VIEW app.w AS SELECT age(created_at) AS a FROM app.users;

--- good-055 002_file.sql
CREATE VIEW app.w AS SELECT coalesce(name, email) AS a FROM app.users;

--- good-056 002_file.sql
CREATE VIEW app.w AS SELECT coalesce(age, id, 0) AS a FROM app.users;

--- good-057 002_file.sql
CREATE VIEW app.w AS SELECT coalesce(cash, score) AS a FROM app.users;

--- good-058 002_file.sql
CREATE VIEW app.w AS SELECT coalesce(born, created_at) AS a FROM app.users;

--- good-059 002_file.sql
CREATE VIEW app.w AS SELECT CASE WHEN age > 1 THEN 1 ELSE 2.5 END AS a FROM app.users;

--- good-060 002_file.sql
CREATE VIEW app.w AS SELECT CASE WHEN age > 1 THEN 'a' ELSE name END AS a FROM app.users;

--- good-061 002_file.sql
CREATE VIEW app.w AS SELECT CASE WHEN age > 1 THEN mood ELSE 'sad' END AS a FROM app.users;

--- good-062 002_file.sql
CREATE VIEW app.w AS SELECT CASE age WHEN 1 THEN 'a' END AS a FROM app.users;

--- good-063 002_file.sql
CREATE VIEW app.w AS SELECT greatest(age, id) AS a FROM app.users;

--- good-064 002_file.sql
CREATE VIEW app.w AS SELECT nullif(name, '') AS a FROM app.users;

--- good-065 002_file.sql
CREATE VIEW app.w AS SELECT ip << '10.0.0.0/8' AS a FROM app.users;

--- good-066 002_file.sql
CREATE VIEW app.w AS SELECT ip = '10.0.0.1' AS a FROM app.users;

--- good-067 002_file.sql
CREATE VIEW app.w AS SELECT host(ip) AS a FROM app.users;

--- good-068 002_file.sql
CREATE VIEW app.w AS SELECT uid = '7f000001-0000-0000-0000-000000000000' AS a FROM app.users;

--- good-069 002_file.sql
CREATE VIEW app.w AS SELECT encode(raw, 'hex') AS a FROM app.users;

--- good-070 002_file.sql
CREATE VIEW app.w AS SELECT raw || 'x' AS a FROM app.users;

--- good-071 002_file.sql
CREATE VIEW app.w AS SELECT doc @@ to_tsquery('a') AS a FROM app.users;

--- good-072 002_file.sql
CREATE VIEW app.w AS SELECT doc @@ 'a' AS a FROM app.users;

--- good-073 002_file.sql
CREATE VIEW app.w AS SELECT to_tsvector(name) AS a FROM app.users;

--- good-074 002_file.sql
CREATE VIEW app.w AS SELECT to_tsvector('english', name) AS a FROM app.users;

--- good-075 002_file.sql
CREATE VIEW app.w AS SELECT flags & B'101' AS a FROM app.users;

--- good-076 002_file.sql
CREATE VIEW app.w AS SELECT pt <-> point(1,2) AS a FROM app.users;

--- good-077 002_file.sql
CREATE VIEW app.w AS SELECT string_agg(name, ',') AS a FROM app.users;

--- good-078 002_file.sql
CREATE VIEW app.w AS SELECT string_agg(name, ',' ORDER BY id) AS a FROM app.users;

--- good-079 002_file.sql
CREATE VIEW app.w AS SELECT array_agg(id ORDER BY id) AS a FROM app.users;

--- good-080 002_file.sql
CREATE VIEW app.w AS SELECT array_to_string(array_agg(name), ',') AS a FROM app.users;

--- good-081 002_file.sql
CREATE VIEW app.w AS SELECT count(*) FILTER (WHERE age > 1) AS a FROM app.users;

--- good-082 002_file.sql
CREATE VIEW app.w AS SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY age) AS a FROM app.users;

--- good-083 002_file.sql
CREATE VIEW app.w AS SELECT row_number() OVER (PARTITION BY age ORDER BY id) AS a FROM app.users;

--- good-084 002_file.sql
CREATE VIEW app.w AS SELECT lag(age) OVER w AS a FROM app.users WINDOW w AS (ORDER BY id);

--- good-085 002_file.sql
CREATE VIEW app.w AS SELECT sum(age) OVER () AS a, name FROM app.users;

--- good-086 002_file.sql
CREATE VIEW app.w AS SELECT rank() OVER (ORDER BY sum(age)) AS a, name FROM app.users GROUP BY name;

--- good-087 002_file.sql
CREATE VIEW app.w AS SELECT name, count(*) FROM app.users GROUP BY name;

--- good-088 002_file.sql
CREATE VIEW app.w AS SELECT name AS n, count(*) FROM app.users GROUP BY n;

--- good-089 002_file.sql
CREATE VIEW app.w AS SELECT lower(name) AS l, count(*) FROM app.users GROUP BY lower(name);

--- good-090 002_file.sql
CREATE VIEW app.w AS SELECT date_trunc('day', created_at), count(*) FROM app.users GROUP BY 1;

--- good-091 002_file.sql
CREATE VIEW app.w AS SELECT id, name, count(*) FROM app.users GROUP BY id;

--- good-092 002_file.sql
CREATE VIEW app.w AS SELECT u.id, u.name, sum(o.total) FROM app.users u LEFT JOIN app.orders o ON o.user_id = u.id GROUP BY u.id;

--- good-093 002_file.sql
CREATE VIEW app.w AS SELECT u.*, count(o.id) AS n FROM app.users u JOIN app.orders o ON o.user_id = u.id GROUP BY u.id;

--- good-094 002_file.sql
CREATE VIEW app.w AS SELECT user_id, status, count(*) FROM app.orders GROUP BY GROUPING SETS ((user_id), (status), ());

--- good-095 002_file.sql
CREATE VIEW app.w AS SELECT user_id, status, count(*) FROM app.orders GROUP BY ROLLUP (user_id, status);

--- good-096 002_file.sql
CREATE VIEW app.w AS SELECT user_id, count(*) FROM app.orders GROUP BY user_id HAVING count(*) > 1;

--- good-097 002_file.sql
CREATE VIEW app.w AS SELECT user_id, (SELECT name FROM app.users u WHERE u.id = o.user_id) AS a FROM app.orders o GROUP BY user_id;

--- good-098 002_file.sql
CREATE VIEW app.w AS SELECT order_id, pos, max(sku) FROM app.lines GROUP BY order_id, pos;

--- good-099 002_file.sql
CREATE VIEW app.w AS SELECT order_id, pos, sku FROM app.lines GROUP BY order_id, pos;

--- good-100 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users UNION SELECT age FROM app.users;

--- good-101 002_file.sql
CREATE VIEW app.w AS SELECT name FROM app.users UNION ALL SELECT email FROM app.users;

--- good-102 002_file.sql
CREATE VIEW app.w AS SELECT id, NULL AS x FROM app.users UNION SELECT 1, name FROM app.users;

--- good-103 002_file.sql
CREATE VIEW app.w AS SELECT born FROM app.users UNION SELECT created_at FROM app.users;

--- good-104 002_file.sql
CREATE VIEW app.w AS SELECT 'a' AS x UNION SELECT 'b';

--- good-105 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE id IN (SELECT user_id FROM app.orders);

--- good-106 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE (id, age) IN (SELECT user_id, 1 FROM app.orders);

--- good-107 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE EXISTS (SELECT id, user_id FROM app.orders o WHERE o.user_id = id);

--- good-108 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE id = ANY (SELECT user_id FROM app.orders);

--- good-109 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE age BETWEEN 1 AND 5.5;

--- good-110 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE born BETWEEN '2020-01-01' AND now();

--- good-111 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE name IS NOT NULL AND NOT (age > 1);

--- good-112 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.orders WHERE 'a' = ANY (tags);

--- good-113 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.orders WHERE tags @> ARRAY['a'];

--- good-114 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.orders WHERE tags && '{a,b}';

--- good-115 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.orders WHERE tags = '{}';

--- good-116 002_file.sql
CREATE VIEW app.w AS SELECT unnest(tags) AS a FROM app.orders;

--- good-117 002_file.sql
CREATE VIEW app.w AS SELECT array_length(tags, 1) AS a FROM app.orders;

--- good-120 002_file.sql
CREATE VIEW app.w AS SELECT cardinality(tags) AS a FROM app.orders;

--- good-121 002_file.sql
CREATE VIEW app.w AS SELECT x.a, x.b FROM jsonb_to_recordset('[]') AS x(a int, b text);

--- good-122 002_file.sql
CREATE VIEW app.w AS SELECT k, v FROM app.users, jsonb_each_text(meta) AS e(k, v);

--- good-123 002_file.sql
CREATE VIEW app.w AS SELECT id, t FROM app.orders, unnest(tags) AS t;

--- good-124 002_file.sql
CREATE VIEW app.w AS SELECT id, t, o FROM app.orders, unnest(tags) WITH ORDINALITY AS x(t, o);

--- good-125 002_file.sql
CREATE VIEW app.w AS SELECT g FROM generate_series(1, 10) AS g;

--- good-126 002_file.sql
CREATE VIEW app.w AS SELECT g::date AS d FROM generate_series('2025-01-01'::date, '2025-02-01', '1 day') AS g;

--- good-127 002_file.sql
CREATE VIEW app.w AS SELECT app.total(1) AS t;

--- good-128 002_file.sql
CREATE VIEW app.w AS SELECT app.total(id) + 1 AS t FROM app.users;

--- good-129 002_file.sql
CREATE VIEW app.w AS SELECT current_setting('a.b', true)::bigint = id AS a FROM app.users;

--- good-130 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users WHERE id = nullif(current_setting('a.b', true), '')::bigint;

--- good-131 002_file.sql
CREATE VIEW app.w AS SELECT md5(name) AS a FROM app.users;

--- good-132 002_file.sql
CREATE VIEW app.w AS SELECT substring(name from 1 for 3) AS a FROM app.users;

--- good-133 002_file.sql
CREATE VIEW app.w AS SELECT substring(name, '^a') AS a FROM app.users;

--- good-134 002_file.sql
CREATE VIEW app.w AS SELECT substr(name, 1, 2) AS a FROM app.users;

--- good-135 002_file.sql
CREATE VIEW app.w AS SELECT position('a' in name) AS a FROM app.users;

--- good-136 002_file.sql
CREATE VIEW app.w AS SELECT trim(name) AS a FROM app.users;

--- good-137 002_file.sql
CREATE VIEW app.w AS SELECT concat(id, name, mood) AS a FROM app.users;

--- good-138 002_file.sql
CREATE VIEW app.w AS SELECT concat_ws(',', id, name) AS a FROM app.users;

--- good-139 002_file.sql
CREATE VIEW app.w AS SELECT format('%s', id) AS a FROM app.users;

--- good-140 002_file.sql
CREATE VIEW app.w AS SELECT name COLLATE "C" AS a FROM app.users;

--- good-141 002_file.sql
CREATE VIEW app.w AS SELECT make_interval(days => 3) AS a;

--- good-142 002_file.sql
CREATE VIEW app.w AS SELECT jsonb_build_object('a', id, 'b', name) AS a FROM app.users;

--- good-143 002_file.sql
CREATE VIEW app.w AS SELECT jsonb_agg(meta) AS a FROM app.users;

--- good-144 002_file.sql
CREATE VIEW app.w AS SELECT row_to_json(u) AS a FROM app.users u;

--- good-145 002_file.sql
CREATE VIEW app.w AS SELECT to_jsonb(u) - 'id' AS a FROM app.users u;

--- good-146 002_file.sql
CREATE VIEW app.w AS SELECT u FROM app.users u;

--- good-147 002_file.sql
CREATE VIEW app.w AS SELECT (SELECT count(*) FROM app.orders o WHERE o.user_id = u.id) AS n FROM app.users u;

--- good-148 002_file.sql
CREATE VIEW app.w AS SELECT DISTINCT ON (name) name, id FROM app.users ORDER BY name, id;

--- good-149 002_file.sql
CREATE VIEW app.w AS SELECT id FROM app.users ORDER BY name DESC NULLS LAST LIMIT 5 OFFSET 2;

--- good-150 002_file.sql
CREATE VIEW app.w AS SELECT a.id FROM app.users a JOIN app.users b USING (id);

--- good-151 002_file.sql
CREATE VIEW app.w AS SELECT id, a.name FROM app.users a NATURAL JOIN (SELECT id FROM app.orders) o;

--- good-152 002_file.sql
CREATE VIEW app.w AS SELECT x FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, y);

--- good-153 002_file.sql
CREATE VIEW app.w AS SELECT power(age, 2) AS a FROM app.users;

--- good-154 002_file.sql
CREATE VIEW app.w AS SELECT age % 2 = 0 AS a FROM app.users;

--- good-155 002_file.sql
CREATE VIEW app.w AS SELECT -age AS a FROM app.users;

--- good-156 002_file.sql
CREATE VIEW app.w AS SELECT age / 2.0 AS a FROM app.users;

--- good-157 002_file.sql
CREATE VIEW app.w AS SELECT abs(age) AS a FROM app.users;

--- good-158 002_file.sql
CREATE VIEW app.w AS SELECT ceil(score) AS a FROM app.users;

--- good-159 002_file.sql
CREATE VIEW app.w AS SELECT random() < 0.5 AS a;

--- good-160 002_file.sql
CREATE VIEW app.w AS SELECT id::text = name AS a FROM app.users;

--- good-161 002_file.sql
CREATE VIEW app.w AS SELECT name::int = id AS a FROM app.users;

--- good-162 002_file.sql
CREATE VIEW app.w AS SELECT born::text LIKE '2020%' AS a FROM app.users;

--- good-163 002_file.sql
CREATE VIEW app.w AS SELECT to_timestamp(id) AS a FROM app.users;

--- good-164 002_file.sql
CREATE VIEW app.w AS SELECT extract(epoch FROM created_at)::bigint AS a FROM app.users;

--- good-165 002_file.sql
CREATE VIEW app.w AS SELECT (now() AT TIME ZONE 'UTC')::date - born AS a FROM app.users;

--- good-166 002_file.sql
CREATE VIEW app.w AS SELECT created_at AT TIME ZONE 'UTC' - interval '1 day' AS a FROM app.users;

--- good-167 002_file.sql
CREATE VIEW app.w AS SELECT bool_and(age > 1) AS a FROM app.users;

--- good-168 002_file.sql
CREATE VIEW app.w AS SELECT every(age > 1) AS a FROM app.users;

--- good-169 002_file.sql
CREATE VIEW app.w AS SELECT NOT (age IS DISTINCT FROM id) AS a FROM app.users;

--- good-170 002_file.sql
CREATE TABLE app.a (id bigint PRIMARY KEY, n numeric(10,2) DEFAULT 0, t text DEFAULT 'x', j jsonb DEFAULT '{}', a text[] DEFAULT '{}', b boolean DEFAULT false, m app.mood DEFAULT 'calm', at timestamptz DEFAULT now(), d date DEFAULT current_date, i interval DEFAULT '1 day', u uuid DEFAULT gen_random_uuid(), r int4range DEFAULT '[1,5)', e app.email DEFAULT 'a@b', k integer[] DEFAULT ARRAY[1,2], p point DEFAULT '(1,2)', x xml, mo money DEFAULT 5, mm money DEFAULT '$5.00', tt time DEFAULT '12:00', ts timestamp DEFAULT 'now', bb bytea DEFAULT '\x00', c char(3) DEFAULT 'abc', ii inet DEFAULT '10.0.0.0/8', bi bit(3) DEFAULT B'101', f double precision DEFAULT 'NaN', pr app.pair DEFAULT '(1,a)', dr daterange DEFAULT 'empty', j2 jsonb DEFAULT '[{"a": [1, 2.5e3, null, true], "b": "x\\n"}]', ia int[] DEFAULT '{1, 2, NULL}', ta text[] DEFAULT '{"a b", c}', aa int[][] DEFAULT '{{1,2},{3,4}}', iv interval DEFAULT '1 year 2 mons 3 days 04:05:06', iw interval DEFAULT 'P1Y2M', ix interval DEFAULT '@ 1 minute ago', iy interval DEFAULT '1.5 hours', iz interval DEFAULT '1-2', nr numrange DEFAULT '(,5]', tr tstzrange DEFAULT '[2025-01-01,2025-02-01)', mr int4multirange DEFAULT '{[1,2)}');

--- good-171 002_file.sql
CREATE TABLE app.a (id bigint PRIMARY KEY, v varchar(10), w numeric(3, 5), x numeric(3, -2), y timestamp(3), z time(0), b bit(4), vb bit varying(4), c char, iv interval day to second(3), q text) WITH (fillfactor = 70, autovacuum_enabled = false, autovacuum_vacuum_scale_factor = 0.01, toast_tuple_target = 2048, parallel_workers = 2, toast.autovacuum_enabled = false);

--- good-172 002_file.sql
CREATE TABLE app.a (id bigint PRIMARY KEY, a app.mood CHECK (a IN ('calm', 'sad')), n integer CHECK (n > 0), t text CHECK (length(t) > 1), b boolean CHECK (b), c boolean CHECK (b IS NOT NULL), d date CHECK (d > '2020-01-01'), e app.email CHECK (e LIKE '%x'));

--- good-173 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gin (meta);

--- good-174 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gin (meta jsonb_path_ops);

--- good-175 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.orders USING gin (tags);

--- good-176 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gin (to_tsvector('english', name));

--- good-177 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gin (doc);

--- good-178 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gist (period);

--- good-179 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gist (pt);

--- good-180 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gist (ip inet_ops);

--- good-181 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gist (doc);

--- good-182 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING spgist (name);

--- good-183 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING spgist (ip);

--- good-184 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING spgist (period);

--- good-185 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING brin (created_at);

--- good-186 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING brin (id, born) WITH (pages_per_range = 32, autosummarize = on);

--- good-187 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING brin (created_at timestamptz_minmax_multi_ops);

--- good-188 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING hash (name);

--- good-189 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING hash (mood);

--- good-190 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING hash (meta);

--- good-191 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (mood);

--- good-192 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (email);

--- good-193 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (period);

--- good-194 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (meta);

--- good-195 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.orders (tags);

--- good-196 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (name text_pattern_ops);

--- good-197 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (name varchar_pattern_ops);

--- good-198 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (email text_pattern_ops);

--- good-199 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (lower(name) text_pattern_ops);

--- good-200 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users ((meta->>'a'));

--- good-201 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gin ((meta->'a'));

--- good-202 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (ip, uid, at, span, flags, raw, code, cash, score);

--- good-203 002_file.sql
CREATE UNIQUE INDEX CONCURRENTLY i ON app.users (name, age DESC NULLS LAST) INCLUDE (born) WITH (fillfactor = 80, deduplicate_items = off) WHERE age > 1;

--- good-204 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gist (period) WITH (buffering = auto);

--- good-205 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gin (meta) WITH (fastupdate = off, gin_pending_list_limit = 128);

--- good-206 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users USING gist (doc tsvector_ops(siglen = 100));

--- good-207 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (code bpchar_pattern_ops);

--- good-208 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users ((age > 1));

--- good-209 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users ((name COLLATE "C"));

--- good-210 002_file.sql
CREATE INDEX CONCURRENTLY i ON app.users (name COLLATE "C");

--- good-211 002_file.sql
CREATE TABLE app.a (id bigint PRIMARY KEY, r tstzrange NOT NULL, EXCLUDE USING gist (r WITH &&));

--- good-212 002_file.sql
CREATE TABLE app.a (id bigint PRIMARY KEY, mood app.mood, r int4range, CONSTRAINT x EXCLUDE USING btree (mood WITH =));

--- good-213 002_file.sql
CREATE TABLE app.p (id bigint, m app.mood) PARTITION BY LIST (m);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES IN ('calm');
CREATE TABLE app.p2 PARTITION OF app.p FOR VALUES IN ('sad', NULL);

--- good-214 002_file.sql
CREATE TABLE app.p (id bigint, d date) PARTITION BY RANGE (d);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
CREATE TABLE app.p0 PARTITION OF app.p FOR VALUES FROM (MINVALUE) TO ('2024-12-31'::date + 1);

--- good-215 002_file.sql
CREATE TABLE app.p (id bigint, u uuid) PARTITION BY HASH (u);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES WITH (MODULUS 2, REMAINDER 0);

--- good-216 002_file.sql
CREATE TABLE app.p (id bigint, n numeric) PARTITION BY RANGE (n, id);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES FROM (1.5, MINVALUE) TO ('9', MAXVALUE);

--- good-217 002_file.sql
CREATE FUNCTION app.f(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql SET search_path = '' AS $$ SELECT 1 $$;
CREATE FUNCTION app.f(a integer, b integer) RETURNS integer LANGUAGE sql SET search_path = '' AS $$ SELECT 1 $$;

--- good-218 002_file.sql
CREATE FUNCTION app.f(a integer, OUT b integer, OUT c text) LANGUAGE sql SET search_path = '' AS $$ SELECT 1, 'x' $$;

--- good-219 002_file.sql
CREATE FUNCTION app.f(a integer, OUT b integer) RETURNS integer LANGUAGE sql SET search_path = '' AS $$ SELECT 1 $$;

--- good-220 002_file.sql
CREATE FUNCTION app.f(a integer, OUT b integer, OUT c text) RETURNS record LANGUAGE sql SET search_path = '' AS $$ SELECT 1, 'x' $$;

--- good-221 002_file.sql
CREATE FUNCTION app.f(INOUT b integer) LANGUAGE sql SET search_path = '' AS $$ SELECT b + 1 $$;

--- good-222 002_file.sql
CREATE FUNCTION app.f(OUT b integer, OUT c integer) RETURNS SETOF record LANGUAGE sql SET search_path = '' AS $$ SELECT 1, 2 $$;

--- good-223 002_file.sql
CREATE FUNCTION app.f(a integer, VARIADIC b text[]) RETURNS integer LANGUAGE sql SET search_path = '' AS $$ SELECT array_length(b, 1) $$;

--- good-224 002_file.sql
CREATE FUNCTION app.f() RETURNS app.pair LANGUAGE sql SET search_path = '' AS $$ SELECT 1, 'x'::text $$;

--- good-225 002_file.sql
CREATE FUNCTION app.f() RETURNS SETOF app.users LANGUAGE sql SET search_path = '' AS $$ SELECT * FROM app.users $$;

--- good-226 002_file.sql
CREATE FUNCTION app.f() RETURNS app.users LANGUAGE sql SET search_path = '' AS $$ SELECT u FROM app.users u $$;

--- good-227 002_file.sql
CREATE FUNCTION app.f() RETURNS void LANGUAGE sql SET search_path = '' AS $$ SELECT 1, 2 $$;

--- good-228 002_file.sql
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql SET search_path = '' AS $$ DECLARE x integer := 1; r record; u app.users%ROWTYPE; n app.users.name%TYPE; BEGIN x := x + 1; FOR r IN SELECT id FROM app.users LOOP x := r.id; END LOOP; SELECT * INTO u FROM app.users LIMIT 1; u.name := 'a'; n := u.name; FOR i IN 1..3 LOOP x := i; END LOOP; RETURN x; END $$;

--- good-229 002_file.sql
CREATE FUNCTION app.f(a integer) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN a := 2; RETURN; END $$;

--- good-230 002_file.sql
CREATE FUNCTION app.f(OUT a integer) LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN a := 2; END $$;

--- good-231 002_file.sql
CREATE FUNCTION app.f() RETURNS TABLE (a integer) LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN a := 2; RETURN NEXT; RETURN QUERY SELECT 1; END $$;

--- good-232 002_file.sql
CREATE FUNCTION app.f(integer) RETURNS integer LANGUAGE plpgsql SET search_path = '' AS $$ DECLARE a ALIAS FOR $1; b integer; BEGIN $1 := 2; a := 3; RETURN a; EXCEPTION WHEN unique_violation THEN b := 4; RETURN sqlerrm; END $$;

--- good-233 002_file.sql
CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN NEW.a := 1; new.b = 2; IF found THEN RETURN OLD; END IF; RETURN NULL; END $$;

--- good-234 002_file.sql
CREATE PROCEDURE app.p(a integer, INOUT b text) LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN b := a; END $$;

--- good-235 002_file.sql
CREATE TABLE app.a (id bigint PRIMARY KEY);
CREATE FUNCTION app.mk() RETURNS void LANGUAGE sql SET search_path = '' AS $$ INSERT INTO app.a (id) VALUES (1); UPDATE app.a SET id = 2; DELETE FROM app.a; $$;

--- good-236 002_file.sql
CREATE STATISTICS app.st (ndistinct, dependencies, mcv) ON name, age FROM app.users;

--- good-237 002_file.sql
CREATE STATISTICS app.st ON (lower(name)) FROM app.users;

--- good-238 002_file.sql
ALTER TABLE app.users ALTER COLUMN name SET STORAGE EXTERNAL;

--- good-239 002_file.sql
ALTER TABLE app.users ALTER COLUMN age SET STORAGE PLAIN;

--- good-240 002_file.sql
ALTER TABLE app.users SET (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 90);

--- good-241 002_file.sql
ALTER TABLE app.users RESET (fillfactor);

--- good-242 002_file.sql
ALTER TYPE app.mood ADD VALUE 'glad' AFTER 'calm';

--- good-243 002_file.sql
ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'calm' AFTER 'nope';

--- good-244 002_file.sql
ALTER TYPE app.mood ADD VALUE 'aaa' BEFORE 'calm';

--- good-245 002_file.sql
COMMENT ON FUNCTION app.total(bigint) IS 'x';

--- good-246 002_file.sql
COMMENT ON FUNCTION app.total IS 'x';

--- good-247 002_file.sql
COMMENT ON FUNCTION app.touch() IS 'x';

--- good-248 002_file.sql
COMMENT ON CONSTRAINT has_at ON DOMAIN app.email IS 'x';

--- good-249 002_file.sql
COMMENT ON CONSTRAINT orders_total ON app.orders IS 'x';

--- good-250 002_file.sql
COMMENT ON COLUMN app.active.name IS 'x';

--- good-251 002_file.sql
COMMENT ON COLUMN app.pair.x IS 'x';

--- good-252 002_file.sql
GRANT EXECUTE ON FUNCTION app.total(bigint) TO CURRENT_USER;

--- good-253 002_file.sql
GRANT EXECUTE ON ROUTINE app.total TO CURRENT_USER;

--- good-254 002_file.sql
GRANT SELECT ON app.active, app.sums, app.seq TO CURRENT_USER;

--- good-255 002_file.sql
GRANT USAGE ON SEQUENCE app.users_id_seq TO CURRENT_USER;

--- good-256 002_file.sql
GRANT USAGE ON TYPE app.mood, app.email TO CURRENT_USER;

--- good-257 002_file.sql
GRANT USAGE ON DOMAIN app.email TO CURRENT_USER;

--- good-258 002_file.sql
CREATE PUBLICATION pub FOR TABLE app.users, app.orders (id, user_id) WITH (publish = 'insert, update');

--- good-259 002_file.sql
CREATE PUBLICATION pub FOR TABLE app.users WHERE (id > 5);
ALTER PUBLICATION pub ADD TABLE app.orders;
ALTER PUBLICATION pub DROP TABLE app.users;
ALTER PUBLICATION pub SET (publish_via_partition_root = true);

--- good-260 002_file.sql
CREATE SEQUENCE app.s2 OWNED BY app.users.age;

--- good-261 002_file.sql
CREATE SEQUENCE app.s2 AS integer INCREMENT 5 START 10 MINVALUE 1 CACHE 10 CYCLE;

--- good-262 002_file.sql
CREATE TABLE app.a (id bigint DEFAULT nextval('app.seq') PRIMARY KEY, b bigint DEFAULT nextval('app.seq'::regclass), c bigint DEFAULT nextval('seq'));

--- good-263 002_file.sql
CREATE TYPE app.r AS RANGE (SUBTYPE = date);
CREATE TABLE app.a (id bigint PRIMARY KEY, r app.r);

--- good-264 002_file.sql
CREATE TYPE app.t2 AS (a app.mood, b text COLLATE "C");

--- good-265 002_file.sql
CREATE DOMAIN app.d AS integer DEFAULT 5 CHECK (value > 1) CHECK (value < 9 AND value IS NOT NULL);

--- good-266 002_file.sql
CREATE DOMAIN app.d AS app.email CHECK (length(value) > 3);

--- good-267 002_file.sql
ALTER DOMAIN app.email ADD CONSTRAINT short CHECK (length(VALUE) < 99) NOT VALID;

--- good-268 002_file.sql
ALTER DOMAIN app.email VALIDATE CONSTRAINT has_at;

--- good-269 002_file.sql
ALTER DOMAIN app.email DROP CONSTRAINT IF EXISTS nope;

--- good-270 002_file.sql
ALTER DOMAIN app.email RENAME CONSTRAINT has_at TO at_sign;

--- good-271 002_file.sql
CREATE TRIGGER t AFTER INSERT ON app.users REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION app.touch();

--- good-272 002_file.sql
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON app.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.age > 1 AND NEW.mood = 'calm') EXECUTE FUNCTION app.touch();

--- good-273 002_file.sql
CREATE TRIGGER t BEFORE UPDATE OF name, age ON app.users FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch('a', 1);

--- good-274 002_file.sql
CREATE POLICY p ON app.users USING (id = current_setting('a.b')::bigint AND email = current_user);

--- good-275 002_file.sql
CREATE POLICY p ON app.users FOR INSERT WITH CHECK (EXISTS (SELECT 1 FROM app.orders o WHERE o.user_id = users.id));

--- good-276 002_file.sql
CREATE AGGREGATE app.agg (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

--- good-277 002_file.sql
CREATE FUNCTION app.add(a numeric, b numeric) RETURNS numeric LANGUAGE sql SET search_path = '' AS $$ SELECT a + b $$;
CREATE AGGREGATE app.agg (numeric) (SFUNC = app.add, STYPE = numeric);

--- good-292 002_file.sql
CREATE AGGREGATE app.agg (BASETYPE = integer, SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE AGGREGATE app.agg ("basetype" = 'ANY', SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE app.agg (bigint) (SFUNC = int8pl, STYPE = bigint);
COMMENT ON AGGREGATE app.agg (integer) IS 'the sum';
CREATE OR REPLACE AGGREGATE app.agg (amount integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1');
DROP AGGREGATE app.agg (*), app.agg (integer);
CREATE AGGREGATE app.agg (BASETYPE = integer, SFUNC = int4pl, STYPE = integer);

--- good-278 002_file.sql
CREATE VIEW app.w (a) AS SELECT id, name FROM app.users;

--- good-279 002_file.sql
CREATE RULE r AS ON DELETE TO app.users DO ALSO INSERT INTO app.orders (id, user_id) VALUES (OLD.id, OLD.id);

--- good-282 S001_seed.sql
INSERT INTO app.events (id, at) VALUES (1, '2025-06-01') ON CONFLICT DO NOTHING;

--- good-283 S001_seed.sql
INSERT INTO app.events_2025 (id, at) VALUES (1, '2025-06-01') ON CONFLICT DO NOTHING;

--- good-284 S001_seed.sql
UPDATE app.orders SET total = total * 2, status = 'a' WHERE id = 1;

--- good-285 S001_seed.sql
UPDATE app.users u SET name = o.status FROM app.orders o WHERE o.user_id = u.id;

--- good-286 S001_seed.sql
DO $$ DECLARE n bigint; r record; BEGIN SELECT count(*) INTO n FROM app.users; FOR r IN SELECT id AS x FROM app.users LOOP UPDATE app.users SET age = n WHERE id = r.x; END LOOP; IF n > 5 THEN PERFORM app.total(n); END IF; END $$;

--- good-287 S001_seed.sql
DO $$ DECLARE name2 text := 'x'; v_id bigint; BEGIN UPDATE app.users SET name = name2 WHERE id = v_id; INSERT INTO app.orders (id, user_id) SELECT v_id, v_id WHERE false; EXCEPTION WHEN others THEN RAISE NOTICE '%', sqlerrm; END $$;

--- good-289 S001_seed.sql
DO $$ BEGIN IF EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'app' AND column_name = 'nope') THEN UPDATE app.users SET nope = 1; END IF; END $$;

--- good-290 S001_seed.sql
DO $$ BEGIN CREATE TEMP TABLE tt (a int); INSERT INTO tt (a) VALUES (1); DROP TABLE tt; END $$;

--- good-291 S001_seed.sql
DO $$ BEGIN BEGIN UPDATE app.users SET nope = 1; EXCEPTION WHEN undefined_column THEN NULL; END; END $$;
