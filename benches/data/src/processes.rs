//! What the system says about a process.

use std::fs;
use std::time::Duration;

use crate::Answer;

/// How long the process has had the processor, in its threads.
pub(crate) fn processor(pid: u32) -> Answer<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name of the program stands in parentheses, and may have blanks in it.
    let behind = stat.rsplit_once(')').ok_or("no name")?.1;
    let ticks = behind.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|one| one.parse::<u64>().ok()).sum();
    // Linux counts hundredths of a second here, whatever the kernel's own clock is.
    Ok(Duration::from_millis(ticks * 10))
}

/// The largest size of the process in memory, in KiB.
pub(crate) fn peak(pid: u32) -> Answer<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no peak")?.parse()?)
}
