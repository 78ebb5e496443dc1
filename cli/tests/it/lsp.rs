//! `onward lsp`, spoken to by a client that follows a script.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::Outcome;
use crate::support::Folder;
use crate::support::page::shows;

/// An editor.
struct Client {
    server: Child,
    answers: BufReader<ChildStdout>,
    asked: i64,
}

impl Client {
    fn start(capabilities: &Value) -> Result<Self, Box<dyn std::error::Error>> {
        let mut server = Command::new(env!("CARGO_BIN_EXE_onward"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = BufReader::new(server.stdout.take().ok_or("no output")?);
        let mut client = Self {
            server,
            answers,
            asked: 0,
        };
        let answer = client.ask(
            "initialize",
            &json!({ "processId": null, "rootUri": null, "capabilities": capabilities }),
        )?;
        assert_eq!(answer["serverInfo"]["name"], "onward");
        assert_eq!(answer["capabilities"]["definitionProvider"], true);
        client.tell("initialized", &json!({}))?;
        Ok(client)
    }

    fn send(&mut self, message: &Value) -> Outcome {
        let text = message.to_string();
        let input = self.server.stdin.as_mut().ok_or("closed")?;
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        input.flush()?;
        Ok(())
    }

    fn tell(&mut self, method: &str, params: &Value) -> Outcome {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn next(&mut self) -> Result<Value, Box<dyn std::error::Error>> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line)? == 0 {
                return Err("the server has gone".into());
            }
            match line.trim() {
                "" => break,
                line => {
                    let value = line.strip_prefix("Content-Length: ");
                    length = value.ok_or("another header")?.parse()?;
                }
            }
        }
        let mut body = vec![0; length];
        self.answers.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }

    fn ask(&mut self, method: &str, params: &Value) -> Result<Value, Box<dyn std::error::Error>> {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let mut answer = self.next()?;
            if answer["id"] == id {
                assert_eq!(answer["error"], Value::Null, "{method}");
                return Ok(answer["result"].take());
            }
        }
    }

    /// The diagnostics of a file, as they are published next.
    fn findings(&mut self, uri: &str) -> Result<Value, Box<dyn std::error::Error>> {
        loop {
            let mut note = self.next()?;
            if note["params"]["uri"] == uri {
                assert_eq!(note["method"], "textDocument/publishDiagnostics");
                return Ok(note["params"]["diagnostics"].take());
            }
        }
    }

    fn open(&mut self, uri: &str, text: &str) -> Outcome {
        let document = json!({ "uri": uri, "languageId": "sql", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }))
    }

    fn change(&mut self, uri: &str, text: &str) -> Outcome {
        self.tell(
            "textDocument/didChange",
            &json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": text }] }),
        )
    }

    fn end(mut self) -> Outcome {
        self.ask("shutdown", &Value::Null)?;
        self.tell("exit", &Value::Null)?;
        assert!(self.server.wait()?.success());
        Ok(())
    }
}

const USERS: &str =
    "CREATE TABLE shop.users (\n    id bigint PRIMARY KEY,\n    email text NOT NULL\n);\n";

fn folder() -> Result<(Folder, impl Fn(&str) -> String), Box<dyn std::error::Error>> {
    let folder = Folder::shop(&[("001_users.sql", USERS.as_bytes())])?;
    let root = folder.root().join("shop").canonicalize()?;
    let uri = move |name: &str| format!("file://{}", root.join(name).display());
    Ok((folder, uri))
}

#[test]
fn a_finding_is_shown_with_its_fix_and_goes_with_it() -> Outcome {
    let (folder, uri) = folder()?;
    let mut client = Client::start(&json!({}))?;
    let file = uri("002_email.sql");
    let text = "-- 𝄞\nCREATE INDEX users_email_idx ON shop.users (email);\n";
    client.open(&file, text)?;
    let findings = client.findings(&file)?;
    let finding = &findings[0];
    assert_eq!(
        finding["code"], "index-without-concurrently",
        "{findings:#}"
    );
    assert_eq!(finding["severity"], 1);
    assert_eq!(
        finding["range"]["start"],
        json!({ "line": 1, "character": 13 })
    );
    let related = &finding["relatedInformation"][0]["location"];
    assert_eq!(related["uri"], uri("001_users.sql"));
    assert_eq!(related["range"]["start"]["line"], 0);
    let message = finding["message"].as_str().unwrap_or_default();
    assert!(message.contains("onward explain index-without-concurrently"));

    let actions = client.ask(
        "textDocument/codeAction",
        &json!({ "textDocument": { "uri": file }, "range": finding["range"], "context": { "diagnostics": [] } }),
    )?;
    assert_eq!(actions[0]["kind"], "quickfix");
    let changes = actions[0]["edit"]["documentChanges"].as_array().cloned();
    let fixed = applied(&changes.unwrap_or_default(), &file, text);
    for (uri, text) in &fixed {
        match *uri == file {
            true => client.change(uri, text)?,
            false => client.open(uri, text)?,
        }
    }
    let mut last = Value::Null;
    for _ in &fixed {
        last = client.findings(&file)?;
    }
    let errors = last.as_array().into_iter().flatten();
    let errors: Vec<_> = errors.filter(|one| one["severity"] == 1).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(
        fs::read_dir(folder.root().join("shop"))?.count(),
        1,
        "the editor saves"
    );
    client.end()
}

