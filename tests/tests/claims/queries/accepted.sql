SELECT id, name FROM shop.customers WHERE id = $1
SELECT * FROM shop.customers
SELECT c.* FROM shop.customers c WHERE c.email = $1
SELECT c.id, o.id AS order_id FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id WHERE o.state = $1
SELECT c.id, o.id AS order_id FROM shop.customers c LEFT JOIN shop.orders o ON o.customer_id = c.id
SELECT c.name, o.note FROM shop.customers c RIGHT JOIN shop.orders o ON o.customer_id = c.id
SELECT c.name, o.note FROM shop.customers c FULL JOIN shop.orders o ON o.customer_id = c.id
SELECT count(*) FROM shop.orders
SELECT count(*) AS n, state FROM shop.orders GROUP BY state
SELECT customer_id, sum(total) AS total FROM shop.orders GROUP BY customer_id HAVING sum(total) > $1
SELECT max(placed_at), min(placed_at) FROM shop.orders
SELECT name FROM shop.customers WHERE name LIKE $1
SELECT name FROM shop.customers WHERE name ILIKE '%' || $1 || '%'
SELECT name FROM shop.customers WHERE nickname = $1
SELECT name FROM shop.customers WHERE id = ANY($1)
SELECT name FROM shop.customers WHERE nickname = ANY($1)
SELECT name FROM shop.customers WHERE email = ANY($1)
SELECT id FROM shop.orders WHERE state = ANY($1)
SELECT name FROM shop.customers WHERE id IN ($1, $2, $3)
SELECT name FROM shop.customers WHERE id NOT IN ($1, 4)
SELECT name FROM shop.customers WHERE created_at BETWEEN $1 AND $2
SELECT name FROM shop.customers WHERE created_at > now() - $1::interval
SELECT name FROM shop.customers WHERE created_at > now() - interval '1 day'
SELECT name FROM shop.customers WHERE created_at >= $1 ORDER BY created_at DESC LIMIT $2 OFFSET $3
SELECT name FROM shop.customers WHERE $1::text IS NULL OR name = $1
SELECT name FROM shop.customers WHERE name = COALESCE($1, name)
SELECT COALESCE(nickname, name) AS shown FROM shop.customers
SELECT COALESCE(nickname, $1) AS shown FROM shop.customers
SELECT nickname IS NULL AS anonymous FROM shop.customers
SELECT upper(name), lower(email), length(name) FROM shop.customers
SELECT name || ' ' || nickname AS both FROM shop.customers
SELECT id + 1 AS next, id * $1 AS times FROM shop.customers
SELECT price * quantity AS amount FROM shop.items
SELECT price * $1 AS amount FROM shop.items
SELECT stock - $1 AS left FROM shop.products WHERE sku = $2
SELECT attributes -> 'a' AS a, attributes ->> 'b' AS b FROM shop.products
SELECT attributes ->> $1 AS b FROM shop.products
SELECT sku FROM shop.products WHERE attributes @> $1
SELECT sku FROM shop.products WHERE attributes ? $1
SELECT sku FROM shop.products WHERE attributes #>> '{a,b}' = $1
SELECT sku FROM shop.products WHERE document @@ to_tsquery($1)
SELECT sku FROM shop.products WHERE document @@ websearch_to_tsquery('english', $1)
SELECT sku FROM shop.products WHERE valid_in @> now()
SELECT sku FROM shop.products WHERE valid_in && tstzrange($1, $2)
SELECT name FROM shop.customers WHERE tags @> $1
SELECT name FROM shop.customers WHERE $1 = ANY(tags)
SELECT name, tags[1] FROM shop.customers
SELECT unnest(tags) AS tag FROM shop.customers
SELECT array_agg(name) AS names FROM shop.customers
SELECT string_agg(name, ', ' ORDER BY name) AS names FROM shop.customers
SELECT jsonb_build_object('id', id, 'name', name) AS doc FROM shop.customers
SELECT json_agg(c) FROM shop.customers c
SELECT to_char(created_at, 'YYYY') AS year FROM shop.customers
SELECT date_trunc('day', created_at) AS day, count(*) FROM shop.customers GROUP BY 1
SELECT date_trunc($1, created_at) AS day FROM shop.customers
SELECT extract(year FROM created_at) AS year FROM shop.customers
SELECT EXISTS (SELECT FROM shop.orders WHERE customer_id = $1) AS has
SELECT EXISTS (SELECT 1 FROM shop.orders WHERE customer_id = $1)
SELECT NOT EXISTS (SELECT FROM shop.orders WHERE shipped_on IS NOT NULL)
SELECT (SELECT max(placed_at) FROM shop.orders o WHERE o.customer_id = c.id) AS last FROM shop.customers c
SELECT CASE WHEN active THEN 'yes' ELSE 'no' END AS active FROM shop.customers
SELECT CASE state WHEN 'new' THEN 1 WHEN 'done' THEN 2 END AS n FROM shop.orders
SELECT CASE WHEN total > $1 THEN $2 ELSE note END FROM shop.orders
SELECT total FROM shop.orders WHERE total > $1
SELECT id FROM shop.orders WHERE "from" = $1
SELECT id FROM shop.orders WHERE "from" << $1
SELECT id FROM shop.orders WHERE raw = $1
SELECT id FROM shop.orders WHERE shipped_on = $1 AND pickup_at < $2 AND took > $3
SELECT id FROM shop.orders WHERE shipped_on > current_date - 7
SELECT id FROM shop.orders WHERE shipped_on > current_date - $1::int
SELECT id FROM shop.orders WHERE local_at < $1
SELECT id FROM shop.orders WHERE placed_at < $1 AND (id, customer_id) > ($2, $3)
SELECT id::text FROM shop.orders WHERE id::text = $1
SELECT CAST(id AS text) AS id FROM shop.orders
SELECT id FROM shop.orders WHERE id = $1::uuid
SELECT state::text FROM shop.orders
SELECT id FROM shop.orders WHERE state = 'done'
SELECT id FROM shop.orders WHERE state IN ('new', 'done')
SELECT id FROM shop.orders WHERE state = $1::shop.state
SELECT id FROM shop.orders WHERE state <> $1 ORDER BY state, placed_at NULLS LAST
SELECT DISTINCT customer_id FROM shop.orders
SELECT DISTINCT ON (customer_id) customer_id, id, placed_at FROM shop.orders ORDER BY customer_id, placed_at DESC
SELECT id FROM shop.orders ORDER BY placed_at FETCH FIRST 10 ROWS ONLY
SELECT id FROM shop.orders FOR UPDATE SKIP LOCKED
SELECT id FROM shop.orders WHERE id = $1 FOR UPDATE
SELECT id FROM shop.customers UNION SELECT customer_id FROM shop.orders
SELECT name AS x FROM shop.customers UNION ALL SELECT title FROM shop.products ORDER BY x
SELECT id FROM shop.customers EXCEPT SELECT customer_id FROM shop.orders
SELECT id FROM shop.customers INTERSECT SELECT customer_id FROM shop.orders
WITH recent AS (SELECT * FROM shop.orders WHERE placed_at > $1) SELECT id, note FROM recent
WITH recent AS (SELECT customer_id, count(*) AS n FROM shop.orders GROUP BY customer_id) SELECT c.name, r.n FROM recent r JOIN shop.customers c ON c.id = r.customer_id
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < $1) SELECT n FROM t
WITH moved AS (DELETE FROM shop.items WHERE order_id = $1 RETURNING *) SELECT sku, quantity FROM moved
WITH new AS (INSERT INTO shop.customers (email, name) VALUES ($1, $2) RETURNING id) INSERT INTO shop.orders (customer_id) SELECT id FROM new RETURNING id
SELECT c.name, x.n FROM shop.customers c CROSS JOIN LATERAL (SELECT count(*) AS n FROM shop.orders o WHERE o.customer_id = c.id) x
SELECT c.name, x.placed_at FROM shop.customers c LEFT JOIN LATERAL (SELECT placed_at FROM shop.orders o WHERE o.customer_id = c.id ORDER BY placed_at LIMIT 1) x ON true
SELECT s.id, s.n FROM (SELECT customer_id AS id, count(*) AS n FROM shop.orders GROUP BY customer_id) s WHERE s.n > $1
SELECT name, state FROM shop.open_orders WHERE customer_id = $1
SELECT * FROM shop.open_orders
SELECT o.name FROM shop.open_orders o JOIN shop.customers c ON c.id = o.customer_id
SELECT shop.full_name(id) AS shown FROM shop.customers
SELECT shop.full_name($1, $2)
SELECT * FROM shop.orders_of($1)
SELECT o.id FROM shop.orders_of($1) o WHERE o.placed_at > $2
SELECT (address).zip FROM shop.customers WHERE (address).street = $1
SELECT address FROM shop.customers WHERE id = $1
SELECT (c.address).lines + 1 AS l FROM shop.customers c
SELECT row_number() OVER (PARTITION BY customer_id ORDER BY placed_at) AS n, id FROM shop.orders
SELECT id, rank() OVER w AS r FROM shop.orders WINDOW w AS (ORDER BY placed_at)
SELECT sum(quantity) FILTER (WHERE price > $1) AS n FROM shop.items
SELECT avg(price) AS a, stddev(price) AS s FROM shop.items
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) AS median FROM shop.items
SELECT bool_and(active), bool_or(active) FROM shop.customers
SELECT generate_series(1, $1) AS n
SELECT n FROM generate_series(1, 10) AS n
SELECT g.day FROM generate_series($1::date, $2::date, interval '1 day') AS g(day)
SELECT now() AS at, current_date AS d
SELECT 1
SELECT 1 AS one, 'a' AS a, true AS t, NULL AS n, 1.5 AS f
SELECT $1::int AS a, $2::text[] AS b
SELECT $1 AS a
SELECT $1 || 'x' AS a
SELECT gen_random_uuid() AS id
SELECT nextval('shop.customers_id_seq')
SELECT pg_advisory_xact_lock($1)
SELECT set_config('app.tenant_id', $1, true)
SELECT current_setting('app.tenant_id', true)
SELECT version()
SELECT relname FROM pg_class WHERE relname = $1
SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
SELECT table_name FROM information_schema.tables WHERE table_schema = $1
SELECT ctid, xmin FROM shop.orders
SELECT tableoid::regclass FROM shop.events
SELECT at, kind, payload ->> 'x' AS x FROM shop.events WHERE at >= $1 AND at < $2
SELECT kind, levels[1] FROM shop.events_2025
SELECT count(DISTINCT customer_id) FROM shop.orders
SELECT customer_id, state, count(*) FROM shop.orders GROUP BY ROLLUP (customer_id, state)
SELECT customer_id, count(*) FROM shop.orders GROUP BY GROUPING SETS ((customer_id), ())
SELECT greatest(stock, $1) AS most, least(stock, 10) AS least FROM shop.products
SELECT NULLIF(nickname, '') AS nick FROM shop.customers
SELECT NULLIF(nickname, $1) AS nick FROM shop.customers
SELECT name FROM shop.customers WHERE (name, email) IN (SELECT name, email FROM shop.customers)
SELECT name FROM shop.customers WHERE id IN (SELECT customer_id FROM shop.orders WHERE state = $1)
SELECT name FROM shop.customers c WHERE NOT EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = c.id AND o.placed_at > $1)
SELECT name FROM shop.customers WHERE active
SELECT name FROM shop.customers WHERE NOT active AND score > $1
SELECT name FROM shop.customers WHERE active = $1
SELECT name FROM shop.customers WHERE active IS TRUE
SELECT name FROM shop.customers WHERE nickname IS DISTINCT FROM $1
SELECT name FROM shop.customers WHERE name ~ $1
SELECT name FROM shop.customers WHERE name SIMILAR TO '(a|b)%'
SELECT name COLLATE "C" FROM shop.customers ORDER BY name COLLATE "C"
SELECT position($1 in name) FROM shop.customers
SELECT substring(name from 1 for 3) AS short FROM shop.customers
SELECT trim(both ' ' from name) FROM shop.customers
SELECT overlay(name placing 'x' from 1) FROM shop.customers
SELECT split_part(email, '@', 2) AS host FROM shop.customers
SELECT regexp_replace(name, $1, $2) FROM shop.customers
SELECT md5(name), encode(sha256(name::bytea), 'hex') FROM shop.customers
SELECT concat(name, ' ', nickname), concat_ws('-', name, id) FROM shop.customers
SELECT format('%s <%s>', name, email) FROM shop.customers
SELECT age(now(), created_at), created_at AT TIME ZONE 'UTC' AS utc FROM shop.customers
SELECT make_interval(days => $1)
SELECT placed_at + took AS done_at FROM shop.orders
SELECT placed_at + $1 FROM shop.orders
SELECT shipped_on - $1 FROM shop.orders
SELECT took * 2 FROM shop.orders
SELECT array_length(tags, 1), cardinality(tags) FROM shop.customers
SELECT array_append(tags, $1) FROM shop.customers
SELECT jsonb_array_elements(attributes -> 'list') AS e FROM shop.products
SELECT key, value FROM shop.products, jsonb_each_text(attributes)
SELECT p.sku, e ->> 'name' AS name FROM shop.products p, jsonb_array_elements(p.attributes -> 'list') AS e
SELECT sku, jsonb_set(attributes, '{a}', $1) FROM shop.products
SELECT to_jsonb(name) FROM shop.customers
SELECT round(price, 2), ceil(price), abs(stock) FROM shop.products
SELECT random(), pi()
SELECT c.name FROM shop.customers AS c (cid, mail) WHERE cid = $1
SELECT a.id, b.id FROM shop.customers a, shop.customers b WHERE a.id < b.id
SELECT i.line, p.title FROM shop.items i JOIN shop.products p USING (sku) WHERE sku = $1
SELECT * FROM shop.items NATURAL JOIN shop.products
SELECT customers.name FROM shop.customers
SELECT shop.customers.name FROM shop.customers
VALUES (1, 'a'), (2, 'b')
TABLE shop.customers
SELECT (VALUES (1))
INSERT INTO shop.customers (email, name) VALUES ($1, $2)
INSERT INTO shop.customers (email, name) VALUES ($1, $2) RETURNING id
INSERT INTO shop.customers (email, name, nickname, tags, address) VALUES ($1, $2, $3, $4, $5) RETURNING *
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name RETURNING id, (xmax = 0) AS inserted
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET nickname = $3 WHERE customers.active
INSERT INTO shop.customers AS c (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = c.name
INSERT INTO shop.customers (email, name) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM shop.customers WHERE name = $2)
INSERT INTO shop.customers (email, name) SELECT * FROM unnest($1::text[], $2::text[])
INSERT INTO shop.customers (id, email, name) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3)
INSERT INTO shop.orders (customer_id, state, note) VALUES ($1, $2, $3)
INSERT INTO shop.orders (customer_id, total) VALUES ($1, $2)
INSERT INTO shop.orders (customer_id, total) VALUES ($1, DEFAULT)
INSERT INTO shop.orders (customer_id, state) VALUES ($1, 'done'), ($2, 'new')
INSERT INTO shop.orders (customer_id, raw, shipped_on, took) VALUES ($1, $2, $3, $4)
INSERT INTO shop.items (order_id, line, sku, quantity, price) VALUES ($1, $2, $3, $4, $5) RETURNING doubled
INSERT INTO shop.products (sku, title, price, attributes) VALUES ($1, $2, $3, $4)
INSERT INTO shop.events (at, kind, payload, levels) VALUES (now(), $1, $2, $3)
INSERT INTO shop.events VALUES ($1, $2)
UPDATE shop.customers SET name = $1 WHERE id = $2
UPDATE shop.customers SET name = $1, nickname = NULL, tags = array_append(tags, $2) WHERE id = $3 RETURNING *
UPDATE shop.customers SET (name, nickname) = ($1, $2) WHERE id = $3
UPDATE shop.customers SET active = NOT active
UPDATE shop.customers SET score = score + $1 WHERE id = $2
UPDATE shop.products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2 RETURNING stock
UPDATE shop.products SET attributes = attributes || $1 WHERE sku = $2
UPDATE shop.orders SET state = 'done', shipped_on = current_date WHERE id = $1 AND state = 'new'
UPDATE shop.orders SET state = $2 WHERE id = $1
UPDATE shop.orders SET total = $1, note = DEFAULT WHERE id = $2
UPDATE shop.orders o SET note = c.name FROM shop.customers c WHERE c.id = o.customer_id AND o.id = $1
UPDATE shop.orders SET total = (SELECT sum(price * quantity) FROM shop.items WHERE order_id = orders.id) WHERE id = $1
UPDATE shop.customers SET address = ROW($1, $2, 3) WHERE id = $3
UPDATE shop.customers SET address.zip = $1 WHERE id = $2
DELETE FROM shop.items WHERE order_id = $1 AND line = $2
DELETE FROM shop.items USING shop.orders o WHERE o.id = items.order_id AND o.state = $1 RETURNING items.sku
DELETE FROM shop.events WHERE at < $1 RETURNING at
MERGE INTO shop.products p USING (SELECT $1::char(8) AS sku, $2::int AS n) s ON p.sku = s.sku WHEN MATCHED THEN UPDATE SET stock = p.stock + s.n WHEN NOT MATCHED THEN INSERT (sku, title, price, stock) VALUES (s.sku, 'new', 0, s.n)
SELECT id AS "id!", note AS "note?" FROM shop.orders
SELECT name FROM customers WHERE id = $1
SELECT o.id, i.quantity, p.title FROM shop.orders o JOIN shop.items i ON i.order_id = o.id JOIN shop.products p ON p.sku = i.sku WHERE o.customer_id = $1 AND p.price > $2 ORDER BY i.line
SELECT name FROM shop.customers LIMIT ALL
SELECT pg_notify($1, $2)
SELECT xid8send(pg_current_xact_id())
SELECT name FROM shop.customers WHERE name = $1 OR email = $1
SELECT name FROM shop.customers TABLESAMPLE BERNOULLI (10)
SELECT coalesce(sum(total), 0) AS sum FROM shop.orders
SELECT coalesce(max(line), 0) + 1 AS next FROM shop.items WHERE order_id = $1
SELECT age FROM (SELECT now() - created_at AS age FROM shop.customers) s WHERE age > $1
SELECT json_build_object('a', $1::text)
SELECT 'new'::shop.state AS s, '{a}'::text[] AS t
SELECT ARRAY[1, 2] AS a, ARRAY(SELECT id FROM shop.customers) AS ids
SELECT id FROM shop.orders WHERE placed_at::date = $1
SELECT customer_id, array_agg(id ORDER BY placed_at) AS ids FROM shop.orders GROUP BY customer_id
SELECT lag(placed_at) OVER (ORDER BY placed_at) AS before FROM shop.orders
SELECT ts_rank(document, plainto_tsquery($1)) AS r FROM shop.products ORDER BY r DESC
SELECT upper(valid_in), lower(valid_in), isempty(valid_in) FROM shop.products
SELECT host("from"), masklen("from") FROM shop.orders
SELECT octet_length(raw), get_byte(raw, 0) FROM shop.orders
