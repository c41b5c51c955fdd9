//! The story: bytes of a source to its document, mentions and claims, in one short function without I/O;
//! and the same over many sources, on several threads, in order.

use crate::claims::{self, Claim};
use crate::corpus::Entry;
use crate::document::{Document, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::{self, Findings, Kind};
use crate::{read, structure};
use std::collections::BTreeMap;

/// Everything paydirt knows of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Mined {
    pub document: Document,
    pub findings: Findings,
    pub claims: Vec<Claim>,
}

/// Reads, structures and extracts one source, and makes its claims.
///
/// # Errors
/// `Input` when nothing of the source can be read.
pub fn mine(
    source: Source,
    entry: Option<&Entry>,
    bytes: &[u8],
    options: &read::Options,
    kinds: &[Kind],
) -> Result<Mined> {
    let reading = read::read(bytes, source.format, options)?;
    Ok(mine_reading(source, entry, reading, kinds))
}

/// Structures and extracts a source read elsewhere, such as by a [`read::worker::Pool`].
pub fn mine_reading(source: Source, entry: Option<&Entry>, reading: read::Reading, kinds: &[Kind]) -> Mined {
    let document = structure::structure(source, entry, reading);
    let findings = extract::extract(&document, kinds);
    let claims = claims::claims(&document, &findings);
    Mined { document, findings, claims }
}

/// Items under way or waiting, for each thread.
const AHEAD: usize = 12;

/// Works on items on several threads and hands the results over in the order of the items.
///
/// At most [`AHEAD`] items for each thread are under way or waiting for their turn, so memory is bounded
/// however many there are and a long one does not keep the threads waiting. `take` runs on the calling
/// thread; when it answers an error no further item is begun and the error is returned once those under
/// way have ended.
///
/// # Errors
/// What `take` answers; `Usage` when the threads cannot be started.
pub fn in_order<T, R>(
    items: Vec<T>,
    jobs: usize,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<()>
where
    T: Send,
    R: Send,
{
    let jobs = jobs.max(1);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        // Layout and extraction recurse little, but reports are not ours to trust.
        .stack_size(16 << 20)
        .build()
        .map_err(|e| Error::new(ErrorKind::Usage, "cannot start the worker threads").because(e))?;
    let (done, results) = crossbeam_channel::unbounded();
    let work = &work;
    let mut items = items.into_iter().enumerate();
    pool.in_place_scope(|scope| {
        let mut waiting: BTreeMap<usize, R> = BTreeMap::new();
        let (mut begun, mut taken) = (0, 0);
        loop {
            while begun < taken + AHEAD * jobs {
                let Some((turn, item)) = items.next() else { break };
                let done = done.clone();
                begun += 1;
                // The receiver outlives the scope, so sending cannot fail.
                scope.spawn(move |_| drop(done.send((turn, work(item)))));
            }
            if taken == begun {
                return Ok(());
            }
            let Ok((turn, result)) = results.recv() else { return Ok(()) };
            waiting.insert(turn, result);
            while let Some(result) = waiting.remove(&taken) {
                taken += 1;
                take(result)?;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_items_on_any_number_of_threads() {
        for jobs in [1, 2, 7] {
            let mut got = Vec::new();
            // Later items are quicker, so they end first.
            let work = |n: u64| {
                std::thread::sleep(std::time::Duration::from_micros(500 - n * 5));
                n
            };
            in_order((0..100).collect(), jobs, work, |n| {
                got.push(n);
                Ok(())
            })
            .unwrap();
            assert_eq!(got, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_run_and_few_items_are_under_way_at_once() {
        let (begun, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |n: usize| {
            let ahead = begun.fetch_add(1, Ordering::SeqCst) - taken.load(Ordering::SeqCst);
            assert!(ahead <= 2 * AHEAD, "{ahead} items were under way");
            n
        };
        let ended = in_order((0..1000).collect(), 2, work, |n| {
            taken.fetch_add(1, Ordering::SeqCst);
            if n == 50 { Err(Error::new(ErrorKind::Output, "full")) } else { Ok(()) }
        });
        assert_eq!(ended.unwrap_err().what, "full");
        assert!(begun.load(Ordering::SeqCst) <= 51 + 2 * AHEAD);
    }
}
