//! The pages in Chromium, driven by `tests/web/browser/run.mjs`; skipped with a printed line where
//! Node, its modules or Chromium are not there.

use super::*;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

struct Served {
    process: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn served() -> Served {
    let mut process = Command::new(program())
        .args(["serve", "--port", "0"])
        .current_dir(folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Served { process, address: line.trim().trim_end_matches('/').to_string() }
}

#[test]
fn the_pages_work_in_a_browser() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/browser");
    let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success());
    let (Some(chromium), true, true) =
        (chromium, has_node, script.join("node_modules/playwright-core").exists())
    else {
        println!("skipped: needs node, chromium and `npm ci` in tests/web/browser");
        return;
    };
    let served = served();
    let run = Command::new("node")
        .arg(script.join("run.mjs"))
        .args([served.address.as_str(), chromium])
        .output()
        .unwrap();
    let (out, error) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{error}\nhelp: node tests/web/browser/run.mjs ADDRESS {chromium}");
}
