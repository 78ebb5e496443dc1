-- A message behind this one waits for the server's log, and nothing is reported before.
SET LOCAL synchronous_commit = off;
