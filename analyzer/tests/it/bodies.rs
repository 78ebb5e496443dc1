//! The SQL in functions and blocks is found, with its place in the file.

use onward_analyzer::statement::{Change, OpaqueCommand, Statement};

use crate::one;

/// Each statement in the body, as its kind and its first words in the file.
fn inside(text: &str) -> Vec<String> {
    let statement = one::statement(text);
    let Some(body) = statement.clauses[0].change.body() else {
        return vec!["nothing".to_owned()];
    };
    let line = |inner: &Statement| {
        let words: Vec<&str> = text[inner.clauses[0].span.clone()]
            .split_whitespace()
            .collect();
        format!("{}: {}", inner.kind(), words.join(" "))
    };
    body.statements.iter().map(line).collect()
}

fn block(statements: &str) -> Vec<String> {
    inside(&format!(
        "DO $do$ DECLARE r record; n int; c refcursor; commit int; query record; BEGIN {statements} END $do$"
    ))
}

#[test]
fn all_sql_in_plpgsql_is_found() {
    for (statements, found) in [
        ("NULL;", &[][..]),
        (
            "DROP TABLE a; INSERT INTO b VALUES (1);",
            &["drop-table: a", "insert: b"],
        ),
        (
            "IF n > 0 THEN DROP TABLE a; ELSIF n < 0 THEN DROP TABLE b; ELSE DROP TABLE c; END IF;",
            &["drop-table: a", "drop-table: b", "drop-table: c"],
        ),
        (
            "IF (CASE WHEN n = 1 THEN true END) THEN DROP TABLE a; END IF;",
            &["drop-table: a"],
        ),
        (
            "CASE n WHEN 1 THEN DROP TABLE a; ELSE DROP TABLE b; END CASE;",
            &["drop-table: a", "drop-table: b"],
        ),
        (
            "<<l>> LOOP EXIT l WHEN n > 1; DROP TABLE a; END LOOP l;",
            &["drop-table: a"],
        ),
        (
            "WHILE n < 3 LOOP DROP TABLE a; END LOOP;",
            &["drop-table: a"],
        ),
        (
            "FOR n IN REVERSE 3..1 LOOP DROP TABLE a; END LOOP;",
            &["drop-table: a"],
        ),
        (
            "FOR r IN SELECT * FROM x LOOP DROP TABLE a; END LOOP;",
            &["query: SELECT * FROM x", "drop-table: a"],
        ),
        (
            "FOR r IN (SELECT 1) LOOP NULL; END LOOP;",
            &["query: (SELECT 1)"],
        ),
        (
            "FOR r IN DELETE FROM x RETURNING * LOOP NULL; END LOOP;",
            &["delete: x"],
        ),
        (
            "FOREACH n SLICE 1 IN ARRAY a LOOP DROP TABLE a; END LOOP;",
            &["drop-table: a"],
        ),
        (
            "BEGIN DROP TABLE a; EXCEPTION WHEN undefined_table OR others THEN DROP TABLE b; END;",
            &["drop-table: a", "drop-table: b"],
        ),
        ("n := 1; r.a = 2; r.b[1] := 3; r.n := (SELECT 4);", &[]),
        (
            "SELECT 1 INTO STRICT n FROM x;",
            &["query: SELECT 1 INTO STRICT n FROM x"],
        ),
        (
            "SELECT INTO r.a, n 1, 2;",
            &["query: SELECT INTO r.a, n 1, 2"],
        ),
        (
            "INSERT INTO x VALUES (1) RETURNING id INTO n;",
            &["insert: x"],
        ),
        (
            "UPDATE x SET a = 1 RETURNING a INTO n; DELETE FROM x;",
            &["update: x", "delete: x"],
        ),
        ("PERFORM f(1);", &["query: PERFORM f(1)"]),
        ("CALL p(1);", &["call: CALL p(1)"]),
        (
            "GET DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE 'DROP TABLE a;'; ASSERT n > 0; RETURN;",
            &[],
        ),
        (
            "RETURN QUERY SELECT 1; RETURN NEXT n; RETURN QUERY EXECUTE 'SELECT ' || n;",
            &["query: SELECT 1", "execute: EXECUTE"],
        ),
        (
            "OPEN c FOR SELECT 1; OPEN c FOR EXECUTE q; FETCH c INTO n; CLOSE c;",
            &["query: SELECT 1", "execute: EXECUTE"],
        ),
        (
            "EXECUTE format('DROP TABLE %I', n) INTO n USING 1;",
            &["execute: EXECUTE"],
        ),
        ("EXECUTE 'DROP TABLE a';", &["drop-table: a"]),
        ("EXECUTE loop || 'a' USING loop;", &["execute: EXECUTE"]),
        ("EXECUTE $q$DROP TABLE a$q$;", &["drop-table: a"]),
        ("EXECUTE 'DROP TABLE ' || n;", &["execute: EXECUTE"]),
        ("EXECUTE 'nonsense';", &["execute: EXECUTE"]),
        (
            "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END; DROP TABLE a;",
            &["create-function: g", "drop-table: a"],
        ),
        (
            "CREATE RULE u AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b); DROP TABLE a;",
            &[
                "create-rule: CREATE RULE u AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)",
                "drop-table: a",
            ],
        ),
        (
            "DECLARE c CURSOR (k int) FOR SELECT k; x int := 1; BEGIN DROP TABLE a; END;",
            &["query: SELECT k", "drop-table: a"],
        ),
        (
            "COMMIT; ROLLBACK;",
            &["commit: COMMIT", "rollback: ROLLBACK"],
        ),
        ("IF true THEN DELETE x WHERE y; END IF;", &["unknown: x"]),
        // Words of PL/pgSQL are names behind AS and in parentheses, and labels and variables in quotes.
        (
            "IF (SELECT true AS case) THEN DROP TABLE a; END IF; DELETE FROM y;",
            &["drop-table: a", "delete: y"],
        ),
        (
            "SELECT t.end, x.case AS begin, 1 AS loop FROM t; DELETE FROM y;",
            &[
                "query: SELECT t.end, x.case AS begin, 1 AS loop FROM t",
                "delete: y",
            ],
        ),
        (
            "<<\"case\">> DECLARE \"end\" int; BEGIN \"end\" := 1; IF \"if\" THEN DROP TABLE a; END IF; END; DELETE FROM y;",
            &["drop-table: a", "delete: y"],
        ),
        (
            "FOR r IN (SELECT 1 AS loop) LOOP DROP TABLE a; END LOOP; UPDATE y SET \"then\" = 1;",
            &["query: (SELECT 1 AS loop)", "drop-table: a", "update: y"],
        ),
        (
            "WHILE n < (SELECT count(*) AS end FROM t) LOOP DROP TABLE a; END LOOP;",
            &["drop-table: a"],
        ),
        (
            "IF count(*) > 0 FROM t THEN DROP TABLE a; END IF;",
            &["drop-table: a"],
        ),
        (
            "commit := 1; query[1].next = 2; COMMIT;",
            &["commit: COMMIT"],
        ),
        (
            "RAISE; RAISE unique_violation; RAISE NOTICE '%', n USING HINT = 'x', ERRCODE := '22012'; RAISE SQLSTATE '22012';",
            &[],
        ),
        (
            "FETCH RELATIVE -1 FROM c INTO n; MOVE FORWARD ALL FROM c; GET STACKED DIAGNOSTICS n = MESSAGE_TEXT; OPEN c (1); OPEN c;",
            &[],
        ),
    ] {
        assert_eq!(block(statements), found, "{statements}");
    }
}

