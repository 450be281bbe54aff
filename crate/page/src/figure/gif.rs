//! A film as a GIF file: each of its pictures on one canvas, as a PNG file is drawn, one after the other, while the page stays awake.

use super::picture::draw;
use crate::browser::{file, optional};
use glasses_plots::{Figure, Frame, Gif, Style, Theme};

/// Draws pictures that are seen for so many seconds each into one file. `tell` is told the share that is done, and says whether the file is still wanted.
///
/// # Errors
/// A sentence.
pub async fn save(name: &str, pictures: &[Frame<impl Figure>], width: u32, theme: Theme, tell: impl Fn(f64) -> bool) -> Result<(), String> {
    let style = Style::new(theme, 1.0);
    let Some((first, _)) = pictures.first() else { return Ok(()) };
    let height = first.height(f64::from(width)).round() as u32;
    let canvas = file::canvas_to_read(width, height)?;
    let bitmap = |picture: &dyn Figure| {
        draw(picture, &canvas, &style)?;
        file::bitmap(&canvas)
    };
    // What is seen in between has no colors of its own.
    let mut samples = Vec::new();
    for at in [0, pictures.len() / 2, pictures.len() - 1] {
        samples.push(bitmap(&pictures[at].0)?);
    }
    let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
    let mut gif = Gif::begin(width, height, &samples).map_err(|error| error.to_string())?;
    for (at, (picture, seconds)) in pictures.iter().enumerate() {
        if !tell(at as f64 / pictures.len() as f64) {
            return Ok(());
        }
        optional::pause().await;
        gif.frame(&bitmap(picture)?, *seconds);
    }
    file::save_bytes(name, "image/gif", &gif.finish())
}
