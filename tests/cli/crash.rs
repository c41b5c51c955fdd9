//! A build that is killed at any moment leaves the index before it or the new one, and the next
//! build goes on. `PAYDIRT_KILLS=200 cargo test --test cli crash` kills more often.

#![cfg(unix)]

use super::Sandbox;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const KILLS: u32 = 8;

fn write(sandbox: &Sandbox, round: u32) {
    for n in 0..40 {
        let text = format!("Round {round}. Report {n} tells of ${n} million taken from KuCoin.\n\n");
        // Half of the reports stay as they are from round to round.
        let text = if n % 2 == 0 { text.replace(&format!("Round {round}"), "Always") } else { text };
        sandbox.write(&format!("corpus/{n:03}.txt"), text.repeat(30));
    }
}

fn start(sandbox: &Sandbox) -> Child {
    sandbox.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// How many passages a round has, and those that are in every round.
fn hits(sandbox: &Sandbox, round: u32) -> [usize; 2] {
    [format!("\"round {round}\""), "always".to_string()].map(|query| {
        let run = sandbox.run(&["search", &query, "--format", "jsonl"]);
        assert!(run.status < 2, "{}", run.stderr);
        run.stdout.lines().count()
    })
}

#[test]
fn a_killed_build_leaves_the_index_before_it_or_the_new_one() {
    let kills = std::env::var("PAYDIRT_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let sandbox = Sandbox::in_a_new_folder();
    write(&sandbox, 0);
    let begun = Instant::now();
    assert_eq!(sandbox.run(&["build"]).status, 0);
    let whole = begun.elapsed();
    let (mut seed, mut new) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    let mut current = 0;
    for round in 1..=kills {
        let (before, nothing) = (hits(&sandbox, current), hits(&sandbox, round));
        write(&sandbox, round);
        let mut build = start(&sandbox);
        // xorshift: the moments are the same shares of a build's time in every run.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let share = (seed % 1000) as u32;
        let moment = whole.mul_f64(f64::from(share) * 0.0012);
        std::thread::sleep(moment.min(Duration::from_secs(20)));
        drop(build.kill());
        build.wait().unwrap();
        if hits(&sandbox, round) == nothing {
            assert_eq!(hits(&sandbox, current), before, "round {round}, killed after {moment:?}");
        } else {
            (current, new) = (round, new + 1);
            assert_eq!(hits(&sandbox, round), before, "round {round}, killed after {moment:?}");
        }
    }
    println!("{kills} kills: {new} times the new index, else the one before");
    write(&sandbox, kills + 1);
    assert_eq!(sandbox.run(&["build"]).status, 0, "the next build goes on");
    let folders = std::fs::read_dir(sandbox.path().join("index")).unwrap();
    let data = folders.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with("data-"));
    assert_eq!(data.count(), 1, "nothing is left of the builds that were killed");
}
