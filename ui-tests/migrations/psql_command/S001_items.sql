COPY psql_command.items (title) FROM STDIN;
first
\.
