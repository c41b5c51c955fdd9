//! `paydirt verify`: each verdict, a batch with bad rows, and the exit status.

use super::Sandbox;

const PANEL: &str = "Title: Final report of the Panel of Experts, S/2019/900
Symbol: S/2019/900
Publisher: United Nations Security Council, Panel of Experts
Date of publication: 2019-08-30

---

21. One Member State told the Panel that hackers of the DPRK had taken more than $50 million from at least three cryptocurrency exchanges in 2018.

22. In August 2018, about $13.5 million was withdrawn from Cosmos Bank in India.

23. Bithumb lost $31.5 million in June 2018.

24. Coinrail lost $37 million in June 2018.
";

const OTHER: &str = "Title: Losses of exchanges
Publisher: Chainalysis
Date of publication: 2019-01-13

---

Coinrail was robbed of $40 million in June 2018.
";

const CLAIMS: &str = r#"{"id":"a","claim":"Hackers of North Korea stole more than $50 million from at least three crypto exchanges in 2018, a member state says."}
{"id":"b","claim":"Bithumb lost about $32 million in June 2018."}
{"id":"c","claim":"Hackers of North Korea stole $50 million from at least three crypto exchanges in 2018, a member state says."}
{"id":"d","claim":"Hackers of North Korea stole more than $50 million from at least three crypto exchanges in 2016, a member state says."}
{"id":"e","claim":"Bithumb lost $60 million in June 2018."}
{"id":"f","claim":"Coinrail lost $37 million in June 2018."}
{"id":"g","claim":"Bybit lost $1.5 billion in February 2025."}
not a row
{"id":"h"}
"#;

fn indexed() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("reports/panel.txt", PANEL);
    sandbox.write("reports/losses.txt", OTHER);
    assert_eq!(sandbox.run(&["build", "reports"]).status, 0);
    sandbox
}

#[test]
fn each_verdict_is_given_and_a_bad_row_does_not_stop_the_batch() {
    let sandbox = indexed();
    sandbox.write("claims.jsonl", CLAIMS);
    let run = sandbox.run(&["verify", "--claims", "claims.jsonl", "--format", "jsonl"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let verdicts: Vec<String> = run
        .stdout
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {}", row["id"].as_str().unwrap_or("-"), row["verdict"].as_str().unwrap())
        })
        .collect();
    let wanted = [
        "a supported",
        "b rounded",
        "c hedge_shift",
        "d scope_shift",
        "e conflict",
        "f disputed",
        "g not_found",
        "- cannot_say",
        "h cannot_say",
    ];
    assert_eq!(verdicts, wanted);
    assert!(run.stderr.contains("2 of 9 rows could not be read"), "{}", run.stderr);
}

#[test]
fn a_verdict_is_read_as_text() {
    let sandbox = indexed();
    let run = sandbox.run(&["verify", "Bithumb lost $60 million in June 2018.", "--first"]);
    assert_eq!(run.stderr, "");
    assert_eq!(run.status, 1);
    assert_eq!(
        run.stdout,
        "\
Bithumb lost $60 million in June 2018.

conflict  $60 million
  S/2019/900 has $31.5 million, not $60 million.

  slot    claimed                   found
  figure  $60 million               $31.5 million             differs
  period  2018-06-01 to 2018-06-30  2018-06-01 to 2018-06-30  same
  victim  Bithumb                   Bithumb                   same

  S/2019/900 para 23  (2019-08-30, panel.txt)
    23. Bithumb lost $31.5 million in June 2018.
    - has $31.5 million, not $60 million

  2 of 2 pages read
"
    );
}

#[test]
fn agreement_exits_zero_and_what_cannot_be_checked_two() {
    let sandbox = indexed();
    let run = sandbox.run(&["verify", "$13.5 million", "--first"]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stdout.contains("first to carry it: S/2019/900 para 22"), "{}", run.stdout);
    let run = sandbox.run(&["verify", "hackers stole a lot"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no figure in the claim"), "{}", run.stderr);
    sandbox.write("bad.csv", "a,b\n1,2\n");
    let run = sandbox.run(&["verify", "--claims", "bad.csv"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no column `claim`"), "{}", run.stderr);
    sandbox
        .write("one.csv", "id,claim,figure\n7,\"Coinrail, lost $37 million, in June 2018.\",$37 million\n");
    let run = sandbox.run(&["verify", "--claims", "one.csv", "--format", "jsonl"]);
    assert!(run.stdout.starts_with("{\"schema\":\"paydirt.verdict/1\",\"id\":\"7\""), "{}", run.stdout);
}
