  -- Not every version has it.
  IF current_setting('transaction_timeout', true) <> '0' THEN
    PERFORM set_config('transaction_timeout', '0', true);
  END IF;
