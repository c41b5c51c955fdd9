//! A command with what it took: time, processor time and memory, its own and its children's.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a command took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Took {
    pub seconds: f64,
    /// Of all processors, user and system, with the children it waited for.
    pub cpu: f64,
    /// Resident at most, of the process and all below it together, in MiB; looked at every 20 ms.
    pub memory: f64,
}

/// Clock ticks a second, as Linux tells them to programs.
const TICKS: f64 = 100.0;

/// Runs a command to its end.
///
/// # Panics
/// Where it cannot be started or fails.
pub fn run(command: &mut Command) -> Took {
    command.stdin(Stdio::null());
    let begun = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let took = watch(&mut child, begun);
    let status = child.wait().unwrap();
    assert!(status.success(), "{command:?} ended with {status}");
    took
}

fn watch(child: &mut Child, begun: Instant) -> Took {
    let id = child.id();
    let mut took = Took::default();
    loop {
        // A process that has ended keeps its times until it is waited for.
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        took.cpu = (ticks(11) + ticks(12) + ticks(13) + ticks(14)) / TICKS;
        if fields.first().is_none_or(|state| *state == "Z") {
            took.seconds = begun.elapsed().as_secs_f64();
            return took;
        }
        took.memory = took.memory.max(resident(id));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Of a process and all below it, in MiB.
fn resident(id: u32) -> f64 {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{id}/{name}")).unwrap_or_default();
    let own: f64 = read("status")
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
        .unwrap_or(0.0);
    let tasks = std::fs::read_dir(format!("/proc/{id}/task"));
    let children: f64 = tasks
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().filter_map(|c| c.parse().ok()).collect::<Vec<u32>>())
        .map(resident)
        .sum();
    own / 1024.0 + children
}
