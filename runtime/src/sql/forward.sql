
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.seq = OLD.seq + 1 AND NEW.chain = OLD.chain OR NEW.seq = OLD.seq) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the head of the migration ledger only goes up' USING ERRCODE = 'restrict_violation';
END
