//! `onward parse`: how SQL is understood.

use std::error::Error;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use crate::Outcome;
use crate::support::{Ended, Folder, command};

/// The exit status, standard output and standard error for a text on standard input.
async fn parse(
    sql: &[u8],
    arguments: &[&str],
) -> Result<(Option<i32>, String, String), Box<dyn Error>> {
    let mut command = command(&[&["parse"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    // A file that is named instead is read without a look at standard input.
    drop(input.write_all(sql).await);
    drop(input);
    let Ended { status, out, err } = Ended::of(child.wait_with_output().await?)?;
    Ok((status, out, err))
}

async fn lines(sql: &str) -> Result<(Option<i32>, Vec<Value>), Box<dyn Error>> {
    let (status, out, _) = parse(sql.as_bytes(), &["-", "--format", "json"]).await?;
    let lines = out.lines().map(serde_json::from_str);
    Ok((status, lines.collect::<Result<_, _>>()?))
}

fn span<'a>(sql: &'a str, line: &Value) -> Option<&'a str> {
    let at = |key: &str| line[key].as_u64().and_then(|n| usize::try_from(n).ok());
    sql.get(at("start")?..at("end")?)
}

#[tokio::test]
async fn each_statement_is_a_line_with_its_kind_its_names_and_its_place() -> Outcome {
    let sql = "CREATE TABLE auth.users (id int);\n\n\
               ALTER TABLE auth.users ADD COLUMN \"E mail\" text, DROP COLUMN x;\n\
               CREATE INDEX CONCURRENTLY i ON t (a); DROP TABLE a, b;\n\
               ALTER TABLE t RENAME COLUMN a TO b;\nSELECT 1;\n";
    let (status, out, err) = parse(sql.as_bytes(), &["-"]).await?;
    assert_eq!(
        out,
        "-:1:1: create-table auth.users\n\
         -:3:1: add-column+drop-column auth.users, \"E mail\", x\n\
         -:4:1: create-index i, t\n\
         -:4:39: drop-table a, b\n\
         -:5:1: rename-column t, a, b\n\
         -:6:1: query\n"
    );
    assert_eq!((status, err.as_str()), (Some(0), ""));
    Ok(())
}

#[tokio::test]
async fn json_is_one_object_a_line() -> Outcome {
    let (status, lines) = lines("-- ä\nDROP VIEW s.v;").await?;
    let expected = serde_json::json!({
        "file": "-", "line": 2, "column": 1, "start": 6, "end": 19,
        "kind": "drop-view", "objects": ["s.v"], "error": null
    });
    assert_eq!((status, lines), (Some(0), vec![expected]));
    Ok(())
}

#[tokio::test]
async fn offsets_are_those_of_the_bytes_that_were_given() -> Outcome {
    let sql = "\u{feff}SELECT\r\n 'ä\r\n';\r\n\r\nDROP TABLE\r\nt;\r\n\\d\r\nSELECT '";
    let (status, lines) = lines(sql).await?;
    let spans: Vec<_> = lines.iter().filter_map(|line| span(sql, line)).collect();
    assert_eq!(
        spans,
        ["SELECT\r\n 'ä\r\n'", "DROP TABLE\r\nt", "\\d", "SELECT '"]
    );
    assert_eq!(
        (&lines[1]["line"], &lines[1]["column"]),
        (&5.into(), &1.into())
    );
    assert_eq!(
        (&lines[3]["error"]["line"], &lines[3]["error"]["column"]),
        (&8.into(), &8.into())
    );
    assert_eq!(status, Some(1));
    Ok(())
}

#[tokio::test]
async fn a_statement_that_cannot_be_read_is_an_error_and_the_next_ones_follow() -> Outcome {
    let sql =
        "SELECT 1;\nCREATE TABLE t (a int,, b int);\nSELEC 2;\n\\set x\nDROP TABLE t; /* open";
    let (status, lines) = lines(sql).await?;
    assert_eq!(status, Some(1));
    let found: Vec<_> = lines
        .iter()
        .map(|line| {
            let error = &line["error"];
            let kind = line["kind"].as_str().unwrap_or_default();
            (kind, error["line"].as_u64(), error["column"].as_u64())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("query", None, None),
            ("unknown", Some(2), Some(23)),
            ("unknown", Some(3), Some(1)),
            ("psql", Some(4), Some(1)),
            ("drop-table", None, None),
            ("unknown", Some(5), Some(15)),
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| line["error"].is_null() || line["error"]["message"].is_string())
    );

    let (status, out, _) = parse(b"SELEC 2;\nSELECT 1", &["-"]).await?;
    assert_eq!(status, Some(1));
    let out: Vec<_> = out.lines().collect();
    assert!(out[0].starts_with("-:1:1: error: "), "{out:?}");
    assert_eq!(out[1], "-:2:1: query");
    Ok(())
}

#[tokio::test]
async fn text_that_is_never_closed_is_an_error() -> Outcome {
    for (sql, column, word) in [
        ("SELECT 'a; SELECT 2", 8, "string"),
        ("SELECT \"a; SELECT 2", 8, "identifier"),
        ("DO $x$ a $$; SELECT 2", 4, "dollar"),
        ("SELECT /* 1; SELECT 2", 8, "comment"),
    ] {
        let (status, lines) = lines(sql).await?;
        let error = &lines.last().ok_or("no line")?["error"];
        assert_eq!(
            (status, &error["column"]),
            (Some(1), &column.into()),
            "{sql}"
        );
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(word), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_is_read_by_its_name_and_shown_by_it() -> Outcome {
    let folder = Folder::new(&[("any name.sql", "TRUNCATE t")])?;
    let file = folder.root().join("any name.sql");
    let shown = file.to_string_lossy();
    let (status, out, _) = parse(b"", &[&shown]).await?;
    assert_eq!(
        (status, out),
        (Some(0), format!("{shown}:1:1: truncate t\n"))
    );
    Ok(())
}

#[tokio::test]
async fn text_that_cannot_be_read_ends_with_status_2() -> Outcome {
    for (sql, arguments, message) in [
        (&b""[..], "no/such.sql", "cannot read `no/such.sql`"),
        (b"SELECT '\xff'", "-", "not UTF-8 from byte 8"),
        (b"SELECT 1\0", "-", "NUL byte at offset 8"),
    ] {
        let (status, out, err) = parse(sql, &[arguments]).await?;
        assert_eq!((status, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(message), "{err}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_newer_than_the_oldest_server_is_an_error() -> Outcome {
    let sql = "CREATE TABLE t (a int GENERATED ALWAYS AS (1) VIRTUAL);\nSELECT 1;\n";
    let (status, out, _) = parse(sql.as_bytes(), &["-", "--min-pg", "17"]).await?;
    let expected = "-:1:47: error: needs PostgreSQL 18; this is for 17\n-:2:1: query\n";
    assert_eq!((status, out.as_str()), (Some(1), expected));

    let (status, out, _) = parse(sql.as_bytes(), &["-"]).await?;
    assert_eq!(
        (status, out.as_str()),
        (Some(0), "-:1:1: create-table t\n-:2:1: query\n")
    );

    let (status, _, err) = parse(b"", &["-", "--min-pg", "14"]).await?;
    assert_eq!(status, Some(2));
    assert!(err.contains("15..=18"), "{err}");
    Ok(())
}

#[tokio::test]
async fn a_migration_is_read_for_its_module() -> Outcome {
    let folder = Folder::new(&[("001_items.sql", "SELECT 1_000;")])?;
    let file = folder.root().join("001_items.sql");
    let file = file.to_string_lossy();
    let settings = folder.root().join("onward.toml");
    let (status, out, _) = parse(b"", &[&file]).await?;
    assert!(
        out.ends_with("needs PostgreSQL 16; this is for 15\n"),
        "{out}"
    );
    assert_eq!(status, Some(1));
    std::fs::write(&settings, "min_pg = 16")?;
    let (status, out, _) = parse(b"", &[&file]).await?;
    assert!(out.ends_with("query\n"), "{out}");
    assert_eq!(status, Some(0));
    std::fs::write(&settings, "min_pg = 99")?;
    let (status, _, err) = parse(b"", &[&file]).await?;
    assert!(
        err.contains("`min_pg` must be a number from 15 to 18"),
        "{err}"
    );
    assert_eq!(status, Some(2));
    Ok(())
}

#[tokio::test]
async fn an_error_in_a_body_has_its_place() -> Outcome {
    let sql = "DO $$ BEGIN\n  DROP TABLE a;\n  SELEC 1;\nEND $$;\nSELECT 1;\n";
    let (status, out, _) = parse(sql.as_bytes(), &["-"]).await?;
    assert_eq!(status, Some(1));
    assert_eq!(out, "-:3:3: error: syntax error at `SELEC`\n-:5:1: query\n");
    Ok(())
}
