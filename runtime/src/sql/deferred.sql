-- A message behind this one waits for the server's log, and nobody is told before.
SET LOCAL synchronous_commit = off;
