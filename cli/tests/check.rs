//! `onward check`, `onward explain` and `onward rules`, as a process.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

fn onward(folder: &Path, arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_onward"))
        .args(arguments)
        .current_dir(folder)
        .output()?;
    Ok(Ended {
        status: output.status.code(),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

/// A folder with modules, removed at the end of its test.
struct Modules(PathBuf);

impl Modules {
    fn new(name: &str, files: &[(&str, &str)]) -> Result<Self, Box<dyn Error>> {
        let root = std::env::temp_dir().join(format!("onward-check-{name}-{}", std::process::id()));
        for (file, text) in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
            fs::write(path, text)?;
        }
        Ok(Self(root))
    }

    fn check(&self, arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
        onward(&self.0, &[&["check"], arguments].concat())
    }
}

impl Drop for Modules {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const USERS: &str = "CREATE TABLE auth.users (id bigint PRIMARY KEY, phone text, fax text);\n";

/// One finding that is told, one that is allowed, and one that is declared.
fn findings(name: &str) -> Result<Modules, Box<dyn Error>> {
    Modules::new(
        name,
        &[
            ("auth/001_users.sql", USERS),
            (
                "auth/002_drop_fax.sql",
                "ALTER TABLE auth.users\n    DROP COLUMN fax;\n",
            ),
            (
                "auth/100_drop_phone.sql",
                "-- onward: breaks the profile page of 2.3\nALTER TABLE auth.users DROP COLUMN phone;\n",
            ),
        ],
    )
}

#[test]
fn the_exit_status_says_whether_there_are_findings() -> Outcome {
    let clean = Modules::new("clean", &[("auth/001_users.sql", USERS)])?;
    for format in ["text", "json", "sarif", "github"] {
        let ended = clean.check(&["auth", "--format", format])?;
        assert_eq!(ended.status, Some(0), "{}", ended.out);
        let ended = findings(format)?.check(&["auth", "--format", format])?;
        assert_eq!(ended.status, Some(1), "{}", ended.out);
        let ended = clean.check(&["nowhere", "--format", format])?;
        assert_eq!(ended.status, Some(2), "{}", ended.out);
        assert!(
            ended.err.contains("there is no folder `nowhere`"),
            "{}",
            ended.err
        );
        assert_eq!(ended.out, "");
    }
    Ok(())
}

#[test]
fn people_read_what_the_compiler_says() -> Outcome {
    let ended = findings("people")?.check(&["auth"])?;
    assert!(
        ended
            .out
            .contains("error[drop-column]: this drops the column auth.users.fax")
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

#[test]
fn json_is_one_document_of_findings_and_statements() -> Outcome {
    let ended = findings("json")?.check(&["auth", "--format", "json"])?;
    let document: Value = serde_json::from_str(&ended.out)?;
    let told = &document["findings"][0];
    assert_eq!(told["file"], "auth/002_drop_fax.sql");
    assert_eq!((&told["line"], &told["column"]), (&2.into(), &17.into()));
    assert_eq!(
        (&told["rule"], &told["severity"]),
        (&"drop-column".into(), &"forbid".into())
    );
    assert_eq!(told["allowed_because"], Value::Null);
    assert!(told["message"].is_string() && told["help"].is_string());
    let declared = &document["findings"][1];
    assert_eq!(declared["allowed_because"], "the profile page of 2.3");
    let statements = document["statements"].as_array().ok_or("a list")?;
    let told: Vec<_> = statements
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
    for (told, expected) in told.iter().zip([
        expected("auth/001_users.sql", 1, "create-table", "startup"),
        expected("auth/002_drop_fax.sql", 1, "drop-column", "startup"),
        expected("auth/100_drop_phone.sql", 2, "drop-column", "release"),
    ]) {
        let [file, line, kind, category, transactional] = &expected;
        assert_eq!(*told, (file, line, kind, category, transactional));
    }
    assert_eq!(told.len(), 3);
    Ok(())
}

#[test]
fn several_modules_are_one_document() -> Outcome {
    let modules = Modules::new(
        "several",
        &[
            ("auth/001_users.sql", USERS),
            ("vuln/001_drop.sql", "DROP SCHEMA other;\n"),
            ("vuln/1_x.sql", "SELECT 1;\n"),
        ],
    )?;
    let ended = modules.check(&["auth", "vuln/", "--format", "json"])?;
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

#[test]
fn sarif_points_into_the_files_and_keeps_what_is_accepted() -> Outcome {
    let ended = findings("sarif")?.check(&["auth", "--format", "sarif"])?;
    let document: Value = serde_json::from_str(&ended.out)?;
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().ok_or("a list")?;
    assert_eq!(rules.len(), onward_analyzer::RULES.len());
    let told = &run["results"][0];
    assert_eq!(
        (&told["ruleId"], &told["level"]),
        (&"drop-column".into(), &"error".into())
    );
    let place = &told["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "auth/002_drop_fax.sql");
    assert_eq!(
        place["region"],
        serde_json::json!({ "startLine": 2, "startColumn": 17, "endLine": 2, "endColumn": 20 })
    );
    let earlier = &told["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(earlier, "auth/001_users.sql");
    let accepted = &run["results"][1]["suppressions"][0];
    assert_eq!(accepted["justification"], "the profile page of 2.3");
    Ok(())
}

#[test]
fn github_gets_one_line_a_finding() -> Outcome {
    let ended = findings("github")?.check(&["auth", "--format", "github"])?;
    let lines: Vec<_> = ended.out.lines().collect();
    let start = "::error file=auth/002_drop_fax.sql,line=2,col=17,endColumn=20,title=drop-column::";
    assert_eq!(lines.len(), 1, "{}", ended.out);
    assert!(lines[0].starts_with(start), "{}", lines[0]);
    assert!(lines[0].contains("%0A"), "{}", lines[0]);
    Ok(())
}

#[test]
fn explain_knows_what_others_call_a_rule() -> Outcome {
    let here = std::env::temp_dir();
    let own = onward(&here, &["explain", "drop-column"])?;
    assert!(own.out.starts_with("# drop-column\n"), "{}", own.out);
    let alias = onward(&here, &["explain", "ban-drop-column"])?;
    assert!(
        alias
            .out
            .starts_with("`ban-drop-column` is `drop-column` here.\n\n# drop-column")
    );
    assert_eq!((own.status, alias.status), (Some(0), Some(0)));
    let wrong = onward(&here, &["explain", "drop-colum"])?;
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.err.contains("did you mean `drop-column`?"),
        "{}",
        wrong.err
    );
    Ok(())
}

#[test]
fn rules_are_listed_with_their_severities_and_aliases() -> Outcome {
    let ended = onward(&std::env::temp_dir(), &["rules", "--format", "json"])?;
    let rules: Value = serde_json::from_str(&ended.out)?;
    let rules = rules.as_array().ok_or("a list")?;
    assert_eq!(rules.len(), onward_analyzer::RULES.len());
    let rule = rules.iter().find(|rule| rule["id"] == "drop-column");
    let rule = rule.ok_or("there is such a rule")?;
    assert_eq!(
        rule["severities"],
        serde_json::json!({ "startup": "forbid", "release": "deny", "seed": null, "data": "forbid" })
    );
    assert_eq!(rule["group"], "compatibility");
    assert!(rule["summary"].is_string());
    let aliases = rule["aliases"].as_array().ok_or("a list")?;
    assert!(aliases.contains(&"ban-drop-column".into()));
    let text = onward(&std::env::temp_dir(), &["rules"])?;
    assert_eq!(text.out.lines().count(), rules.len());
    Ok(())
}
