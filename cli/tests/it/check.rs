//! `onward check`: what each format says, and the exit status.

use std::error::Error;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::support::{Folder, MODULES, command, onward, run};

const USERS: &str = "CREATE TABLE auth.users (id bigint PRIMARY KEY, phone text, fax text);\n";

/// One finding that is an error, and one that is accepted by a declaration.
fn findings() -> Result<Folder, Box<dyn Error>> {
    Folder::new(&[
        ("auth/001_users.sql", USERS),
        (
            "auth/002_drop_fax.sql",
            "ALTER TABLE auth.users\n    DROP COLUMN fax;\n",
        ),
        (
            "auth/100_drop_phone.sql",
            "-- onward: breaks the profile page of 2.3\nALTER TABLE auth.users DROP COLUMN phone;\n",
        ),
    ])
}

#[tokio::test]
async fn the_exit_status_says_whether_there_are_findings() -> Outcome {
    let clean = Folder::new(&[("auth/001_users.sql", USERS)])?;
    for format in ["text", "json", "sarif", "github"] {
        let ended = clean.check(&["auth", "--format", format]).await?;
        assert_eq!(ended.status, Some(0), "{}", ended.out);
        let ended = findings()?.check(&["auth", "--format", format]).await?;
        assert_eq!(ended.status, Some(1), "{}", ended.out);
        let ended = clean.check(&["nowhere", "--format", format]).await?;
        assert_eq!(ended.status, Some(2), "{}", ended.out);
        assert!(
            ended.err.contains("there is no folder or file `nowhere`"),
            "{}",
            ended.err
        );
        match format {
            "json" => assert_eq!(ended.json()?["kind"], "file"),
            _ => assert_eq!(ended.out, ""),
        }
    }
    Ok(())
}

/// The compiler builds with warnings; CI may be stricter.
#[tokio::test]
async fn warnings_count_where_they_are_denied() -> Outcome {
    let gap = Folder::new(&[
        ("auth/001_users.sql", USERS),
        (
            "auth/003_more.sql",
            "ALTER TABLE auth.users ADD COLUMN email text;\n",
        ),
    ])?;
    gap.check(&["auth"])
        .await?
        .with(0)
        .says(&["warning[version-gap]", "0 errors, 1 warning"]);
    for format in ["text", "json", "sarif", "github"] {
        let strict = ["auth", "--deny", "warnings", "--format", format];
        gap.check(&strict).await?.with(1);
    }
    let clean = Folder::new(&[("auth/001_users.sql", USERS)])?;
    clean.check(&["auth", "--deny", "warnings"]).await?.with(0);
    Ok(())
}

/// As pre-commit hands over files. They are judged with their folder.
#[tokio::test]
async fn a_file_stands_for_its_folder_and_shows_its_own_findings() -> Outcome {
    let folder = findings()?;
    let bad = folder.check(&["auth/002_drop_fax.sql"]).await?;
    bad.with(1).says(&[
        "error[drop-column]: drops the column auth.users.fax",
        "auth/002_drop_fax.sql: 1 file, 1 error, 0 warnings, 0 accepted; no other file of auth has findings",
    ]);
    let good = folder.check(&["auth/001_users.sql"]).await?;
    good.with(0)
        .says(&["auth/001_users.sql: 1 file, 0 errors, 0 warnings, 0 accepted; 1 finding in other files of auth not shown"]);
    assert!(!good.out.contains("drop-column"), "{}", good.out);

    let files = [
        "auth/100_drop_phone.sql",
        "auth/002_drop_fax.sql",
        "--format",
        "json",
    ];
    let json = folder.check(&files).await?.with(1).json()?;
    assert_eq!(
        json["only"],
        serde_json::json!(["auth/100_drop_phone.sql", "auth/002_drop_fax.sql"])
    );
    let statements = json["statements"].as_array().ok_or("a list")?;
    assert_eq!(statements.len(), 2, "{statements:?}");
    // The folder includes its files, and is checked once.
    let both = folder
        .check(&["auth/001_users.sql", "auth/", "auth"])
        .await?;
    assert_eq!(both.with(1).out.matches("error[drop-column]").count(), 1);
    // A name without a folder in front, from inside of the folder.
    let mut inside = command(&["check", "001_users.sql"]);
    inside.current_dir(folder.root().join("auth"));
    run(inside)
        .await?
        .with(0)
        .says(&["./001_users.sql: 1 file"]);
    folder.check(&["auth/004_none.sql"]).await?.with(2);
    Ok(())
}