/// Applies an edit as an editor does, for edits of whole lines.
fn applied(changes: &[Value], file: &str, text: &str) -> Vec<(String, String)> {
    let mut texts = vec![(file.to_owned(), text.to_owned())];
    for change in changes {
        if change["kind"] == "create" {
            let uri = change["uri"].as_str().unwrap_or_default();
            texts.push((uri.to_owned(), String::new()));
            continue;
        }
        let edited = texts
            .iter_mut()
            .find(|(uri, _)| change["textDocument"]["uri"] == *uri);
        let (Some((_, text)), Some(edits)) = (edited, change["edits"].as_array()) else {
            panic!("an edit of another file: {change:#}");
        };
        for edit in edits {
            let at = |end: &str| {
                let line = edit["range"][end]["line"].as_u64().unwrap_or_default();
                let column = edit["range"][end]["character"].as_u64().unwrap_or_default();
                let lines = text.split_inclusive('\n').take(line as usize);
                lines.map(str::len).sum::<usize>() + column as usize
            };
            let (start, end) = (at("start"), at("end"));
            text.replace_range(start..end, edit["newText"].as_str().unwrap_or_default());
        }
    }
    texts
}

#[test]
fn an_edit_of_an_earlier_file_is_felt_in_a_later_one() -> Outcome {
    let (folder, uri) = folder()?;
    let second = "ALTER TABLE shop.users ADD COLUMN name text;\nCREATE VIEW shop.mail AS SELECT email FROM shop.users;\n";
    fs::write(folder.root().join("shop/002_mail.sql"), second)?;
    let mut client = Client::start(&json!({}))?;
    let (first, later) = (uri("001_users.sql"), uri("002_mail.sql"));
    client.open(&first, USERS)?;
    assert_eq!(client.findings(&first)?, json!([]));
    client.change(&first, &USERS.replace("email", "mail"))?;
    let findings = client.findings(&later)?;
    let message = findings[0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("email"), "{findings:#}");
    client.change(&first, USERS)?;
    assert_eq!(client.findings(&later)?, json!([]));
    client.end()
}

#[test]
fn hover_shows_locks_and_a_name_leads_to_where_it_was_created() -> Outcome {
    let (_folder, uri) = folder()?;
    let utf8 = json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } });
    let mut client = Client::start(&utf8)?;
    let file = uri("002_name.sql");
    client.open(
        &file,
        "ALTER TABLE shop.users ADD COLUMN name text;\nCREATE VIEW shop.mail AS SELECT email FROM shop.users;\n",
    )?;
    let at = |line: u32, character: u32| json!({ "textDocument": { "uri": file }, "position": { "line": line, "character": character } });
    let hover = client.ask("textDocument/hover", &at(0, 3))?;
    let asked =
        json!({ "id": 2, "jsonrpc": "2.0", "method": "textDocument/hover", "params": at(0, 3) });
    let asked = asked
        .to_string()
        .replace(&file, "file:///shop/002_name.sql");
    let answered = json!({ "id": 2, "jsonrpc": "2.0", "result": hover });
    shows(
        "editors.md",
        "onward lsp --stdio",
        &format!("{asked}\n{answered}\n"),
    );
    let text = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(
        text.contains("`ACCESS EXCLUSIVE` on `shop.users`: reads and writes wait"),
        "{text}"
    );
    let table = client.ask("textDocument/definition", &at(0, 18))?;
    assert_eq!(table["uri"], uri("001_users.sql"), "{table}");
    assert_eq!(table["range"]["start"]["line"], 0);
    let column = client.ask("textDocument/definition", &at(1, 34))?;
    assert_eq!(column["uri"], uri("001_users.sql"), "{column}");
    assert_eq!(column["range"]["start"]["line"], 2);
    client.end()
}

#[test]
fn what_is_no_migration_is_answered_with_nothing() -> Outcome {
    let (_folder, uri) = folder()?;
    let mut client = Client::start(&json!({}))?;
    for file in [
        "untitled:Untitled-1".to_owned(),
        "file:///no/such/query.sql".to_owned(),
        uri("001_users.sql"),
    ] {
        client.open(&file, "SELEC")?;
        let at =
            json!({ "textDocument": { "uri": file }, "position": { "line": 9, "character": 9 } });
        let hover = client.ask("textDocument/hover", &at)?;
        let definition = client.ask("textDocument/definition", &at)?;
        assert_eq!((hover, definition), (Value::Null, Value::Null), "{file}");
    }
    client.tell("textDocument/didFold", &json!({ "what": 1 }))?;
    client.end()
}
