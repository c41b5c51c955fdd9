//! What the user reads when the input is bad: what, where, and what to type next.

use super::Sandbox;

#[test]
fn a_path_that_does_not_exist() {
    let run = Sandbox::in_a_new_folder().run(&["extract", "no/such/report.pdf"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "paydirt: no such file or folder: no/such/report.pdf\n");
}

#[test]
fn an_empty_folder() {
    let sandbox = Sandbox::in_a_new_folder();
    std::fs::create_dir(sandbox.path().join("empty")).unwrap();
    let run = sandbox.run(&["extract", "empty"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "paydirt: there are no files here: empty\n");
}

#[test]
fn a_bad_file_never_ends_the_run_and_is_named_with_its_reason() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("in/empty.pdf", "");
    sandbox.write("in/good.txt", "It cost $5 million in 2021.\n");
    sandbox.write("in/picture.png", b"\x89PNG\r\n\x1a\n0000");
    sandbox.write("in/cut.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Cata");
    let run = sandbox.run(&["extract", "in"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    for said in ["1 read", "2 skipped", "1 failed", "empty.pdf: empty file", "picture.png: ", "cut.pdf: "] {
        assert!(run.stderr.contains(said), "{said} is not in\n{}", run.stderr);
    }
    assert!(!run.stderr.contains("panic"), "{}", run.stderr);
    let strict = sandbox.run(&["extract", "in", "--strict"]);
    assert_eq!(strict.status, 2);
    assert_eq!(strict.stdout, run.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("a.txt", "It cost $5 million in 2021.\n");
    let run = sandbox.run(&["extract", "a.txt", "-o", "/dev/full"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.ends_with(
            "paydirt: cannot write: /dev/full: No space left on device (os error 28)\n  \
             hint: free some space, or write to another disk\n"
        ),
        "{}",
        run.stderr
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_read_and_shown() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::in_a_new_folder();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::create_dir(sandbox.path().join("in")).unwrap();
    std::fs::write(sandbox.path().join("in").join(name), "It cost $5 million in 2021.\n").unwrap();
    let run = sandbox.run(&["extract", "in"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("\"source\":\"in/caf\u{fffd}.txt\""), "{}", run.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_of_two_gigabytes_is_refused_without_being_read() {
    let sandbox = Sandbox::in_a_new_folder();
    let big = std::fs::File::create(sandbox.path().join("big.txt")).unwrap();
    // A sparse file: long, and no room taken.
    std::io::Write::write_all(&mut &big, b"It cost $5 million in 2021.\n").unwrap();
    big.set_len(2 << 30).unwrap();
    sandbox.write("a.txt", "It cost $5 million in 2021.\n");
    let run = sandbox.run(&["extract", "a.txt", "big.txt"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("big.txt: too large: 2 GiB, the limit is 1 GiB"), "{}", run.stderr);
}

#[test]
fn a_corpus_that_does_not_exist_or_is_empty() {
    let sandbox = Sandbox::in_a_new_folder();
    let run = sandbox.run(&["build"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "paydirt: no such file or folder: corpus\n");
    std::fs::create_dir(sandbox.path().join("corpus")).unwrap();
    let run = sandbox.run(&["build"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stderr,
        "paydirt: there are no files here: corpus\n  hint: put reports (PDF, HTML, DOCX, Markdown, text) \
         into the folder, or name another: paydirt build FOLDER\n"
    );
    assert!(!sandbox.path().join("index").exists(), "nothing was built, so nothing is left behind");
}

#[test]
fn no_index_and_an_index_of_another_version() {
    let sandbox = Sandbox::in_a_new_folder();
    let run = sandbox.run(&["search", "KuCoin"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("index") && run.stderr.contains("hint: "), "{}", run.stderr);
    assert!(run.stderr.contains("paydirt build"), "{}", run.stderr);
    sandbox.write("corpus/a.txt", "It cost $5 million in 2021.\n");
    assert_eq!(sandbox.run(&["build"]).status, 0);
    assert_eq!(sandbox.run(&["search", "cost"]).status, 0);
    let head = sandbox.path().join("index/paydirt-index.json");
    let text = std::fs::read_to_string(&head).unwrap();
    let format = text.lines().find(|line| line.contains("\"format\"")).unwrap();
    std::fs::write(&head, text.replace(format, "  \"format\": 999,")).unwrap();
    let run = sandbox.run(&["search", "cost"]);
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(run.stderr.contains("another version") && run.stderr.contains("paydirt build"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["build"]).status, 0, "a build replaces it");
    assert_eq!(sandbox.run(&["search", "cost"]).status, 0);
}

/// A text that takes a while to build: many files of many figures.
fn a_long_corpus(sandbox: &Sandbox) {
    for i in 0..1500 {
        let text =
            format!("In May 20{:02} thieves took more than ${} million from KuCoin.\n\n", i % 25, i + 1);
        sandbox.write(&format!("corpus/{i:04}.txt"), text.repeat(40));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_of_a_build_leaves_the_index_before_it() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("corpus/0000.txt", "The first build told of $5 million.\n");
    assert_eq!(sandbox.run(&["build"]).status, 0);
    a_long_corpus(&sandbox);
    let child = sandbox
        .command(&["build", "--jobs", "1"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "paydirt: stopped by Ctrl-C\n  hint: the index is as it was before; the next build goes on where \
         this one stopped\n"
    );
    let search = sandbox.run(&["search", "\"first build\""]);
    assert_eq!(search.status, 0, "{}", search.stderr);
}

/// A disk of 256 KiB, where this machine lets us make one.
#[cfg(target_os = "linux")]
#[test]
fn a_build_on_a_full_disk_says_so_and_leaves_the_index_before_it() {
    let sandbox = Sandbox::in_a_new_folder();
    let disk = sandbox.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = |args: &[&str]| {
        let output = std::process::Command::new("mount").args(args).arg(&disk).output();
        output.is_ok_and(|o| o.status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"]) {
        println!("skipped: a small disk cannot be mounted here (needs root)");
        return;
    }
    sandbox.write("corpus/0000.txt", "The first build told of $5 million.\n");
    let first = sandbox.run(&["build", "--index", "disk/index"]);
    a_long_corpus(&sandbox);
    let run = sandbox.run(&["build", "--index", "disk/index"]);
    let search = sandbox.run(&["search", "\"first build\"", "--index", "disk/index"]);
    assert!(std::process::Command::new("umount").arg(&disk).status().unwrap().success());
    assert_eq!(first.status, 0, "{}", first.stderr);
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(run.stderr.contains("cannot write the index: disk/index"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: the disk is full: free some space"), "{}", run.stderr);
    assert!(!run.stderr.contains("panic"), "{}", run.stderr);
    assert_eq!(search.status, 0, "{}", search.stderr);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_opened() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("in/a.txt", "It cost $5 million in 2021.\n");
    std::os::unix::fs::symlink("nowhere.pdf", sandbox.path().join("in/gone.pdf")).unwrap();
    let locked = sandbox.write("in/locked.txt", "It cost $6 million in 2021.\n");
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o000);
    std::fs::set_permissions(&locked, closed).unwrap();
    let run = sandbox.run(&["extract", "in"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("gone.pdf: a link that leads nowhere"), "{}", run.stderr);
    if std::fs::read(&locked).is_ok() {
        println!("skipped in part: this user may open every file");
        return;
    }
    assert!(run.stderr.contains("locked.txt: cannot read: Permission denied"), "{}", run.stderr);
}

/// A PDF of one empty page that no password at hand opens.
fn a_locked_pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>".to_string(),
        format!("<< /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >>", "5a".repeat(32), "a5".repeat(32)),
    ];
    let (mut pdf, mut places) = (b"%PDF-1.4\n".to_vec(), Vec::new());
    for (i, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let xref = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        pdf.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let id = "0123456789abcdef0123456789abcdef";
    let trailer = format!(
        "trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{xref}\n%%EOF\n"
    );
    pdf.extend(trailer.bytes());
    pdf
}

#[test]
fn a_pdf_that_is_locked_cut_off_or_empty_is_named_as_such() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("in/good.txt", "It cost $5 million in 2021.\n");
    let locked = a_locked_pdf();
    sandbox.write("in/cut.pdf", &locked[..120]);
    sandbox.write("in/empty.pdf", "");
    sandbox.write("in/locked.pdf", &locked);
    let run = sandbox.run(&["extract", "in"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let told = "4 sources: 1 read, 0 in part, 1 skipped, 2 failed; 1 of 1 page read\n\
                skipped:\n  in/empty.pdf: empty file\n\
                failed:\n  in/cut.pdf: the PDF is cut off: its end is missing: no page of it is left\n  \
                in/locked.pdf: the PDF is locked with a password\n";
    assert_eq!(run.talk(), told);
}
