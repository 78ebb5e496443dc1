-- A COMMIT by hand in between, a ROLLBACK or another tenant would leave the setting different. In a transaction that has
-- failed the block is refused, where COMMIT alone would roll back and report no error.
DO $onward$
BEGIN
  IF NOT coalesce(pg_catalog.current_setting({{setting}}, true) OPERATOR(pg_catalog.=) {{tenant}}, false) THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW20', MESSAGE = 'the tenant of this transaction has changed';
  END IF;
END
$onward$;
COMMIT;