#[test]
fn a_body_is_read_in_every_kind_of_quotes() {
    for (text, found) in [
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; DELETE FROM a WHERE b = ''c'''",
            &["query: SELECT 1", "delete: a"][..],
        ),
        (
            "CREATE FUNCTION f() RETURNS int AS $x$SELECT $y$;$y$; DROP TABLE a$x$ LANGUAGE sql",
            &["query: SELECT $y$;$y$", "drop-table: a"],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC DELETE FROM a; RETURN 1; END",
            &["delete: a"],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1",
            &["nothing"],
        ),
        (
            "CREATE PROCEDURE p() LANGUAGE plpgsql AS E'BEGIN DROP TABLE a; END'",
            &["drop-table: a"],
        ),
        (
            "CREATE PROCEDURE p() LANGUAGE plpgsql AS E'BEGIN DROP TABLE \\x61; END'",
            &["nothing"],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'sym'",
            &["nothing"],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$",
            &["nothing"],
        ),
        (
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS -- why\n$$ BEGIN DELETE FROM a; END $$",
            &["delete: a"],
        ),
        ("DO 'BEGIN DROP TABLE a; END'", &["drop-table: a"]),
        (
            r"DO E'BEGIN\n  DROP TABLE a;\n\tEXECUTE \'DROP TABLE b\';\nEND'",
            &["drop-table: a", "drop-table: b"],
        ),
        (
            "DO 'BEGIN DROP TABLE a;'\n   ' DELETE FROM b WHERE c = ''d''; END'",
            &["drop-table: a", "delete: b"],
        ),
        (
            r"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS E'SELECT 1;\nDELETE FROM a WHERE b = ''c\\d'''",
            &["query: SELECT 1", "delete: a"],
        ),
        ("DO LANGUAGE plperl $$ 1 $$", &["nothing"]),
    ] {
        assert_eq!(inside(text), found, "{text}");
    }
}

