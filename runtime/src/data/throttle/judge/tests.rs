use std::time::Duration;

use super::*;

const MB: f64 = 1024.0 * 1024.0;

fn row(subject: &str, value: impl Into<Option<f64>>) -> Row {
    Row {
        subject: Some(subject.to_owned()),
        value: value.into(),
        ..Row::default()
    }
}

fn with(row: Row, most: impl Into<Option<f64>>, note: &str) -> Row {
    Row {
        most: most.into(),
        note: (!note.is_empty()).then(|| note.to_owned()),
        ..row
    }
}

fn read(indicator: Indicator, rows: &[Row], memory: &mut Memory, now: Instant) -> String {
    let rows: Vec<_> = rows.iter().collect();
    let reading = judge(indicator, &rows, indicator.defaults(), memory, now);
    assert_eq!(reading.indicator, indicator.name());
    format!("{}: {}", reading.signal, reading.detail)
}

/// Every signal of every indicator that remembers nothing, by its defaults.
#[test]
fn a_signal_follows_from_the_reading_and_the_limits() {
    use Indicator::*;
    let table: &[(Indicator, &[Row], &str)] = &[
        (ReplicationLag, &[], "normal: there is no standby"),
        (
            ReplicationLag,
            &[row("a", 3.0 * MB), row("b", 42.0 * MB), row("c", 0.0)],
            "slow: standby b is 42 MB behind (limit 32 MB)",
        ),
        (
            ReplicationLag,
            &[row("a", 31.0 * MB), row("b", 4.0 * MB)],
            "normal: standby a is 31 MB behind (limit 32 MB)",
        ),
        (
            ReplicationLag,
            &[row("a", None), row("b", 128.0 * MB)],
            "stop: standby b is 128 MB behind (limit 128 MB)",
        ),
        (
            ReplicationLag,
            &[row("a", None), row("b", 1.0)],
            "unknown: this role may not see how far standby a is behind: GRANT pg_monitor to it",
        ),
        (
            WalReceivers,
            &[row("b", 20.0 * MB)],
            "slow: standby b has still to receive 20 MB (limit 16 MB)",
        ),
        (
            WalReceivers,
            &[row("b", None)],
            "unknown: this role may not see what standby b has received: GRANT pg_monitor to it",
        ),
        (
            ReplicationSlots,
            &[with(row("s", 5000.0 * MB), None, "not in use")],
            "slow: slot s (not in use) keeps 4.9 GB of WAL (limit 4 GB)",
        ),
        (
            ReplicationSlots,
            &[with(row("s", 600.0 * MB), 1024.0 * MB, "in use")],
            "stop: slot s (in use) keeps 600 MB of WAL (limit 512 MB)",
        ),
        (
            ReplicationSlots,
            &[with(row("s", 0.0), 1024.0 * MB, "in use")],
            "normal: slot s (in use) keeps 0 bytes of WAL (limit 256 MB)",
        ),
        (ArchiveQueue, &[], "normal: WAL is not archived"),
        (
            ArchiveQueue,
            &[row("", None)],
            "unknown: nothing is archived yet",
        ),
        (
            ArchiveQueue,
            &[row("", 15.0)],
            "normal: 15 files of WAL wait for the archiver (limit 16)",
        ),
        (
            ArchiveQueue,
            &[row("", 70.0)],
            "stop: 70 files of WAL wait for the archiver (limit 64)",
        ),
        (
            ArchiveQueue,
            &[with(row("0A", 2.0), None, "failing")],
            "slow: the archiver fails at 0A, 2 files wait (limit 16)",
        ),
        (
            ArchiveQueue,
            &[with(row("0A", 64.0), None, "failing")],
            "stop: the archiver fails at 0A, 64 files wait (limit 64)",
        ),
        (
            ArchiveQueue,
            &[with(row("0A", None), None, "failing")],
            "stop: the archiver fails at 0A, and has archived nothing",
        ),
        (Autovacuum, &[], "normal: no vacuum of the table is running"),
        (
            Autovacuum,
            &[row("s.t", None)],
            "slow: a vacuum of s.t is running",
        ),
        (
            Autovacuum,
            &[row("s.t", None), with(row("s.u", None), None, "wraparound")],
            "stop: a vacuum of s.u is running that prevents a wraparound of transaction IDs",
        ),
        (
            LockWaits,
            &[row("", 0.0)],
            "normal: 0 sessions wait for locks on the table (limit 1)",
        ),
        (
            LockWaits,
            &[with(row("", 1.0), None, "s.t")],
            "slow: 1 of the sessions wait for locks on s.t (limit 1)",
        ),
        (
            LockWaits,
            &[with(row("", 5.0), None, "s.t")],
            "stop: 5 of the sessions wait for locks on s.t (limit 5)",
        ),
        (
            LongTransactions,
            &[],
            "normal: no other transaction is open",
        ),
        (
            LongTransactions,
            &[row("a", 59.0), with(row("", None), 3.0, "")],
            "unknown: this role may not see since when the transactions of other roles are open, in 3 sessions: GRANT \
             pg_monitor to it",
        ),
        (
            LongTransactions,
            &[row("a", 61.0), with(row("", None), 3.0, "")],
            "slow: a is open for 1 min (limit 1 min)",
        ),
        (
            LongTransactions,
            &[row("a", 61.0), row("b", 7200.0)],
            "stop: b is open for 2 h (limit 15 min)",
        ),
        (
            Connections,
            &[with(row("the server", 5.0), 97.0, "")],
            "normal: 5 of 97 connections of the server are free (limit 5)",
        ),
        (
            Connections,
            &[with(row("the server", 4.0), 97.0, "")],
            "stop: 4 of 97 connections of the server are free (limit 5)",
        ),
        (
            Connections,
            &[
                with(row("the server", 60.0), 97.0, ""),
                with(row("the database d", 0.0), 8.0, ""),
            ],
            "stop: 0 of 8 connections of the database d are free (limit 1)",
        ),
    ];
    let mut memory = Memory::default();
    for (indicator, rows, expected) in table {
        assert_eq!(
            read(*indicator, rows, &mut memory, Instant::now()),
            *expected
        );
    }
}

