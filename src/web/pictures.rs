//! Pictures of pages: drawn in other processes, few at once, and kept.

use super::html::Refusal;
use super::state::App;
use crate::document::Format;
use crate::error::ErrorKind;
use crate::picture::{Limits, Request, draw_by};
use crate::verify::Evidence;
use lru::LruCache;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Widths that are drawn; another is taken for the next above, so that few are kept.
const WIDTHS: [u32; 4] = [240, 900, 1400, 2000];
/// Bytes of pictures kept.
const MOST_BYTES: usize = 96 << 20;
/// Drawn at once.
const DRAWING: usize = 2;
/// Waiting to be drawn; more are refused.
const TURN: Duration = Duration::from_secs(30);

/// Of the part of a page that shows a figure: pixels of the whole page, points above and below the
/// figure, and the colour of its box.
const STRIP_WIDTH: u32 = 900;
pub(super) const AROUND: f32 = 42.0;
const BOXED: [u8; 3] = [13, 92, 51];

/// sha256 of the source, page, width.
type Name = (String, u32, u32);

type Kept = LruCache<Name, Arc<Vec<u8>>>;

pub(super) struct Pictures {
    /// With the bytes of all of them.
    kept: Mutex<(Kept, usize)>,
    drawing: Semaphore,
}

impl Default for Pictures {
    fn default() -> Self {
        Pictures { kept: Mutex::new((LruCache::unbounded(), 0)), drawing: Semaphore::new(DRAWING) }
    }
}

impl Pictures {
    fn get(&self, name: &Name) -> Option<Arc<Vec<u8>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).0.get(name).cloned()
    }

    fn keep(&self, name: Name, png: &Arc<Vec<u8>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (pictures, bytes) = &mut *kept;
        *bytes += png.len();
        if let Some(before) = pictures.put(name, Arc::clone(png)) {
            *bytes -= before.len();
        }
        while *bytes > MOST_BYTES {
            let Some((_, oldest)) = pictures.pop_lru() else { break };
            *bytes -= oldest.len();
        }
    }
}

/// A page as PNG, about as wide as asked.
pub(super) async fn picture(
    app: &Arc<App>,
    sha256: &str,
    page: u32,
    width: u32,
) -> Result<Arc<Vec<u8>>, Refusal> {
    let width = WIDTHS.into_iter().find(|w| *w >= width).unwrap_or(WIDTHS[WIDTHS.len() - 1]);
    let name: Name = (sha256.to_string(), page, width);
    if let Some(png) = app.pictures.get(&name) {
        return Ok(png);
    }
    let turn = match tokio::time::timeout(TURN, app.pictures.drawing.acquire()).await {
        Ok(Ok(turn)) => turn,
        _ => return Err(Refusal::busy()),
    };
    // Another may have drawn it in the meantime.
    if let Some(png) = app.pictures.get(&name) {
        return Ok(png);
    }
    let wanted = name.clone();
    let png = app.work(move |app| drawn(app, &wanted)).await?;
    drop(turn);
    app.pictures.keep(name, &png);
    Ok(png)
}

/// The part of a page round the figure of an evidence, boxed, as PNG; `None` where the source is not
/// at hand or has no pages to draw.
pub(super) fn strip(app: &App, evidence: &Evidence) -> Option<Vec<u8>> {
    let boxes = evidence.boxes.as_deref().filter(|boxes| !boxes.is_empty())?;
    let opened = app.opened(&evidence.sha256).ok()?;
    let bytes = app.source(&opened.record).ok()?;
    let request = Request::strip(evidence.page, STRIP_WIDTH, boxes, AROUND, BOXED);
    in_turn(app, &bytes, &request)
}

/// Draws from a thread of its own, once it is its turn; `None` where it cannot be drawn.
pub(super) fn in_turn(app: &App, bytes: &[u8], request: &Request) -> Option<Vec<u8>> {
    let turn = tokio::time::timeout(TURN, app.pictures.drawing.acquire());
    let turn = Handle::current().block_on(async { turn.await.ok()?.ok() })?;
    let drawn = draw_by(app.program.clone(), bytes, request, &Limits::default()).ok();
    drop(turn);
    drawn
}

fn drawn(app: &App, (sha256, page, width): &Name) -> Result<Arc<Vec<u8>>, Refusal> {
    let opened = app.opened(sha256)?;
    let record = &opened.record;
    if record.source.format != Format::Pdf {
        return Err(Refusal::missing(
            "only pages of a PDF have a picture",
            "the text is on the document's page",
        ));
    }
    if !record.pages.iter().any(|p| p.number == *page) {
        return Err(Refusal::missing(
            "the document has no such page",
            "its pages are listed on its own page",
        ));
    }
    let bytes = app.source(record)?;
    match draw_by(app.program.clone(), &bytes, &Request::of(*page, *width), &Limits::default()) {
        Ok(png) => Ok(Arc::new(png)),
        Err(error) if error.kind == ErrorKind::Usage => Err(Refusal::of(404, error)),
        Err(error) => Err(Refusal::of(422, error)),
    }
}
