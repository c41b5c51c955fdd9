//! The segments of a build: runs of sources in groups, a segment each.
//!
//! A few large segments are searched faster than many small ones, and one segment of everything
//! would have to be written anew for every source that changes. So the runs of a corpus are put
//! together to groups of some ten thousand passages. Where a group ends is said by the runs
//! themselves, by their keys: a run that changes makes its group
//! anew, and hardly another. Of a group of which some runs are in the data before, those are taken
//! from there by where they lie in its segments, and only the others are indexed.

use super::runs::{self, Before, PASSAGES, Segment};
use super::schema::{schema, settings};
use super::sum;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::fastfield::{AliveBitSet, write_alive_bitset};
use tantivy::indexer::merge_filtered_segments;
use tantivy::{BitSet, DocId, SingleSegmentIndexWriter, TantivyDocument};

/// Bytes of postings held in memory before they are written out.
const HEAP: usize = 64 << 20;
/// tantivy's list of segments.
pub(super) const META: &str = "meta.json";
/// Where segments are made, in the folder of data.
const MAKING: &str = "making";

/// A group ends behind a run, once it has so many passages,
const AT_LEAST: u64 = 60_000;
/// where the run's key says so: one in so many,
const ONE_IN: u32 = 8;
/// and at the latest when it has so many.
const AT_MOST: u64 = 180_000;

/// Whether a group of so many passages ends behind a run.
pub(super) fn ends_group(key: Option<&str>, passages: u64) -> bool {
    let number = key.and_then(|key| u32::from_str_radix(key.get(8..16)?, 16).ok());
    passages >= AT_MOST || passages >= AT_LEAST && number.is_some_and(|n| n % ONE_IN == 0)
}

/// The data before, as far as it can be taken over.
#[derive(Debug, Default)]
pub(super) struct Current {
    /// Folder of its passages.
    passages: PathBuf,
    segments: Vec<Segment>,
    /// Of each segment, whether its files are as they were written.
    whole: Vec<OnceCell<bool>>,
    runs: BTreeMap<String, Before>,
}

impl Current {
    pub fn of(data: &Path) -> Current {
        let (segments, runs) = runs::before(data).unwrap_or_default();
        let whole = segments.iter().map(|_| OnceCell::new()).collect();
        Current { passages: data.join(PASSAGES), segments, whole, runs }
    }

    /// A run of that key whose segment is as it was written.
    pub fn run(&self, key: &str) -> Option<&Before> {
        let before = self.runs.get(key)?;
        let segment = self.segments.get(before.segment)?;
        let whole = self.whole.get(before.segment)?;
        (*whole.get_or_init(|| segment.is_whole(&self.passages))).then_some(before)
    }

    fn segment(&self, number: usize) -> Option<&Segment> {
        self.segments.get(number)
    }
}

/// What a segment is made of, in order.
#[derive(Debug)]
enum Piece {
    /// A stretch of a segment of the data before.
    Kept { segment: usize, from: DocId, to: DocId },
    /// A segment made now, in a folder of its own.
    Made(PathBuf),
}

/// The group at hand.
pub(super) struct Group {
    /// The folder of data.
    data: PathBuf,
    pieces: Vec<Piece>,
    /// The piece that is being made.
    making: Option<(SingleSegmentIndexWriter, PathBuf)>,
    /// Pieces made so far, in all groups.
    made: usize,
    pub runs: usize,
    pub passages: u64,
}

impl Group {
    pub fn new(data: &Path) -> Group {
        Group { data: data.to_path_buf(), pieces: Vec::new(), making: None, made: 0, runs: 0, passages: 0 }
    }

    /// Adds a passage or record behind those there.
    pub fn add(&mut self, entry: TantivyDocument) -> tantivy::Result<()> {
        let (writer, _) = match &mut self.making {
            Some(making) => making,
            none => {
                self.made += 1;
                let place = self.data.join(MAKING).join(self.made.to_string());
                fs::create_dir_all(&place)?;
                let index = tantivy::Index::builder().schema(schema().0).settings(settings());
                let writer = index.single_segment_index_writer(MmapDirectory::open(&place)?, HEAP)?;
                none.insert((writer, place))
            }
        };
        writer.add_document(entry)?;
        if writer.mem_usage() >= HEAP { self.flush() } else { Ok(()) }
    }

