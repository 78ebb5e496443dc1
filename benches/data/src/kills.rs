//! Workers, sessions, the server and the wire are killed at random; every row is changed once.

use std::process::Stdio;
use std::time::{Duration, Instant};

use onward::Startup;
use onward::data::{Event, Pace, Worker};
use onward_pg::{Cluster, Database};
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};

use crate::table::{cluster, connector};
use crate::{Answer, COUNTED, number};

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kill {
    Worker,
    Session,
    Server,
    Wire,
    SilentWire,
    Freeze,
}

const KILLS: [Kill; 6] = [
    Kill::Worker,
    Kill::Session,
    Kill::Server,
    Kill::Wire,
    Kill::SilentWire,
    Kill::Freeze,
];

/// A process that works: it says so whenever it has done a batch.
pub(crate) async fn work() -> Answer<()> {
    let url = std::env::args().nth(2).ok_or("which URL?")?;
    let connector = connector(&url)?;
    Worker::new(&COUNTED)
        .pace(Pace::new().share(0.1))
        .listener(|event| {
            if matches!(event, Event::Batch { .. }) {
                println!("batch");
            }
        })
        .run(&connector, std::future::pending())
        .await?;
    Ok(())
}

/// Two workers at a time: one works, the other stands by. Each has a wire of its own.
struct Seat {
    proxy: Proxy,
    child: Child,
}

struct Scene {
    cluster: Cluster,
    database: Database,
    seats: Vec<Seat>,
    says: UnboundedSender<usize>,
    heard: UnboundedReceiver<usize>,
    random: u64,
}

pub(crate) async fn measure() -> Answer<()> {
    let (kills, rows) = (number("kills", 200), number("rows", 2_500_000));
    let cluster = cluster().await?;
    let database = cluster.database().await?;
    let mut client = database.connect().await?;
    Startup::new(&COUNTED).run(&mut client).await?;
    let fill = format!("INSERT INTO counted.rows (n) SELECT 0 FROM generate_series(1, {rows})");
    client.batch_execute(&fill).await?;
    let (says, heard) = unbounded_channel();
    let random = number("seed", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut scene = Scene {
        cluster,
        database,
        seats: Vec::new(),
        says,
        heard,
        random,
    };
    for seat in 0..2 {
        let proxy = Proxy::start(scene.cluster.port()).await?;
        let child = scene.employ(seat, &proxy)?;
        scene.seats.push(Seat { proxy, child });
    }
    let mut waits = Vec::new();
    while waits.len() < usize::try_from(kills)? {
        let Some(leader) = scene.batch().await else {
            break;
        };
        let kill = KILLS[usize::try_from(scene.pick(6))?];
        let since = scene.kill(kill, leader).await?;
        if scene.batch().await.is_none() {
            break;
        }
        waits.push((kill, since.elapsed()));
        if kill == Kill::SilentWire {
            scene.rewire(leader).await?;
        }
        let pause = scene.pick(300);
        sleep(Duration::from_millis(pause)).await;
    }
    scene.close(rows, &waits).await
}

impl Scene {
    fn employ(&self, seat: usize, proxy: &Proxy) -> Answer<Child> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["worker", &proxy.url(self.database.name())])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no output")?;
        let says = self.says.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(_)) = lines.next_line().await {
                let _ = says.send(seat);
            }
        });
        Ok(child)
    }

    /// A wire stays silent; the next worker of the seat gets another one.
    async fn rewire(&mut self, seat: usize) -> Answer<()> {
        self.seats[seat].child.kill().await?;
        let proxy = Proxy::start(self.cluster.port()).await?;
        let child = self.employ(seat, &proxy)?;
        self.seats[seat] = Seat { proxy, child };
        Ok(())
    }

    /// The seat that does the next batch; `None` when there is none for a minute.
    async fn batch(&mut self) -> Option<usize> {
        while self.heard.try_recv().is_ok() {}
        let next = timeout(Duration::from_secs(60), self.heard.recv()).await;
        next.ok().flatten()
    }

    fn pick(&mut self, below: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % below
    }

    /// When it struck.
    async fn kill(&mut self, kill: Kill, leader: usize) -> Answer<Instant> {
        let after = self.pick(40);
        sleep(Duration::from_millis(after)).await;
        let struck = Instant::now();
        match kill {
            Kill::Worker => {
                self.seats[leader].child.kill().await?;
                self.seats[leader].child = self.employ(leader, &self.seats[leader].proxy)?;
            }
            Kill::Session => {
                let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks
                           WHERE locktype = 'advisory' AND granted";
                self.database.connect().await?.execute(sql, &[]).await?;
            }
            Kill::Server => {
                self.cluster.kill()?;
                self.cluster.restart().await?;
                // From here on there is a server again.
                return Ok(Instant::now());
            }
            Kill::Wire => {
                let effect = [Effect::Cut, Effect::Reset][usize::try_from(self.pick(2))?];
                self.cut(effect, leader).await?;
                return Ok(Instant::now());
            }
            Kill::SilentWire => {
                self.cut(Effect::Blackhole, leader).await?;
                return Ok(Instant::now());
            }
            Kill::Freeze => {
                let pid = self.seats[leader].child.id().ok_or("it has ended")?;
                signal("STOP", pid).await?;
                let frozen = self.pick(2000);
                sleep(Duration::from_millis(frozen)).await;
                signal("CONT", pid).await?;
            }
        }
        Ok(struck)
    }

    async fn cut(&mut self, effect: Effect, leader: usize) -> Answer<()> {
        let side = [Side::Client, Side::Server][usize::try_from(self.pick(2))?];
        let place = Place::ALL[usize::try_from(self.pick(3))?];
        let message = usize::try_from(self.pick(3) + 1)?;
        let at = At {
            side,
            message,
            place,
        };
        let proxy = &self.seats[leader].proxy;
        proxy.arm(Fault { at, effect });
        let _ = timeout(Duration::from_secs(20), proxy.struck()).await;
        Ok(())
    }

    async fn close(mut self, rows: u64, waits: &[(Kill, Duration)]) -> Answer<()> {
        let client = self.database.connect().await?;
        for seat in &mut self.seats {
            let _ = seat.child.start_kill();
        }
        Worker::new(&COUNTED)
            .finish(&connector(self.database.url())?, None)
            .await?;
        for kill in KILLS {
            let mut all: Vec<_> = waits.iter().filter(|(one, _)| *one == kill).collect();
            all.sort_unstable_by_key(|(_, wait)| *wait);
            let at = |part: usize| all.get(part).map_or(Duration::ZERO, |(_, wait)| *wait);
            println!(
                "{:10} {:3} times, the next batch after {:.2?} (median), {:.2?} (longest)",
                format!("{kill:?}"),
                all.len(),
                at(all.len() / 2),
                at(all.len().saturating_sub(1))
            );
        }
        let counted = "SELECT min(n), max(n), count(*) FROM counted.rows";
        let row = client.query_one(counted, &[]).await?;
        let (least, most, found): (i32, i32, i64) = (row.get(0), row.get(1), row.get(2));
        println!(
            "{} kills, {found} rows, each changed {least} to {most} times",
            waits.len()
        );
        match (least, most) == (1, 1) && u64::try_from(found)? == rows {
            true => Ok(()),
            false => Err("a row was not changed exactly once".into()),
        }
    }
}

async fn signal(name: &str, pid: u32) -> Answer<()> {
    let sent = Command::new("kill")
        .args([format!("-{name}"), pid.to_string()])
        .status()
        .await?;
    match sent.success() {
        true => Ok(()),
        false => Err(format!("SIG{name} was not sent").into()),
    }
}
