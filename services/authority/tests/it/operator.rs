//! `onward data ... --service`: the verbs of the command, of a service that runs the worker.

use clap::Parser as _;
use onward_cli::{Args, Outcome, run};
use onward_pg::database;
use serde_json::Value;

use crate::migrations::{OtherWorker, TOKEN, steered};
use crate::support::{Answer, Service, authority};

/// An operator at a terminal.
struct Operator {
    url: String,
    token: std::path::PathBuf,
}

/// How a command ended, and what it printed.
struct Said {
    outcome: Outcome,
    out: String,
    err: String,
}

impl Operator {
    fn of(service: &Service, name: &str, token: &str) -> Answer<Operator> {
        let file = format!("authority-token-{}-{name}", std::process::id());
        let file = std::env::temp_dir().join(file);
        std::fs::write(&file, format!("{token}\n"))?;
        Ok(Operator {
            url: format!("http://{}", service.address),
            token: file,
        })
    }

    async fn says(&self, words: &[&str]) -> Answer<Said> {
        let token = self.token.display().to_string();
        let place = ["--service", &self.url, "--token-file", &token];
        let args = Args::try_parse_from([&["onward", "data"], words, &place].concat())?;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = run(&args, &mut out, &mut err).await?;
        Ok(Said {
            outcome,
            out: String::from_utf8(out)?,
            err: String::from_utf8(err)?,
        })
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.token);
    }
}

impl Said {
    #[track_caller]
    fn with(&self, outcome: Outcome, parts: &[&str]) {
        let Said { out, err, .. } = self;
        assert_eq!(self.outcome, outcome, "{out}\n{err}");
        for part in parts {
            assert!(
                out.contains(part) || err.contains(part),
                "no `{part}` in {out}\n{err}"
            );
        }
        assert!(!out.contains(TOKEN) && !err.contains(TOKEN), "{out}{err}");
    }
}

#[tokio::test]
async fn every_verb_reaches_the_worker_of_the_service() -> Answer<()> {
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    let service = steered(&database).await?;
    let operator = Operator::of(&service, "verbs", TOKEN)?;
    let (good, refused) = (Outcome::Good, Outcome::Refused);

    operator.says(&["list"]).await?.with(
        refused,
        &[
            "auth\n  DM001_sign_in_attempts_ip_network.sql  running  11 %",
            "evidence\n",
            "service http://",
        ],
    );
    let one = operator.says(&["list", "migrations/auth/"]).await?;
    one.with(refused, &["DM001_sign_in_attempts_ip_network.sql"]);
    assert!(!one.out.contains("evidence"), "{}", one.out);
    // Both modules have a DM001.
    operator.says(&["pause", "DM001"]).await?.with(
        Outcome::CouldNotRun,
        &["auth, evidence has DM001 in several modules: name one, `onward data pause auth DM001"],
    );
    for (words, state) in [
        (&["pause", "auth", "DM001"][..], "paused"),
        (&["resume", "auth", "DM001"], "running"),
        (&["speed", "auth", "DM001", "0.5"], "running"),
        (&["cancel", "auth", "DM001"], "cancelled"),
        (&["retry", "auth", "DM001"], "running"),
        (&["cancel", "auth", "DM001"], "cancelled"),
        (&["retry", "auth", "DM001", "--from-start"], "running"),
    ] {
        operator.says(words).await?.with(good, &[state]);
        assert_eq!(other.state().await?, state, "{words:?}");
    }
    operator.says(&["approve", "auth", "DM001"]).await?.with(
        refused,
        &["is running, and `approve` makes no difference there"],
    );
    let json = operator
        .says(&["pause", "auth", "DM001", "--format", "json"])
        .await?;
    json.with(good, &[]);
    let paused: Value = serde_json::from_str(&json.out)?;
    assert_eq!(
        (&paused["progress"]["state"], &paused["progress"]["speed"]),
        (&"paused".into(), &0.5.into())
    );
    let json = operator
        .says(&["pause", "auth", "DM001", "--format", "json"])
        .await?;
    json.with(refused, &[]);
    let error: Value = serde_json::from_str(&json.out)?;
    assert!(
        error["error"]
            .as_str()
            .is_some_and(|why| why.contains("is paused")),
        "{error}"
    );

    operator.says(&["show", "auth", "DM001"]).await?.with(
        refused,
        &[
            "pass      0",
            "speed     0.5",
            "whether the server has room",
            "replication-lag",
        ],
    );
    // None of them goes on, so there is nothing to watch.
    operator
        .says(&["run", "auth"])
        .await?
        .with(refused, &["paused: `onward data resume`"]);
    for (words, why) in [
        (&["show", "auth", "DM009"][..], "no data migration DM009"),
        (
            &["show", "vuln", "DM001"],
            "has no module `vuln`; it has auth, evidence",
        ),
        (&["speed", "auth", "DM001", "fast"], "`fast` is not a speed"),
        (&["finish", "auth"], "`finish` runs on the database"),
    ] {
        operator
            .says(words)
            .await?
            .with(Outcome::CouldNotRun, &[why]);
    }
    operator
        .says(&["speed", "auth", "DM001", "99"])
        .await?
        .with(refused, &["between 0.01 and 10"]);
    service.stop("-TERM").await?;
    operator
        .says(&["list"])
        .await?
        .with(Outcome::CouldNotRun, &["there is no answer from http://"]);
    Ok(())
}

/// The worker of the service does the work, and the command shows it.
#[tokio::test]
async fn run_shows_the_service_at_work_until_it_is_done() -> Answer<()> {
    let database = database().await?;
    crate::support::release(&database).await?;
    let service = steered(&database).await?;
    let operator = Operator::of(&service, "run", TOKEN)?;
    operator
        .says(&["run"])
        .await?
        .with(Outcome::Good, &["2 data migrations done"]);
    operator
        .says(&["list"])
        .await?
        .with(Outcome::Good, &["done  since"]);
    service.stop("-TERM").await?;
    Ok(())
}

#[tokio::test]
async fn a_wrong_token_and_a_service_without_one_are_named() -> Answer<()> {
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    let service = steered(&database).await?;
    for (token, why) in [
        ("guess", "does not accept the operator's token"),
        ("", "token is missing"),
    ] {
        let operator = Operator::of(&service, "wrong", token)?;
        for words in [
            &["list"][..],
            &["pause", "auth", "DM001"],
            &["show", "auth", "DM001"],
        ] {
            operator
                .says(words)
                .await?
                .with(Outcome::CouldNotRun, &[why]);
        }
    }
    service.stop("-TERM").await?;
    let mut command = authority(&database);
    command.env_remove("ONWARD_OPERATOR_TOKEN");
    let service = Service::of(command).await?;
    let operator = Operator::of(&service, "without", TOKEN)?;
    operator.says(&["pause", "auth", "DM001"]).await?.with(
        Outcome::CouldNotRun,
        &["was started without ONWARD_OPERATOR_TOKEN"],
    );
    assert_eq!(other.state().await?, "running");
    Ok(())
}
