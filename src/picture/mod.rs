//! A page of a PDF to a PNG, with boxes where figures stand.
//!
//! Sources are not ours to trust, so a page is drawn by another process of this program, with limits
//! of memory and time ([`draw`]); it serves one page and ends. [`draw_here`] does it without. What is
//! boxed, and what a page says, is not decided here. [`caption`] sets lines of text under it.

mod caption;

use crate::error::{Error, ErrorKind, Result};
use crate::read::{self, Raster};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// The hidden argument; the worker's memory in MiB follows it.
const ARGUMENT: &str = "--picture-worker";
/// Of a picture: 2,000 by 3,000.
const MOST_PIXELS: f32 = 6e6;
/// A picture is at most this wide.
pub const WIDEST: u32 = 2400;
const NARROWEST: u32 = 40;
/// What a worker may give back.
const LONGEST_ANSWER: u64 = 64 << 20;
/// Boxes drawn on one page.
const MOST_BOXES: usize = 2_000;
/// Air round a box, in points.
const AIR: f32 = 1.5;

/// What to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// 1-based page of the file.
    pub page: u32,
    /// Of the whole page in pixels; 40 to 2,400.
    pub width: u32,
    /// Raster over the page, in this order.
    pub boxes: Vec<Marked>,
    /// Only this part of the page, in points from its top left: `[x0, y0, x1, y1]`.
    pub part: Option<[f32; 4]>,
    /// Lines to set under the picture.
    pub caption: Vec<Written>,
}

/// A line of a caption; a long one is wrapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub text: String,
    pub is_strong: bool,
}

/// A place on the page to be boxed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// In points from the page's top left: `[x0, y0, x1, y1]`.
    pub place: [f32; 4],
    /// Red, green, blue of the edge; the inside is washed with it.
    pub colour: [u8; 3],
}

/// What a picture may use up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Address space of the worker, in MiB.
    pub memory: u64,
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { memory: 1024, time: Duration::from_secs(20) }
    }
}

impl Request {
    /// The whole page without boxes.
    pub fn of(page: u32, width: u32) -> Self {
        Request { page, width, boxes: Vec::new(), part: None, caption: Vec::new() }
    }

    /// The strip of a page from so many points above the boxes to so many below, with the boxes drawn.
    pub fn strip(page: u32, width: u32, boxes: &[[f32; 4]], around: f32, colour: [u8; 3]) -> Self {
        let top = boxes.iter().map(|b| b[1]).fold(f32::MAX, f32::min);
        let bottom = boxes.iter().map(|b| b[3]).fold(0.0, f32::max);
        // What lies outside the page is cut off.
        Request {
            boxes: boxes.iter().map(|place| Marked { place: *place, colour }).collect(),
            part: Some([0.0, (top - around).max(0.0), f32::MAX, bottom + around]),
            ..Request::of(page, width)
        }
    }
}

// Drawing.

/// Draws in this process: the PNG's bytes.
///
/// # Errors
/// `Input` where the source cannot be drawn, `Usage` where it has no such page.
pub fn draw_here(bytes: &[u8], request: &Request) -> Result<Vec<u8>> {
    let width = request.width.clamp(NARROWEST, WIDEST);
    let mut drawn = read::draw(bytes, request.page, width, MOST_PIXELS)?;
    for marked in request.boxes.iter().take(MOST_BOXES) {
        mark(&mut drawn, marked);
    }
    if let Some(part) = request.part {
        drawn = cut(&drawn, part);
    }
    if !request.caption.is_empty() {
        drawn = above(drawn, &caption::drawn(&request.caption, width, MOST_PIXELS)?);
    }
    encode(&drawn).map_err(|e| Error::new(ErrorKind::Input, "a picture cannot be written").because(e))
}

/// A box in whole pixels inside the picture, half-open: left, top, right, bottom.
fn pixels(drawn: &Raster, [x0, y0, x1, y1]: [f32; 4], air: f32) -> [u32; 4] {
    let on = |points: f32, most: u32| (points * drawn.scale).round().clamp(0.0, most as f32) as u32;
    let (width, height) = (drawn.width, drawn.height);
    [on(x0 - air, width), on(y0 - air, height), on(x1 + air, width), on(y1 + air, height)]
}

