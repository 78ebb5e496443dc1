
BEGIN
  RAISE EXCEPTION 'the migration ledger is append-only' USING ERRCODE = 'restrict_violation';
END
