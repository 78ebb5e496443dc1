concat_ws(' ', seq, encode(chain, 'hex'), (
      SELECT string_agg(pg_trigger.xmin::text || '.' || pg_proc.xmin, ',' ORDER BY pg_trigger.oid)
      FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid IN ({{log}}::regclass, {{head}}::regclass)))