/// Without a workspace, a folder of the same name further up belongs to something else.
#[tokio::test]
async fn the_search_does_not_leave_the_workspace() -> Outcome {
    let files = [("auth/001_users.sql", USERS), ("x/y/auth.txt", "")];
    let folder = Folder::new(&files)?;
    let below = || {
        let mut below = command(&["check", "auth"]);
        below.current_dir(folder.root().join("x/y"));
        below
    };
    run(below())
        .await?
        .with(2)
        .says(&["no folder or file `auth`"]);
    std::fs::write(folder.root().join("Cargo.lock"), "")?;
    run(below()).await?.with(0);
    Ok(())
}

/// The notes that belong to no single finding.
#[tokio::test]
async fn many_findings_in_old_files_come_with_the_line_for_them() -> Outcome {
    let text = "BEGIN;\nCREATE TABLE a (b int);\nCREATE INDEX ON a (b);\nCOMMIT;\n";
    let files = ["001_a.sql", "002_b.sql", "003_c.sql"];
    let paths = files.map(|file| (format!("migrations/{file}"), text));
    let paths = paths.iter().map(|(path, text)| (path.as_str(), *text));
    let mut paths: Vec<_> = paths.collect();
    let folder = Folder::new(&paths)?;
    folder.check(&["migrations"]).await?.with(1).says(&[
        "lint_from = \"004\"",
        "`migrations/onward.toml`",
        "schema = \"app\"",
        "`onward explain ",
    ]);
    // What the runner cannot run is reported all the same.
    paths.push((
        "migrations/onward.toml",
        "lint_from = \"004\"\nschema = \"app\"\n",
    ));
    let old = Folder::new(&paths)?;
    let old = old.check(&["migrations"]).await?;
    old.with(1)
        .says(&["error[transaction-control]", "6 errors, 0 warnings"]);
    assert!(!old.out.contains("lint_from"), "{}", old.out);
    Ok(())
}

#[tokio::test]
async fn text_is_what_the_compiler_prints() -> Outcome {
    let ended = findings()?.check(&["auth"]).await?;
    assert!(
        ended
            .out
            .contains("error[drop-column]: drops the column auth.users.fax")
    );
    assert!(
        ended.out.contains("--> auth/002_drop_fax.sql:2:17"),
        "{}",
        ended.out
    );
    assert!(
        ended
            .out
            .ends_with("auth: 3 files, 1 error, 0 warnings, 1 accepted\n")
    );
    Ok(())
}

#[tokio::test]
async fn json_is_one_document_of_findings_and_statements() -> Outcome {
    let ended = findings()?.check(&["auth", "--format", "json"]).await?;
    let document: Value = serde_json::from_str(&ended.out)?;
    let error = &document["findings"][0];
    assert_eq!(error["file"], "auth/002_drop_fax.sql");
    assert_eq!((&error["line"], &error["column"]), (&2.into(), &17.into()));
    let end = (&error["end_line"], &error["end_column"]);
    assert_eq!(end, (&2.into(), &20.into()));
    assert_eq!(
        (&error["rule"], &error["severity"]),
        (&"drop-column".into(), &"forbid".into())
    );
    assert_eq!(error["allowed_because"], Value::Null);
    assert!(error["message"].is_string() && error["help"].is_string());
    let declared = &document["findings"][1];
    assert_eq!(declared["allowed_because"], "the profile page of 2.3");
    let statements = document["statements"].as_array().ok_or("a list")?;
    let found: Vec<_> = statements
        .iter()
        .map(|one| {
            (
                &one["file"],
                &one["line"],
                &one["kind"],
                &one["category"],
                &one["transactional"],
            )
        })
        .collect();
    let expected = |file: &str, line: u8, kind: &str, category: &str| -> [Value; 5] {
        [
            file.into(),
            line.into(),
            kind.into(),
            category.into(),
            true.into(),
        ]
    };
    for (found, expected) in found.iter().zip([
        expected("auth/001_users.sql", 1, "create-table", "startup"),
        expected("auth/002_drop_fax.sql", 1, "drop-column", "startup"),
        expected("auth/100_drop_phone.sql", 2, "drop-column", "release"),
    ]) {
        let [file, line, kind, category, transactional] = &expected;
        assert_eq!(*found, (file, line, kind, category, transactional));
    }
    assert_eq!(found.len(), 3);
    Ok(())
}

