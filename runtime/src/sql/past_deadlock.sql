-- The server lets an autovacuum give way only once a waiter has waited for deadlock_timeout.
SELECT set_config('lock_timeout', (greatest(
  extract(epoch FROM current_setting('lock_timeout')::interval),
  extract(epoch FROM current_setting('deadlock_timeout')::interval) + 0.2) * 1000)::int8::text, true);
