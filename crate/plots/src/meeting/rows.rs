//! Under the pictures: how many coordinates a format still tells apart, the two texts, and what comes next after each.

use super::{MeetingAtN, ROW};
use crate::pen::{Align, Letters, Level, Pen, Rect, Stroke};
use crate::{DrawError, text};
use glasses_contract::alphabet::{Token, label};
use glasses_contract::config::Which;
use glasses_contract::report::Moment;
use glasses_contract::say;

/// The height of the words and the bar of coordinates.
pub(super) const BAR: f64 = ROW + 10.0;
/// The height of both texts, with what stands above what comes next.
pub(super) const TEXTS: f64 = 3.0 * LINE;
/// The height of one text.
const LINE: f64 = 24.0;
/// Letters of the texts.
const SIZE: f64 = 14.0;
/// A box of what comes next, at the least.
const BOX: f64 = 46.0;

/// A square for each coordinate, filled where it still differs.
pub(super) fn bar(pen: &Pen, figure: &MeetingAtN, moment: &Moment, rect: Rect) -> Result<(), DrawError> {
    const WIDEST: f64 = 14.0;
    const NARROWEST: f64 = 3.0;
    let theme = &pen.style.theme;
    pen.text(&figure.differing(moment), (rect.x0, rect.y0), Letters::new(theme.ink).at(Align::Start, Level::Top))?;
    let strip = Rect { y0: rect.y0 + ROW, ..rect };
    let count = figure.meeting.width.max(1);
    let pitch = (rect.width() / count as f64).min(WIDEST);
    if pitch < NARROWEST {
        let end = strip.x0 + rect.width() * moment.differing as f64 / count as f64;
        pen.rect(strip, theme.grid, 1.0)?;
        return pen.rect(Rect { x1: end, ..strip }, theme.ink, 1.0);
    }
    for at in 0..count {
        let x0 = strip.x0 + pitch * at as f64;
        let color = if at < moment.differing { theme.ink } else { theme.grid };
        pen.rect(Rect { x0, x1: x0 + pitch - 1.0, ..strip }, color, 1.0)?;
    }
    Ok(())
}

/// A's text above B's, from the left as long as they fit, their ends after that; and the most likely next token of each, in one box where it
/// is the same.
pub(super) fn texts(pen: &Pen, figure: &MeetingAtN, rect: Rect) -> Result<(), DrawError> {
    let theme = &pen.style.theme;
    let next = figure.next();
    let mono = Letters { size: SIZE, ..Letters::new(theme.ink) }.mono();
    let widest = next.iter().map(|words| mono.width(words) + 16.0).fold(BOX, f64::max);
    let (right, left) = (rect.x1 - widest, rect.x0 + 18.0);
    let middle = |line: usize| rect.y0 + LINE * (line as f64 + 1.5);
    let head = Letters::new(theme.muted).at(Align::End, Level::Middle);
    pen.text(say!("next token"), (rect.x1, middle(0) - LINE), head)?;

    // Some fonts are wider than most: their letters must not run into the name in front.
    let most = (((right - 30.0 - left) / (1.07 * text::mono_width("0", SIZE))).floor() as usize).max(1);
    let lines: Vec<Vec<String>> = [Which::A, Which::B]
        .map(|which| {
            let tokens = figure.sequences.as_ref().and_then(|sequences| sequences.tokens(which, figure.n()).ok()).unwrap_or_default();
            ending(&tokens, most)
        })
        .into();
    for (line, (name, color)) in [("A", theme.a), ("B", theme.b)].into_iter().enumerate() {
        let y = middle(line);
        pen.text(name, (rect.x0, y), Letters { size: text::TITLE, ..Letters::new(color) }.bold())?;
        // The last token, whose output is the dot, in a box of its own. What is before it ends there, however wide the letters of a font are.
        let Some((last, before)) = lines[line].split_last() else { continue };
        let (width, before) = (mono.width(last), before.concat());
        let x0 = left + mono.width(&before);
        pen.rect(Rect { x0: x0 - 0.5, y0: y - LINE * 0.4, x1: x0 + width + 1.5, y1: y + LINE * 0.4 }, color, 0.22)?;
        pen.text(&before, (x0 - 0.5, y), mono.at(Align::End, Level::Middle))?;
        pen.text(last, (x0 + width / 2.0 + 0.5, y), mono.at(Align::Middle, Level::Middle))?;
        let arrow = Stroke::solid(theme.axis, 1.25);
        pen.path(&[(right - 22.0, y), (right - 6.0, y)], arrow)?;
        pen.path(&[(right - 10.0, y - 4.0), (right - 6.0, y), (right - 10.0, y + 4.0)], arrow)?;
    }
    let boxed = |y0: f64, y1: f64| [(right, y0), (rect.x1 - 1.0, y0), (rect.x1 - 1.0, y1), (right, y1), (right, y0)];
    let centre = (right + rect.x1) / 2.0;
    let letters = |color| Letters { size: SIZE, ..Letters::new(color) }.mono().at(Align::Middle, Level::Middle);
    if next[0] == next[1] {
        pen.path(&boxed(middle(0) - LINE * 0.42, middle(1) + LINE * 0.42), Stroke::solid(theme.ink, 1.75))?;
        return pen.text(&next[0], (centre, (middle(0) + middle(1)) / 2.0), letters(theme.ink));
    }
    for (line, color) in [theme.a, theme.b].into_iter().enumerate() {
        let y = middle(line);
        pen.path(&boxed(y - LINE * 0.42, y + LINE * 0.42), Stroke::solid(color, 1.5))?;
        pen.text(&next[line], (centre, y), letters(color))?;
    }
    Ok(())
}

/// The tokens at the end of a text that have room in so many characters; what is left out in front is three dots.
fn ending(tokens: &[Token], most: usize) -> Vec<String> {
    let labels: Vec<String> = tokens.iter().map(|&token| label(token)).collect();
    let length = |label: &String| label.chars().count();
    if labels.iter().map(length).sum::<usize>() <= most {
        return labels;
    }
    let mut room = most.saturating_sub(1);
    let kept = labels.iter().rev().take_while(|label| {
        let fits = length(label) <= room;
        room = room.saturating_sub(length(label));
        fits
    });
    let kept = kept.count().max(1);
    std::iter::once("…".into()).chain(labels[labels.len() - kept..].iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::alphabet::{BOS, token};

    #[test]
    fn a_text_that_has_no_room_ends_as_it_does() {
        let tokens: Vec<Token> = std::iter::once(BOS).chain("12345".chars().filter_map(token)).collect();
        let ending = |tokens: &[Token], most: usize| ending(tokens, most).concat();
        assert_eq!(ending(&tokens, 10), "⟨bos⟩12345");
        assert_eq!(ending(&tokens, 9), "…12345");
        assert_eq!(ending(&tokens, 4), "…345");
        assert_eq!((ending(&tokens, 1), ending(&[], 3)), ("…5".into(), String::new()));
    }
}
