//! What a process may still do that opens files which are not ours to trust.
//!
//! Memory, open files, bytes written and dumps are limited everywhere on Unix. On Linux the process also
//! loses the network (seccomp) and every file but the system's own programs and libraries, which it
//! may read and run, as the OCR engine is one of them (Landlock). A kernel that lacks either gives
//! what it has: the limits of memory and time hold without them. What a process is asked to do, and
//! for how long, is not decided here.

/// Confines this process, and all that it starts, for good.
///
/// `memory` is its address space in MiB. To be called before a second thread begins, as threads
/// that run already would stay free.
pub(crate) fn confine(memory: u64) {
    #[cfg(unix)]
    limit(memory);
    #[cfg(not(unix))]
    let _ = memory;
    #[cfg(target_os = "linux")]
    {
        linux::forbid_files();
        linux::forbid_calls();
    }
}

#[cfg(unix)]
fn limit(memory: u64) {
    use rlimit::Resource;
    /// The three pipes, what a started program needs, and some air.
    const MOST_OPEN: u64 = 128;
    let bytes = memory.saturating_mul(1 << 20);
    let limits =
        [(Resource::AS, bytes), (Resource::CORE, 0), (Resource::FSIZE, 0), (Resource::NOFILE, MOST_OPEN)];
    // Where a limit cannot be set the time limit still holds.
    for (resource, most) in limits {
        drop(resource.set(most, most));
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr,
        RulesetError, Scope, path_beneath_rules,
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    /// Programs, libraries and what they are set up with; where one is missing it is passed over.
    const SYSTEM: &[&str] = &["/usr", "/bin", "/lib", "/lib64", "/etc", "/opt", "/nix/store", "/proc/self"];
    const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"];

    /// Calls that make a way out, or reach into another process or the kernel.
    const FORBIDDEN: &[i64] = &[
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_io_uring_setup,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_pivot_root,
        libc::SYS_chroot,
        libc::SYS_open_by_handle_at,
        libc::SYS_init_module,
        libc::SYS_finit_module,
        libc::SYS_kexec_load,
    ];

    pub(super) fn forbid_files() {
        // An older kernel keeps of these rules those it knows; without Landlock none is kept.
        drop(rules().and_then(RulesetCreated::restrict_self));
    }

    fn rules() -> Result<RulesetCreated, RulesetError> {
        let abi = ABI::V6;
        let system = SYSTEM.iter().map(PathBuf::from).chain(engine());
        Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(system, AccessFs::from_read(abi)))?
            .add_rules(path_beneath_rules(DEVICES, AccessFs::ReadFile | AccessFs::WriteFile))
    }

    /// Where the OCR engine is, when it is not among the system's programs.
    fn engine() -> Vec<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let engine =
            std::env::split_paths(&path).find(|folder| folder.join(super::super::ocr::PROGRAM).is_file());
        engine.into_iter().chain(std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from)).collect()
    }

    pub(super) fn forbid_calls() {
        // Where the architecture is not known, or the kernel has no such filter, the rest still holds.
        if let Some(filter) = filter() {
            drop(seccompiler::apply_filter(&filter));
        }
    }

    fn filter() -> Option<BpfProgram> {
        let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
        let rules: BTreeMap<i64, _> = FORBIDDEN.iter().map(|call| (*call, Vec::new())).collect();
        let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        SeccompFilter::new(rules, SeccompAction::Allow, refused, arch).ok()?.try_into().ok()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;

    const CONFINED: &str = "PAYDIRT_TEST_CONFINED";

    /// Runs as a test of its own in another process: what that process may not do is told by how it ends.
    #[test]
    fn a_confined_process_has_no_network_and_cannot_read_or_write_the_users_files() {
        if let Some(given) = std::env::var_os(CONFINED) {
            return confined(&given.to_string_lossy());
        }
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret.txt");
        std::fs::write(&secret, "secret").unwrap();
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let told = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "--test-threads=1"])
            .arg("read::confine::tests::a_confined_process_has_no_network_and_cannot_read_or_write_the_users_files")
            .env(CONFINED, format!("{} {}", door.local_addr().unwrap(), secret.display()))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.success(), "{words}{}", String::from_utf8_lossy(&told.stderr));
        assert!(words.contains("network: refused"), "{words}");
        assert!(words.contains("writing: refused"), "{words}");
        assert!(words.contains("a system program: runs"), "{words}");
        if !words.contains("reading: refused") {
            eprintln!("skipped: this kernel has no Landlock, so the users' files could be read");
        }
    }

    fn confined(given: &str) {
        let (door, secret) = given.split_once(' ').unwrap_or_default();
        let free = || (TcpStream::connect(door).is_ok(), std::fs::read(secret).is_ok());
        assert_eq!(free(), (true, true), "before it is confined");
        // The harness has other threads, but the calls below are made by this one.
        confine(1024);
        let say = |what: &str, done: bool, words: [&str; 2]| println!("{what}: {}", words[usize::from(done)]);
        let (network, reading) = free();
        say("network", network, ["refused", "open"]);
        say("reading", reading, ["refused", "open"]);
        let beside = format!("{secret}.new");
        // A file may be made where there is no Landlock, but no byte goes into it; that signal ends a process.
        let written = Command::new("/bin/sh").args(["-c", &format!("echo byte > '{beside}'")]).status();
        say("writing", written.is_ok_and(|status| status.success()), ["refused", "open"]);
        let ran = Command::new("/bin/sh").args(["-c", "exit 0"]).status();
        say("a system program", ran.is_ok_and(|status| status.success()), ["fails", "runs"]);
    }
}
