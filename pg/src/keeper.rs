//! Cleaning up after a process that may die at any moment.

use crate::user::User;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A small shell that waits for our end and then runs a script.
///
/// Statics are not dropped, a panic may abort, and no process can catch SIGKILL. But the kernel
/// closes our end of a pipe in each of these cases, and the shell on the other end reads that
/// as the end of its input. It sits in a process group of its own, so Ctrl-C does not reach it.
#[derive(Debug)]
pub(crate) struct Keeper {
    shell: Child,
}

impl Keeper {
    /// Starts the shell. The script finds `argument` in `$1`, and in `$last` the last line that
    /// [`tell`](Keeper::tell) gave it.
    pub(crate) fn spawn(
        user: &User,
        folder: &Path,
        script: &str,
        argument: &str,
    ) -> io::Result<Keeper> {
        let script = format!(
            "trap '' HUP INT TERM\nlast=\nwhile read -r line; do last=$line; done\n{script}"
        );
        let mut command = Command::new("sh");
        user.apply(&mut command)
            .args(["-c", &script, "sh", argument])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        Ok(Keeper {
            shell: command.spawn()?,
        })
    }

    pub(crate) fn tell(&mut self, line: &str) -> io::Result<()> {
        match &mut self.shell.stdin {
            Some(pipe) => writeln!(pipe, "{line}"),
            None => Ok(()),
        }
    }

    /// Runs the script now, and waits until it has ended.
    pub(crate) fn wait(&mut self) {
        self.shell.stdin = None;
        // Nothing is left to be done about a shell that cannot be waited for.
        let _ = self.shell.wait();
    }
}

/// Shuts a cluster down and removes its folder, `$1`; `$last` is the process id of its postmaster.
///
/// The loop checks the pid file and not the process: on a machine where orphans are not reaped, a
/// dead process stays visible for ever. A postmaster that ignores the fast shutdown gets the immediate one. An
/// `initdb` or a postmaster that has only just begun still writes while the folder is being
/// removed, so the loop removes it again until nothing is left; without its folder either soon ends.
pub(crate) const STOP_CLUSTER: &str = r#"
if [ -n "$last" ] && kill -INT "$last"; then
    tries=0
    while [ -e "$1/data/postmaster.pid" ] && [ "$tries" -lt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
        [ "$tries" -eq 80 ] && kill -QUIT "$last"
    done
fi
cd /
tries=0
until rm -rf "$1" || [ "$tries" -ge 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
"#;