fn mark(drawn: &mut Raster, marked: &Marked) {
    let [left, top, right, bottom] = pixels(drawn, marked.place, AIR);
    let edge = ((drawn.scale * 0.9).round() as u32).clamp(1, 4);
    for y in top..bottom {
        let begin = (y as usize * drawn.width as usize + left as usize) * 4;
        let row = drawn.pixels.get_mut(begin..begin + (right - left.min(right)) as usize * 4);
        let is_edge_row = y < top + edge || y + edge >= bottom;
        for (x, pixel) in (left..).zip(row.unwrap_or_default().chunks_exact_mut(4)) {
            let is_edge = is_edge_row || x < left + edge || x + edge >= right;
            for (value, colour) in pixel.iter_mut().zip(marked.colour) {
                // The wash multiplies, so that letters under it stay black.
                let wash = 255 - (255 - u32::from(colour)) / 5;
                *value = if is_edge { colour } else { (u32::from(*value) * wash / 255) as u8 };
            }
        }
    }
}

fn cut(drawn: &Raster, part: [f32; 4]) -> Raster {
    let [left, top, right, bottom] = pixels(drawn, part, 0.0);
    if left >= right || top >= bottom {
        return drawn.clone();
    }
    let mut pixels = Vec::with_capacity((right - left) as usize * (bottom - top) as usize * 4);
    for y in top..bottom {
        let begin = (y as usize * drawn.width as usize + left as usize) * 4;
        pixels.extend_from_slice(
            drawn.pixels.get(begin..begin + (right - left) as usize * 4).unwrap_or_default(),
        );
    }
    Raster { width: right - left, height: bottom - top, scale: drawn.scale, pixels }
}

/// One picture above another, as wide as the upper.
fn above(mut upper: Raster, lower: &Raster) -> Raster {
    let row = |raster: &Raster, y: u32| {
        let length = raster.width as usize * 4;
        raster
            .pixels
            .get(y as usize * length..(y as usize + 1) * length)
            .map(<[u8]>::to_vec)
            .unwrap_or_default()
    };
    for y in 0..lower.height {
        let mut row = row(lower, y);
        row.resize(upper.width as usize * 4, 255);
        upper.pixels.extend_from_slice(&row);
    }
    upper.height += lower.height;
    upper
}

/// Most pages have no colour, and a third of the bytes then.
fn encode(drawn: &Raster) -> std::result::Result<Vec<u8>, png::EncodingError> {
    let is_grey = drawn.pixels.chunks_exact(4).all(|p| matches!(p, [r, g, b, _] if r == g && g == b));
    let channels = if is_grey { 1 } else { 3 };
    let data: Vec<u8> =
        drawn.pixels.chunks_exact(4).flat_map(|pixel| pixel.iter().copied().take(channels)).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, drawn.width, drawn.height);
    encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

// The worker's side.

/// What the worker gives back: the picture, or in words why there is none.
type Answer = std::result::Result<Vec<u8>, (bool, String)>;

/// Becomes a worker where the process was started as one, and does not return then. To be called
/// before anything else looks at the arguments.
pub fn main_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != ARGUMENT) {
        return;
    }
    let memory = arguments.next().and_then(|mib| mib.to_str()?.parse().ok());
    read::confine::confine(memory.unwrap_or(Limits::default().memory));
    let status = match serve() {
        Ok(()) => 0,
        Err(_) => 2,
    };
    std::process::exit(status)
}

fn serve() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let (request, bytes): (Request, &[u8]) = postcard::take_from_bytes(&input).map_err(io::Error::other)?;
    let answer: Answer = draw_here(bytes, &request).map_err(|e| (e.kind == ErrorKind::Usage, e.to_string()));
    let mut out = io::stdout().lock();
    out.write_all(&postcard::to_stdvec(&answer).map_err(io::Error::other)?)?;
    out.flush()
}

// The parent's side.

/// Draws in a process of its own: the PNG's bytes.
///
/// # Errors
/// `Usage` where the source has no such page, `Input` where it cannot be drawn, or not within the
/// limits.
pub fn draw(bytes: &[u8], request: &Request, limits: &Limits) -> Result<Vec<u8>> {
    let program = std::env::current_exe().map_err(|error| cannot(request, "no program").because(error))?;
    draw_by(program, bytes, request, limits)
}

/// The same by another program that calls [`main_if_asked`] first thing.
///
/// # Errors
/// As [`draw`].
pub fn draw_by(program: PathBuf, bytes: &[u8], request: &Request, limits: &Limits) -> Result<Vec<u8>> {
    let head = postcard::to_stdvec(request).map_err(|e| cannot(request, "no request").because(e))?;
    let mut worker = Command::new(program)
        .args([ARGUMENT, &limits.memory.to_string()])
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| cannot(request, "no process to draw with").because(error))?;
    let answer = ask(&mut worker, &head, bytes, limits.time);
    // It has ended, or it is ended now; and it is waited for in any case.
    drop(worker.kill());
    drop(worker.wait());
    match answer {
        Err(RecvTimeoutError::Timeout) => {
            Err(cannot(request, &format!("it took longer than {} seconds", limits.time.as_secs())))
        }
        Err(RecvTimeoutError::Disconnected) => Err(cannot(request, "the process that draws ended early")),
        Ok(answer) => match postcard::from_bytes::<Answer>(&answer) {
            Ok(Ok(png)) => Ok(png),
            Ok(Err((true, what))) => Err(Error::new(ErrorKind::Usage, what)),
            Ok(Err((false, what))) => Err(Error::new(ErrorKind::Input, what)),
            Err(_) => Err(cannot(request, "the process that draws ended early or ran out of memory")),
        },
    }
}

