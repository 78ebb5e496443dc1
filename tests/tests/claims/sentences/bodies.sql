DECLARE
  n int := 0;
  r record;
  names text[];
  c CURSOR (low int) FOR SELECT a FROM t WHERE a > low;
BEGIN
  IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN
    ALTER TABLE t ADD COLUMN b int;
  ELSIF n > 1 THEN
    n := n + 1;
  ELSE
    NULL;
  END IF;
END
-- 
BEGIN
  CREATE TYPE mood AS ENUM ('sad', 'ok');
EXCEPTION
  WHEN duplicate_object OR SQLSTATE '42710' THEN
    RAISE NOTICE 'type % exists', 'mood';
END
-- 
DECLARE
  r record;
BEGIN
  FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'app' LOOP
    EXECUTE format('ALTER TABLE %I OWNER TO app', r.tablename);
  END LOOP;
END
-- 
DECLARE
  done int;
BEGIN
  LOOP
    UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 1000);
    GET DIAGNOSTICS done = ROW_COUNT;
    EXIT WHEN done = 0;
    COMMIT;
  END LOOP;
END
-- 
DECLARE
  i int;
  total numeric(10, 2) NOT NULL DEFAULT 0;
  kind pg_class.relname%TYPE;
BEGIN
  FOR i IN REVERSE 10 .. 1 BY 2 LOOP
    total := total + i;
    CONTINUE WHEN i % 3 = 0;
  END LOOP;
  WHILE total > 0 LOOP
    total := total - 1;
  END LOOP;
  SELECT a INTO STRICT kind FROM t WHERE id = 1;
  INSERT INTO t (a) VALUES (total) RETURNING a INTO kind;
END
-- 
DECLARE
  x text;
  xs text[] := ARRAY['a', 'b'];
BEGIN
  FOREACH x IN ARRAY xs LOOP
    CASE x
      WHEN 'a', 'c' THEN
        PERFORM pg_notify('ch', x);
      ELSE
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'bad ' || x;
    END CASE;
  END LOOP;
  xs[1] := 'z';
  ASSERT xs IS NOT NULL, 'no list';
  RETURN;
END
-- 
<<outer_block>>
DECLARE
  c refcursor;
  r record;
  done int;
BEGIN
  OPEN c FOR SELECT id, a FROM t ORDER BY id;
  LOOP
    FETCH NEXT FROM c INTO r;
    EXIT outer_block WHEN NOT FOUND;
    EXECUTE 'UPDATE t SET a = $1 WHERE id = $2' USING r.a, r.id;
    EXECUTE 'SELECT count(*) FROM t' INTO done;
  END LOOP;
  CLOSE c;
  DELETE FROM t WHERE a = done;
END