#[test]
fn a_rate_is_worked_out_between_two_looks() {
    let (mut memory, start) = (Memory::default(), Instant::now());
    let mut look = |lsn: Option<f64>, ms: u64| {
        let rows = [row("", lsn)];
        let now = start + Duration::from_millis(ms);
        read(Indicator::WalRate, &rows, &mut memory, now)
    };
    let unknown = "unknown: a rate is known from the second look on";
    assert_eq!(look(Some(1000.0 * MB), 0), unknown);
    assert_eq!(look(Some(1001.0 * MB), 100), unknown);
    assert_eq!(
        look(Some(1003.0 * MB), 1000),
        "normal: the server writes 3 MB/s of WAL (limit 100 MB/s)"
    );
    assert_eq!(
        look(Some(1253.0 * MB), 2000),
        "slow: the server writes 250 MB/s of WAL (limit 100 MB/s)"
    );
    assert_eq!(
        look(Some(2253.0 * MB), 3000),
        "stop: the server writes 1000 MB/s of WAL (limit 400 MB/s)"
    );
    // Another server, a long pause, a standby.
    assert_eq!(look(Some(1.0), 4000), unknown);
    assert_eq!(look(Some(2.0), 60_000), unknown);
    assert_eq!(
        look(None, 61_000),
        "unknown: the server writes no WAL: it is a standby"
    );
    assert_eq!(look(Some(2.0), 62_000), unknown);
}

/// A table with dead rows, beside 50 000 live ones.
fn dead(number: f64, vacuums: f64, comes_at: &str) -> Row {
    Row {
        passed: Some(vacuums),
        ..with(row("s.t", number), 50_000.0, comes_at)
    }
}

#[test]
fn dead_rows_wait_for_a_vacuum_and_never_for_ever() {
    let (mut memory, start) = (Memory::default(), Instant::now());
    let mut look = |row: Option<Row>, minutes: u64| {
        let rows: Vec<_> = row.into_iter().collect();
        let now = start + Duration::from_secs(minutes * 60);
        let said = read(Indicator::DeadTuples, &rows, &mut memory, now);
        said.replace(
            "s.t has 20000 dead rows beside 50000 live ones (limit 20 %); ",
            "",
        )
    };
    assert_eq!(look(None, 0), "normal: the table has no dead row");
    assert_eq!(
        look(Some(dead(9999.0, 0.0, "50")), 0),
        "normal: s.t has 9999 dead rows beside 50000 live ones (limit 20 %)"
    );
    assert_eq!(
        look(Some(dead(20_000.0, 3.0, "10050")), 0),
        "stop: waits for autovacuum"
    );
    assert_eq!(
        look(Some(dead(20_000.0, 3.0, "10050")), 9),
        "stop: waits for autovacuum"
    );
    assert_eq!(
        look(Some(dead(20_000.0, 3.0, "10050")), 10),
        "slow: no vacuum has come for ten minutes: VACUUM it"
    );
    assert_eq!(
        look(Some(dead(20_000.0, 4.0, "10050")), 11),
        "slow: a vacuum has gone over it and could not remove them: an old transaction, a standby or a slot keeps them"
    );
    // Below the limit everything begins again.
    assert!(look(Some(dead(100.0, 4.0, "10050")), 12).starts_with("normal"));
    assert_eq!(
        look(Some(dead(20_000.0, 4.0, "10050")), 13),
        "stop: waits for autovacuum"
    );
    assert_eq!(
        look(Some(dead(20_000.0, 4.0, "30000")), 14),
        "slow: autovacuum comes at 30000 dead rows: VACUUM it"
    );
    assert_eq!(
        look(Some(dead(20_000.0, 4.0, "")), 15),
        "slow: autovacuum is switched off for it: VACUUM it"
    );
}

/// As docs/throttles.md shows it.
#[test]
fn a_reading_is_printed_with_its_indicator() {
    let lag = Indicator::ReplicationLag;
    let rows = [row("b", 42.0 * MB)];
    let rows: Vec<_> = rows.iter().collect();
    let now = Instant::now();
    let reading = judge(lag, &rows, lag.defaults(), &mut Memory::default(), now);
    assert_eq!(
        reading.to_string(),
        "replication-lag: standby b is 42 MB behind (limit 32 MB)"
    );
}