#[test]
fn a_block_in_another_language_is_opaque() {
    let text = "DO LANGUAGE plperl $$ 1 $$";
    let statement = one::statement(text);
    assert!(matches!(
        &statement.clauses[0].change,
        Change::Opaque {
            command: OpaqueCommand::Do
        }
    ));
}

/// Each is refused by PostgreSQL 15 when the block is sent.
#[test]
fn a_broken_block_is_not_understood_at_the_place() {
    for (body, place) in [
        ("BEGIN IF true TEN NULL; END IF; END", ";"),
        ("BEGIN IF true THEN NULL; END", ""),
        ("BEGIN PERFORM 1 END", ""),
        ("DECLARE x int; BEGIN x := (1; END", ";"),
        ("BEGIN FOR i IN 1..2 NULL; END LOOP; END", ";"),
        (
            "BEGIN IF EXISTS (SELECT 1 FORM t) THEN NULL; END IF; END",
            "t",
        ),
        (
            "BEGIN IF CASE WHEN true THEN true END THEN NULL; END IF; END",
            "",
        ),
        (
            "BEGIN FOR r IN SELECT 1 AS loop LOOP NULL; END LOOP; END",
            "",
        ),
        ("<<case>> BEGIN NULL; END", "case"),
        ("BEGIN NULL; ELSE NULL; END", "ELSE"),
        ("BEGIN NULL; END IF", "IF"),
        ("DECLARE x int y; BEGIN NULL; END", "y"),
        ("BEGIN RAISE NOTICE; END", ";"),
        ("BEGIN DROP TABLE a; DROP TABLES b; END", "TABLES"),
        (
            "BEGIN BEGIN NULL; EXCEPTION WHEN OTHERS NULL; END; END",
            "NULL",
        ),
        ("BEGIN CASE 1 THEN NULL; END CASE; END", ";"),
        ("BEGIN RETURN QUERY; END", ";"),
        ("DECLARE a int; BEGIN SELECT 1, 2 INTO a, ; END", ";"),
        ("BEGIN SELECT 1 INTO STRICT; END", ";"),
    ] {
        let text = format!("DO $$ {body} $$");
        let statement = one::statement(&text);
        let body = statement.clauses[0].change.body();
        let unknown = body.into_iter().flat_map(|body| &body.statements);
        let mut places = unknown.filter_map(|inner| match inner.clauses.as_slice() {
            [clause] if matches!(clause.change, Change::Unknown { .. }) => {
                Some(&text[clause.span.clone()])
            }
            _ => None,
        });
        assert_eq!(places.next(), Some(place), "{text}");
    }
}

#[test]
fn what_is_not_declared_is_refused() {
    let refused = |body: &str| {
        let statement = one::statement(&format!("DO $do$ {body} $do$"));
        let inner = statement.clauses[0]
            .change
            .body()
            .map(|body| &body.statements);
        let clauses = inner.into_iter().flatten().flat_map(|inner| &inner.clauses);
        { clauses }.any(|clause| matches!(clause.change, Change::Unknown { .. }))
    };
    for well in [
        "DECLARE x int; BEGIN x := 1; END",
        "<<b>> DECLARE x int; BEGIN b.x := 1; EXIT b; END",
        "BEGIN FOR i IN 1..2 LOOP i := 3; END LOOP; END",
        "DECLARE c CURSOR (n int) FOR SELECT 1; BEGIN FOR r IN c(1) LOOP r.a := 1; END LOOP; END",
        "DECLARE c refcursor; x int; BEGIN FETCH c INTO x; FETCH 2 FROM c INTO x; MOVE FORWARD 3 IN c; END",
        "DECLARE \"X\" int; BEGIN SELECT 1 INTO \"X\"; END",
    ] {
        assert!(!refused(well), "{well}");
    }
    for wrong in [
        "BEGIN x := 1; END",
        "DECLARE x int; BEGIN y.x := 1; END",
        "BEGIN SELECT 1 INTO x; END",
        "BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END",
        "BEGIN FETCH c INTO x; END",
        "DECLARE c refcursor; x int; BEGIN FETCH NEXT NEXT FROM c INTO x; END",
        "BEGIN GET DIAGNOSTICS n = ROW_COUNT; END",
        "BEGIN LOOP EXIT l; END LOOP; END",
    ] {
        assert!(refused(wrong), "{wrong}");
    }
    let function = "CREATE FUNCTION f(a int, OUT b int) LANGUAGE plpgsql AS $f$ BEGIN b := a; f.b := 2; END $f$";
    let statement = one::statement(function);
    let body = statement.clauses[0].change.body();
    assert!(body.is_some_and(|body| body.statements.is_empty()));
}
