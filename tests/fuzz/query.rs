//! A query, parsed and asked; the place of an error lies in the query.
#![no_main]

mod answers;
mod whole;

use libfuzzer_sys::fuzz_target;
use paydirt::search::{Filters, Options, search, values};

fuzz_target!(|text: &str| {
    let _ = (values::amount_test(text), values::date_test(text), values::page_range(text));
    let (_, index) = answers::index();
    if let Ok(found) = search(index, text, &Filters::default(), &Options::default()) {
        found.hits(Some(3)).for_each(|hit| drop(hit.unwrap()));
    }
});
