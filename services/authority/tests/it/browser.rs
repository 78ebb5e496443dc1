//! `/migrations` in a real browser: Chromium without a window, which is spoken to through two pipes.
//!
//! `cargo xtask bless page` renews `docs/migrations-page.png`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use onward_pg::database;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use crate::migrations::{OtherWorker, steered};
use crate::support::{Answer, PATIENCE};

/// The programs of the packages that have it.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome-headless-shell",
];

/// `ONWARD_CHROMIUM`, or one of the names on `PATH`.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ONWARD_CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path);
    let mut programs = folders.flat_map(|folder| NAMES.map(|name| folder.join(name)));
    programs.find(|program| program.is_file())
}

struct Browser {
    _child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: Option<String>,
    number: u64,
    profile: PathBuf,
}

impl Browser {
    async fn start(program: &Path) -> Answer<Browser> {
        let profile = std::env::temp_dir().join(format!("onward-browser-{}", std::process::id()));
        let mut command = Command::new("sh");
        // The browser reads commands from its file descriptor 3, and answers on 4.
        command
            .args([
                "-c",
                "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
                "sh",
            ])
            .arg(program)
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-first-run",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--window-size=1000,1000",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        let to = child.stdin.take().ok_or("there is no pipe")?;
        let from = child.stdout.take().ok_or("there is no pipe")?;
        let mut browser = Browser {
            _child: child,
            to,
            from: BufReader::new(from),
            session: None,
            number: 0,
            profile,
        };
        let target = browser
            .ask("Target.createTarget", json!({ "url": "about:blank" }))
            .await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.ask("Target.attachToTarget", attach).await?;
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        Ok(browser)
    }

    /// One command of the DevTools protocol, and its answer.
    async fn ask(&mut self, method: &str, params: Value) -> Answer<Value> {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).await?;
        timeout(PATIENCE, async {
            loop {
                let mut answer = Vec::new();
                if self.from.read_until(0, &mut answer).await? == 0 {
                    return Err("the browser has ended".into());
                }
                answer.pop();
                let answer: Value = serde_json::from_slice(&answer)?;
                if answer["id"] == self.number {
                    return match answer.get("error") {
                        Some(error) => Err(format!("{method}: {error}").into()),
                        None => Ok(answer["result"].clone()),
                    };
                }
            }
        })
        .await?
    }

    /// The value of an expression in the page.
    async fn see(&mut self, expression: &str) -> Answer<Value> {
        let params = json!({ "expression": expression, "returnByValue": true });
        let seen = self.ask("Runtime.evaluate", params).await?;
        match seen.get("exceptionDetails") {
            Some(wrong) => Err(format!("{expression}: {wrong}").into()),
            None => Ok(seen["result"]["value"].clone()),
        }
    }

    /// Waits until an expression is true.
    async fn until(&mut self, expression: &str) -> Answer<()> {
        for _ in 0..200 {
            if self.see(expression).await? == Value::Bool(true) {
                return Ok(());
            }
            sleep(Duration::from_millis(100)).await;
        }
        let page = self.see("document.body.innerText").await?;
        Err(format!("never true: {expression}\n{page}").into())
    }

    /// Presses the left button in the middle of an element.
    async fn press(&mut self, selector: &str) -> Answer<()> {
        let place = self
            .see(&format!(
                "(() => {{ const box = document.querySelector({selector:?}).getBoundingClientRect(); \
                 return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
            ))
            .await?;
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.ask("Input.dispatchMouseEvent", params).await?;
        }
        Ok(())
    }

    async fn picture(&mut self) -> Answer<String> {
        let picture = self
            .ask("Page.captureScreenshot", json!({ "format": "png" }))
            .await?;
        Ok(picture["data"]
            .as_str()
            .ok_or("there is no picture")?
            .to_owned())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// The width of the bar, in percent.
const WIDTH: &str = "parseFloat(document.querySelector('#DM001 .fill')?.style.width || '-1')";

#[tokio::test]
async fn a_person_sees_the_bar_move_and_presses_pause() -> Answer<()> {
    let Some(program) = chromium() else {
        let said = "NO BROWSER: /migrations WAS NOT LOOKED AT. INSTALL chromium, OR NAME IT IN ONWARD_CHROMIUM";
        writeln!(std::io::stderr(), "{said}")?;
        return Ok(());
    };
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    let service = steered(&database).await?;
    let mut browser = Browser::start(&program).await?;
    let url = format!("http://{}/migrations", service.address);
    browser.ask("Page.navigate", json!({ "url": url })).await?;
    browser.until(&format!("{WIDTH} > 0")).await?;

    let before = browser.see(WIDTH).await?;
    for _ in 0..4 {
        other.batch().await?;
        sleep(Duration::from_millis(600)).await;
    }
    browser.until(&format!("{WIDTH} > {before} + 10")).await?;
    browser
        .until("document.querySelector('#DM001 > .facts').textContent.includes('rows/s')")
        .await?;
    let picture = browser.picture().await?;

    // With a wrong token nothing happens, and the page says so.
    let token = |text: &str| format!("document.getElementById('token').value = {text:?}; true");
    browser.see(&token("wrong")).await?;
    browser.press("#DM001 .pause").await?;
    browser
        .until("document.getElementById('answer').textContent.includes('token')")
        .await?;
    assert_eq!(other.state().await?, "running");

    browser.see(&token(crate::migrations::TOKEN)).await?;
    browser.press("#DM001 .pause").await?;
    browser
        .until("document.querySelector('#DM001 .mark').textContent === 'paused'")
        .await?;
    assert_eq!(other.state().await?, "paused");
    assert_eq!(other.batch().await?, 0);
    browser.press("#DM001 .resume").await?;
    browser
        .until("document.querySelector('#DM001 .mark').textContent === 'running'")
        .await?;
    assert_eq!(other.state().await?, "running");

    if std::env::var_os("ONWARD_BLESS_SCREENSHOT").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/migrations-page.png");
        std::fs::write(file, decoded(&picture))?;
    }
    assert_eq!(service.stop("-TERM").await?.0, Some(0));
    Ok(())
}

/// Base64, as the protocol sends pictures.
fn decoded(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.chars().filter_map(|one| DIGITS.find(one)) {
        bits = (bits << 6) | u32::try_from(digit).unwrap_or_default();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap_or_default());
        }
    }
    bytes
}
