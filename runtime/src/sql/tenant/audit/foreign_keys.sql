-- Foreign keys between relations that carry the tenant's column, with the columns that are not the tenant's.
SELECT quote_ident(key.conname), format('%I.%I', child_space.nspname, child.relname) AS child,
       format('%I.%I', parent_space.nspname, parent.relname) AS parent, key.confdeltype::text,
       coalesce((SELECT bool_or(pair.mine = mine.attnum AND pair.theirs = theirs.attnum)
         FROM unnest(key.conkey, key.confkey) AS pair(mine, theirs)), false) AS has_tenant,
       (SELECT string_agg(format('%I = key.%I', own.attname, own.attname), ', ')
        FROM unnest(key.conkey) AS pair(mine) JOIN pg_catalog.pg_attribute own ON own.attrelid = child.oid AND own.attnum = pair.mine
        WHERE pair.mine <> mine.attnum) AS changes,
       (SELECT string_agg(format('%L, row.%I', own.attname, far.attname), ', ')
        FROM unnest(key.conkey, key.confkey) AS pair(mine, theirs)
        JOIN pg_catalog.pg_attribute own ON own.attrelid = child.oid AND own.attnum = pair.mine
        JOIN pg_catalog.pg_attribute far ON far.attrelid = parent.oid AND far.attnum = pair.theirs
        WHERE pair.mine <> mine.attnum) AS pairs,
       (SELECT string_agg(format('same.%I = row.%I', far.attname, far.attname), ' AND ')
        FROM unnest(key.conkey, key.confkey) AS pair(mine, theirs)
        JOIN pg_catalog.pg_attribute far ON far.attrelid = parent.oid AND far.attnum = pair.theirs
        WHERE pair.mine <> mine.attnum) AS sames,
       (SELECT string_agg(format('child.%I = parent.%I', own.attname, far.attname), ' AND ')
        FROM unnest(key.conkey, key.confkey) AS pair(mine, theirs)
        JOIN pg_catalog.pg_attribute own ON own.attrelid = child.oid AND own.attnum = pair.mine
        JOIN pg_catalog.pg_attribute far ON far.attrelid = parent.oid AND far.attnum = pair.theirs) AS joined,
       quote_ident(child_space.nspname), quote_ident(parent_space.nspname)
FROM pg_catalog.pg_constraint key
JOIN pg_catalog.pg_class child ON child.oid = key.conrelid
JOIN pg_catalog.pg_namespace child_space ON child_space.oid = child.relnamespace
JOIN pg_catalog.pg_class parent ON parent.oid = key.confrelid
JOIN pg_catalog.pg_namespace parent_space ON parent_space.oid = parent.relnamespace
JOIN pg_catalog.pg_attribute mine ON mine.attrelid = child.oid AND mine.attname = {{column}} AND NOT mine.attisdropped
JOIN pg_catalog.pg_attribute theirs ON theirs.attrelid = parent.oid AND theirs.attname = {{column}} AND NOT theirs.attisdropped
WHERE key.contype = 'f' AND key.conparentid = 0 AND child_space.nspname = ANY ({{schemas}}::name[])
ORDER BY 2, 1;
