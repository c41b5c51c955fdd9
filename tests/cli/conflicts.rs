//! `paydirt conflicts`: what the sample reports disagree on, as text and rows, chosen and cut.

use super::Sandbox;
use serde_json::Value;

fn report(title: &str, publisher: &str, day: &str, text: &str) -> String {
    format!("Title: {title}\nPublisher: {publisher}\nDate of publication: {day}\n\n---\n\n{text}\n")
}

fn indexed() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    let first = "Hackers stole $31.5 million from Bithumb in June 2018.\n\nIn April 2017 thieves took $4.8 million from Youbit.";
    sandbox.write("reports/a.txt", report("Losses", "The Gull", "2018-07-01", first));
    let second =
        "In June 2018 Bithumb lost $35.1 million to hackers.\n\nYoubit lost $5.3 million in April 2017.";
    sandbox.write("reports/b.txt", report("More losses", "The Tern", "2018-08-01", second));
    let third = "Bithumb was robbed of about $31 million in June 2018.";
    sandbox.write("reports/c.txt", report("Losses again", "The Wren", "2018-09-01", third));
    assert_eq!(sandbox.run(&["build", "reports"]).status, 0);
    sandbox
}

#[test]
fn reports_that_differ_are_listed_with_the_likely_cause() {
    let sandbox = indexed();
    let run = sandbox.run(&["conflicts"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", 0));
    assert_eq!(
        run.stdout,
        "\
1. Bithumb, 2018-06-01 to 2018-06-30
   joined by: Bithumb; 2018-06-01 to 2018-06-30
   $31.5 million
     a p 1  (2018-07-01, a.txt)
       Hackers stole $31.5 million from Bithumb in June 2018.
   $35.1 million  typo: two digits have changed places: 315 and 351
     b p 1  (2018-08-01, b.txt)
       In June 2018 Bithumb lost $35.1 million to hackers.

2. Youbit, 2017-04-01 to 2017-04-30
   joined by: Youbit; 2017-04-01 to 2017-04-30
   $4.8 million
     a p 1  (2018-07-01, a.txt)
       In April 2017 thieves took $4.8 million from Youbit.
   $5.3 million  unexplained: nothing in the passages tells why
     b p 1  (2018-08-01, b.txt)
       Youbit lost $5.3 million in April 2017.

2 conflicts
"
    );
}

#[test]
fn rows_carry_every_document_with_its_place() {
    let sandbox = indexed();
    let run = sandbox.run(&["conflicts", "--format", "jsonl"]);
    let rows: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2, "{}", run.stdout);
    let row = &rows[0];
    assert_eq!((row["schema"].as_str(), row["kind"].as_str()), (Some("paydirt.conflict/1"), Some("amount")));
    for figure in row["figures"].as_array().unwrap() {
        for document in figure["documents"].as_array().unwrap() {
            assert_eq!(document["sha256"].as_str().unwrap().len(), 64);
            let shown = sandbox.run(&["show", document["locator"].as_str().unwrap()]).stdout;
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(document["quote"].as_str().unwrap()), "{shown}");
        }
    }
    assert_eq!(run, sandbox.run(&["conflicts", "--format", "jsonl"]), "the same every time");
    let schema: Value = serde_json::from_str(&sandbox.run(&["conflicts", "--schema"]).stdout).unwrap();
    let told: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(told, row.as_object().unwrap().keys().collect::<Vec<_>>(), "every field is told of");
}

#[test]
fn a_query_a_cause_and_a_limit_choose_and_nothing_found_exits_one() {
    let sandbox = indexed();
    let last = |args: &[&str]| {
        let run = sandbox.run(&[&["conflicts"], args].concat());
        (run.stdout.lines().last().unwrap_or("").to_string(), run.status)
    };
    assert_eq!(last(&["Youbit"]), ("1 conflict".to_string(), 0));
    assert_eq!(last(&["--cause", "typo"]), ("1 conflict".to_string(), 0));
    assert_eq!(last(&["--limit", "1"]), ("2 conflicts, the first 1 shown".to_string(), 0));
    assert_eq!(last(&["--kind", "share"]), ("0 conflicts".to_string(), 1));
    assert_eq!(last(&["Coincheck"]), ("0 conflicts".to_string(), 1));
    let wrong = sandbox.run(&["conflicts", "--cause", "spite"]);
    assert!(wrong.status == 2 && wrong.stderr.contains("causes are currency, scale"), "{}", wrong.stderr);
}