fn cannot(request: &Request, why: &str) -> Error {
    Error::new(ErrorKind::Input, format!("page {} cannot be drawn: {why}", request.page))
}

/// Hands the worker its job and hears it out, within the time.
fn ask(
    worker: &mut Child,
    head: &[u8],
    bytes: &[u8],
    time: Duration,
) -> std::result::Result<Vec<u8>, RecvTimeoutError> {
    let (Some(mut input), Some(output)) = (worker.stdin.take(), worker.stdout.take()) else {
        return Err(RecvTimeoutError::Disconnected);
    };
    let (give, heard) = sync_channel(1);
    std::thread::scope(|scope| {
        let writing = std::thread::Builder::new().spawn_scoped(scope, move || {
            // A worker that stops reading is seen by its answer.
            drop(input.write_all(head).and_then(|()| input.write_all(bytes)));
        });
        let hearing = std::thread::Builder::new().spawn_scoped(scope, move || {
            let mut answer = Vec::new();
            drop(output.take(LONGEST_ANSWER).read_to_end(&mut answer));
            drop(give.send(answer));
        });
        let answer = match (writing, hearing) {
            (Ok(_), Ok(_)) => heard.recv_timeout(time),
            _ => Err(RecvTimeoutError::Disconnected),
        };
        // Closes its pipes, so that both threads end.
        drop(worker.kill());
        answer
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documents/ruled-table.pdf")).unwrap()
    }

    fn decoded(png: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }

    #[test]
    fn a_page_is_drawn_as_wide_as_asked_and_never_too_large() {
        let (width, height, pixels) = decoded(&draw_here(&sample(), &Request::of(1, 300)).unwrap());
        assert!((299..=301).contains(&width) && height > 100, "{width} x {height}");
        assert!(pixels.iter().any(|p| *p < 100), "nothing is drawn");
        let (width, height, _) = decoded(&draw_here(&sample(), &Request::of(1, 1_000_000)).unwrap());
        assert!(width <= WIDEST && f64::from(width) * f64::from(height) <= 6.1e6, "{width} x {height}");
    }

    #[test]
    fn a_box_is_drawn_where_it_stands() {
        let place = [10.0, 20.0, 60.0, 30.0];
        let boxes = vec![Marked { place, colour: [200, 0, 0] }];
        let request = Request { boxes, ..Request::of(1, 600) };
        let (width, _, pixels) = decoded(&draw_here(&sample(), &request).unwrap());
        let drawn = read::draw(&sample(), 1, 600, MOST_PIXELS).unwrap();
        let at = |x: f32, y: f32| {
            let i = ((y * drawn.scale).round() as usize * width as usize
                + (x * drawn.scale).round() as usize)
                * 3;
            pixels.get(i..i + 3).unwrap().to_vec()
        };
        assert_eq!(at(35.0, 20.0 - AIR), [200, 0, 0], "the upper edge");
        assert_eq!(at(35.0, 16.0), [255, 255, 255], "above it");
        assert_eq!(at(35.0, 25.0), [244, 204, 204], "inside");
    }

    #[test]
    fn a_part_of_a_page_is_cut_out() {
        let request = Request { part: Some([0.0, 0.0, 100.0, 50.0]), ..Request::of(1, 600) };
        let (width, height, _) = decoded(&draw_here(&sample(), &request).unwrap());
        assert!(width.abs_diff(2 * height) <= 2, "{width} x {height}");
        let outside = Request { part: Some([9e9, f32::NAN, -1.0, 0.0]), ..Request::of(1, 100) };
        draw_here(&sample(), &outside).unwrap();
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error_in_words() {
        let error = draw_here(&sample(), &Request::of(99, 300)).unwrap_err();
        assert_eq!((error.kind, error.what.as_str()), (ErrorKind::Usage, "there is no page 99"));
        assert_eq!(draw_here(b"%PDF-1.7 nothing", &Request::of(1, 300)).unwrap_err().kind, ErrorKind::Input);
        // A program that is no worker gives no picture and no panic.
        let mute = draw_by("/bin/false".into(), &sample(), &Request::of(1, 300), &Limits::default());
        assert_eq!(mute.unwrap_err().kind, ErrorKind::Input);
    }
}
