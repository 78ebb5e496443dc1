SELECT nme FROM shop.customers
SELECT c.nme FROM shop.customers c
SELECT customers.nme FROM shop.customers
SELECT name FROM shop.customer
SELECT name FROM shop.customers WHERE emial = $1
SELECT x.name FROM shop.customers c
SELECT name FROM shop.customers c WHERE customers.id = $1
SELECT id FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id
SELECT c.name FROM shop.customers c JOIN shop.orders o ON o.customer = c.id
SELECT c.name FROM shop.customers c JOIN shop.orders o ON o.customer_id = d.id
SELECT c.name FROM shop.customers c JOIN shop.orders o USING (customer_id)
SELECT name FROM shop.customers WHERE id = 'abc'
SELECT name FROM shop.customers WHERE id = name
SELECT name FROM shop.customers WHERE name = 5
SELECT name FROM shop.customers WHERE id LIKE 'a%'
SELECT name FROM shop.customers WHERE created_at = 5
SELECT name FROM shop.customers WHERE created_at > 'yesterdayish'
SELECT name FROM shop.customers WHERE id = $1 AND name = $1
SELECT name FROM shop.customers WHERE name
SELECT name FROM shop.customers WHERE id
SELECT name FROM shop.customers WHERE count(*) > 1
SELECT name, count(*) FROM shop.customers
SELECT name, max(created_at) FROM shop.customers GROUP BY nickname
SELECT id FROM shop.orders WHERE state = 'finished'
SELECT id FROM shop.orders WHERE state IN ('new', 'open')
SELECT id FROM shop.orders WHERE state = 5
SELECT id FROM shop.orders WHERE state LIKE 'n%'
SELECT id FROM shop.orders WHERE id = 'x'
SELECT id FROM shop.orders WHERE id = 5
SELECT id FROM shop.orders WHERE shipped_on = 'not a date'
SELECT id FROM shop.orders WHERE "from" = 'localhost'
SELECT id FROM shop.orders WHERE from = $1
SELECT 'finished'::shop.state
SELECT 'a'::shop.stat
SELECT 'a'::integer
SELECT '{'::jsonb
SELECT id::money FROM shop.orders
SELECT uppr(name) FROM shop.customers
SELECT upper(name, name) FROM shop.customers
SELECT upper(id) FROM shop.customers
SELECT length(id) FROM shop.customers
SELECT sum(name) FROM shop.customers
SELECT round(name) FROM shop.customers
SELECT shop.fullname(id) FROM shop.customers
SELECT shop.full_name(id, ' ', 3) FROM shop.customers
SELECT shop.full_name()
SELECT name + 1 FROM shop.customers
SELECT name - nickname FROM shop.customers
SELECT created_at + 1 FROM shop.customers
SELECT created_at + created_at FROM shop.customers
SELECT tags + 1 FROM shop.customers
SELECT attributes + 1 FROM shop.products
SELECT CASE WHEN active THEN 1 ELSE name END FROM shop.customers
SELECT COALESCE(id, name) FROM shop.customers
SELECT id FROM shop.customers UNION SELECT name FROM shop.customers
SELECT id, name FROM shop.customers UNION SELECT id FROM shop.customers
SELECT name FROM shop.customers ORDER BY nme
SELECT name FROM shop.customers GROUP BY nme
SELECT name AS n FROM shop.customers WHERE n = 'a'
SELECT row_number() FROM shop.customers
SELECT name FROM shop.customers WHERE row_number() OVER () = 1
SELECT s.nope FROM (SELECT id FROM shop.orders) s
WITH r AS (SELECT id FROM shop.orders) SELECT nope FROM r
WITH r AS (SELECT id FROM shop.orders) SELECT id FROM rr
SELECT nope FROM shop.open_orders
SELECT nope FROM shop.orders_of($1)
SELECT (SELECT id, name FROM shop.customers) = 1
SELECT name FROM shop.customers WHERE id = (SELECT id, name FROM shop.customers)
SELECT name FROM shop.customers WHERE id IN (SELECT id, name FROM shop.customers)
SELECT (address).zipcode FROM shop.customers
SELECT name FROM shop.customers LIMIT 'x'
SELECT name FROM
SELEC name FROM shop.customers
SELECT name FROM shop.customers WHERE
SELECT name FROM shop.customers WHERE (id = 1
SELECT name,, id FROM shop.customers
SELECT name FROM shop.customers; SELECT 1
SELECT $1 IS NULL
SELECT name FROM shop.customers WHERE id = $2
INSERT INTO shop.customers (email, nme) VALUES ($1, $2)
INSERT INTO shop.customer (email, name) VALUES ($1, $2)
INSERT INTO shop.customers (email) VALUES ($1)
INSERT INTO shop.customers (name) VALUES ($1) RETURNING id
INSERT INTO shop.customers DEFAULT VALUES
INSERT INTO shop.customers (email, name) VALUES ($1)
INSERT INTO shop.customers (email, name) VALUES ($1, $2, $3)
INSERT INTO shop.customers (email, email) VALUES ($1, $2)
INSERT INTO shop.customers (id, email, name) VALUES ($1, $2, $3)
INSERT INTO shop.customers (email, name) VALUES ('a@b', NULL)
INSERT INTO shop.customers (email, name, active) VALUES ($1, $2, 5)
INSERT INTO shop.customers (email, name) VALUES ($1, $2) RETURNING nope
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (nme) DO NOTHING
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET nme = $2
INSERT INTO shop.customers (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = exclude.name
INSERT INTO shop.orders (customer_id, state) VALUES ($1, 'finished')
INSERT INTO shop.orders (customer_id, placed_at) VALUES ($1, 'soon')
INSERT INTO shop.orders (customer_id) VALUES ('abc')
INSERT INTO shop.orders (customer_id) SELECT name FROM shop.customers
INSERT INTO shop.orders (customer_id, note) SELECT id FROM shop.customers
INSERT INTO shop.items (order_id, line, sku, quantity, price, doubled) VALUES ($1, $2, $3, $4, $5, $6)
INSERT INTO shop.items (order_id, line, sku) VALUES ($1, $2, $3)
INSERT INTO shop.orders (state) VALUES ('new')
UPDATE shop.customers SET nme = $1 WHERE id = $2
UPDATE shop.customer SET name = $1 WHERE id = $2
UPDATE shop.customers SET name = $1 WHERE idd = $2
UPDATE shop.customers SET id = $1 WHERE name = $2
UPDATE shop.customers SET active = 5 WHERE id = $1
UPDATE shop.customers SET name = $1, name = $2 WHERE id = $3
UPDATE shop.customers SET created_at = name WHERE id = $1
UPDATE shop.orders SET state = 'finished' WHERE id = $1
UPDATE shop.orders SET state = note WHERE id = $1
UPDATE shop.items SET doubled = 1 WHERE line = 1
UPDATE shop.orders o SET note = c.nme FROM shop.customers c WHERE c.id = o.customer_id
UPDATE shop.orders SET note = name WHERE id = $1
UPDATE shop.customers SET name = $1 WHERE id = $2 RETURNING nope
UPDATE shop.customers SET (name, nickname) = ($1) WHERE id = $2
DELETE FROM shop.customer WHERE id = $1
DELETE FROM shop.customers WHERE idd = $1
DELETE FROM shop.customers c WHERE customers.id = $1
DELETE FROM shop.items USING shop.orders o WHERE o.id = items.order
DELETE FROM shop.customers WHERE id = $1 RETURNING nme
DELETE shop.customers WHERE id = $1
MERGE INTO shop.products p USING shop.items s ON p.sku = s.skuu WHEN MATCHED THEN DELETE
SELECT name FROM shop.customers WHERE active > 'maybe'
SELECT date_trunc(created_at) FROM shop.customers
SELECT name FROM shop.customers WHERE tags @> 'a'
SELECT name FROM shop.customers HAVING active
SELECT ARRAY[1, 'a']
SELECT current_dat
SELECT nextval('shop.nope_seq')
SELECT name FROM shop.customers FOR UPDATE OF x
SELECT DISTINCT ON (nme) name FROM shop.customers
SELECT count(DISTINCT nme) FROM shop.customers
SELECT sum(quantity) FILTER (WHERE prise > 1) FROM shop.items
SELECT rank() OVER (ORDER BY nme) FROM shop.customers
SELECT name FROM shop.customers NATURAL JOIN shop.order
SELECT x FROM unnest(ARRAY[1]) AS y
TABLE shop.customer
VALUES (1, 2), (3)
SELECT interval 'three'
SELECT make_date('a', 1, 1)
