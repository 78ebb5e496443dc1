-- Whether the table has rows although no tenant of the list has one. Policies hide them from every query, so the server's
-- statistics are asked.
{{begin}}SELECT {{has_rows}} AS unlisted;