#[tokio::test]
async fn several_modules_are_one_document() -> Outcome {
    let modules = Folder::new(&[
        ("auth/001_users.sql", USERS),
        ("vuln/001_drop.sql", "DROP SCHEMA other;\n"),
        ("vuln/1_x.sql", "SELECT 1;\n"),
    ])?;
    let ended = modules
        .check(&["auth", "vuln/", "--format", "json"])
        .await?;
    let document: Value = serde_json::from_str(&ended.out)?;
    let files: Vec<_> = document["findings"]
        .as_array()
        .ok_or("a list")?
        .iter()
        .map(|finding| (finding["file"].as_str(), finding["rule"].as_str()))
        .collect();
    assert!(
        files.contains(&(Some("vuln/001_drop.sql"), Some("drop-schema"))),
        "{files:?}"
    );
    assert!(
        files.contains(&(Some("vuln/1_x.sql"), Some("file-name"))),
        "{files:?}"
    );
    let whole = document["findings"].as_array().ok_or("a list")?;
    let whole = whole.iter().find(|finding| finding["rule"] == "file-name");
    assert_eq!(whole.ok_or("a finding")?["line"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn sarif_points_into_the_files_and_keeps_what_is_accepted() -> Outcome {
    let ended = findings()?.check(&["auth", "--format", "sarif"]).await?;
    let document: Value = serde_json::from_str(&ended.out)?;
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().ok_or("a list")?;
    assert_eq!(rules.len(), onward_analyzer::RULES.len());
    let error = &run["results"][0];
    assert_eq!(
        (&error["ruleId"], &error["level"]),
        (&"drop-column".into(), &"error".into())
    );
    let place = &error["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "auth/002_drop_fax.sql");
    assert_eq!(
        place["region"],
        serde_json::json!({ "startLine": 2, "startColumn": 17, "endLine": 2, "endColumn": 20 })
    );
    let earlier = &error["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(earlier, "auth/001_users.sql");
    let accepted = &run["results"][1]["suppressions"][0];
    assert_eq!(accepted["justification"], "the profile page of 2.3");
    Ok(())
}

/// Code scanning follows a finding by its fingerprint when lines move, and links the page of its rule.
#[tokio::test]
async fn sarif_has_fingerprints_that_survive_moved_lines_and_links_to_the_pages() -> Outcome {
    let create = "CREATE TABLE shop.a (id bigint PRIMARY KEY, note text, other text);";
    let of = async |release: &str| -> Result<Vec<Value>, Box<dyn std::error::Error>> {
        let folder = Folder::shop(&[
            ("001_a.sql", create.as_bytes()),
            ("100_b.sql", release.as_bytes()),
        ])?;
        let ended = folder.check(&["shop", "--format", "sarif"]).await?;
        let document: Value = serde_json::from_str(&ended.out)?;
        let results = document["runs"][0]["results"].as_array().ok_or("a list")?;
        let rules = document["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .ok_or("a list")?;
        for rule in rules {
            let page = rule["helpUri"].as_str().unwrap_or_default();
            let path = page.split("/source/").nth(1).unwrap_or_default();
            let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../analyzer")
                .join(path);
            assert!(file.is_file(), "{page}");
        }
        Ok(results
            .iter()
            .map(|one| one["partialFingerprints"]["onward/v1"].clone())
            .collect())
    };
    let twice = "ALTER TABLE shop.a DROP COLUMN note;\nALTER TABLE shop.a DROP COLUMN note;\n";
    let before = of(twice).await?;
    let distinct: std::collections::BTreeSet<_> = before.iter().map(Value::to_string).collect();
    assert!(
        before.len() > 1 && distinct.len() == before.len(),
        "{before:?}"
    );
    assert_eq!(of(&format!("-- a line more\n\n{twice}")).await?, before);
    Ok(())
}

#[tokio::test]
async fn github_gets_one_line_a_finding() -> Outcome {
    let ended = findings()?.check(&["auth", "--format", "github"]).await?;
    let lines: Vec<_> = ended.out.lines().collect();
    let start = "::error file=auth/002_drop_fax.sql,line=2,col=17,endColumn=20,title=drop-column::";
    assert_eq!(lines.len(), 1, "{}", ended.out);
    assert!(lines[0].starts_with(start), "{}", lines[0]);
    assert!(lines[0].contains("%0A"), "{}", lines[0]);
    Ok(())
}

#[tokio::test]
async fn the_modules_that_people_copy_are_clean() -> Outcome {
    let answer = onward(&[&["check"], MODULES].concat()).await?;
    let lines: Vec<_> = answer.with(0).out.lines().collect();
    assert_eq!(lines.len(), MODULES.len(), "{}", answer.out);
    for (line, module) in lines.iter().zip(MODULES) {
        assert!(line.starts_with(&format!("{module}: ")), "{line}");
        assert!(line.contains(", 0 errors, 0 warnings, "), "{line}");
    }
    Ok(())
}