    /// Adds a run of the data before behind those there.
    pub fn take_over(&mut self, before: &Before) -> tantivy::Result<()> {
        self.flush()?;
        let (segment, to) = (before.segment, before.docs.end);
        match self.pieces.last_mut() {
            Some(Piece::Kept { segment: s, to: end, .. }) if *s == segment && *end == before.docs.start => {
                *end = to;
            }
            _ if before.docs.is_empty() => {}
            _ => self.pieces.push(Piece::Kept { segment, from: before.docs.start, to }),
        }
        Ok(())
    }

    /// Writes the piece that is being made.
    fn flush(&mut self) -> tantivy::Result<()> {
        if let Some((writer, place)) = self.making.take() {
            writer.finalize()?;
            self.pieces.push(Piece::Made(place));
        }
        Ok(())
    }

    /// Makes the segment of the group, among the passages of this build, and begins another group.
    pub fn end(&mut self, current: &Current) -> tantivy::Result<Segment> {
        self.flush()?;
        let pieces = std::mem::take(&mut self.pieces);
        let (runs, to) = (std::mem::take(&mut self.runs), self.data.join(PASSAGES));
        self.passages = 0;
        let whole = |piece: &Piece| match piece {
            Piece::Kept { segment, from: 0, to } => {
                current.segment(*segment).filter(|s| s.docs == u64::from(*to))
            }
            _ => None,
        };
        let made = match pieces.as_slice() {
            [] => return Ok(Segment { runs, ..Segment::default() }),
            [piece] if whole(piece).is_some() => {
                let kept = whole(piece).cloned().unwrap_or_default();
                kept.take_over(&current.passages, &to)?;
                return Ok(Segment { runs, ..kept });
            }
            [Piece::Made(place)] => place.clone(),
            pieces => {
                self.made += 1;
                let place = self.data.join(MAKING).join(self.made.to_string());
                fs::create_dir_all(&place)?;
                merge(pieces, current, &place)?;
                place
            }
        };
        let mut segment = Segment { runs, ..Segment::default() };
        let meta: serde_json::Value =
            serde_json::from_slice(&fs::read(made.join(META))?).map_err(Error::other)?;
        segment.entry = meta.pointer("/segments/0").cloned();
        segment.docs = segment.entry.as_ref().and_then(|e| e.get("max_doc")?.as_u64()).unwrap_or(0);
        for file in fs::read_dir(&made)? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && name != META {
                segment.files.insert(name.clone(), sum::of_file(&file.path())?);
                fs::rename(file.path(), to.join(name))?;
            }
        }
        fs::remove_dir_all(self.data.join(MAKING))?;
        Ok(segment)
    }
}

/// Puts pieces together to one segment, in their order.
fn merge(pieces: &[Piece], current: &Current, place: &Path) -> tantivy::Result<()> {
    let mut before: Option<tantivy::Index> = None;
    let (mut segments, mut chosen) = (Vec::new(), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Made(place) => {
                for segment in tantivy::Index::open_in_dir(place)?.searchable_segments()? {
                    segments.push(segment);
                    chosen.push(None);
                }
            }
            Piece::Kept { segment, from, to } => {
                let index = match &mut before {
                    Some(index) => index,
                    none => none.insert(tantivy::Index::open_in_dir(&current.passages)?),
                };
                let id = current.segment(*segment).and_then(Segment::id);
                let all = index.searchable_segments()?;
                let gone = || Error::other("a segment of the index before is gone");
                let found = all.into_iter().find(|s| Some(s.id().uuid_string()) == id).ok_or_else(gone)?;
                let mut alive = BitSet::with_max_value(found.meta().max_doc());
                for doc in *from..*to {
                    alive.insert(doc);
                }
                let mut bytes = Vec::new();
                write_alive_bitset(&alive, &mut bytes)?;
                segments.push(found);
                chosen.push(Some(AliveBitSet::open(OwnedBytes::new(bytes))));
            }
        }
    }
    merge_filtered_segments(&segments, settings(), chosen, MmapDirectory::open(place)?)?;
    Ok(())
}
