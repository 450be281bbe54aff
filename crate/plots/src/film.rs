//! A moving picture as one SVG file: figures that follow each other, each for its time, again and again. For slides and pages; where nothing
//! moves, by the reader's wish or for want of a browser, the last one stands.

use crate::{DrawError, Figure, Style, svg};
use std::collections::HashSet;
use std::fmt::Write as _;

/// A figure, and for how many seconds it is seen.
pub type Frame<F> = (F, f64);

/// Draws figures of one size into one document, which has what all of them share once, behind what moves.
///
/// # Errors
/// As [`svg()`].
pub fn film<F: Figure>(frames: &[Frame<F>], width: u32, height: u32, style: &Style) -> Result<String, DrawError> {
    let mut documents = Vec::with_capacity(frames.len());
    for (figure, _) in frames {
        documents.push(svg(figure, width, height, style)?);
    }
    let drawn: Vec<Vec<&str>> = documents.iter().map(|document| elements(document)).collect();
    let Some((last, others)) = drawn.split_last() else { return Ok(String::new()) };
    let mut shared: HashSet<&str> = last.iter().copied().collect();
    for frame in others {
        let there: HashSet<&str> = frame.iter().copied().collect();
        shared.retain(|element| there.contains(element));
    }
    let whole: f64 = frames.iter().map(|(_, seconds)| seconds).sum();
    let (mut rules, mut moving, mut before) = (String::new(), String::new(), 0.0);
    for (number, (frame, (_, seconds))) in drawn.iter().zip(frames).enumerate() {
        let percent = |seconds: f64| 100.0 * seconds / whole;
        let (from, to) = (percent(before), percent(before + seconds));
        before += seconds;
        // Writing to a string does not fail.
        let is_last = number + 1 == frames.len();
        let hidden = |at: f64| if at > 0.0 { format!("0%{{visibility:hidden}}{at:.3}%") } else { "0%".into() };
        let end = if is_last { String::new() } else { format!("{to:.3}%{{visibility:hidden}}") };
        let _ = write!(rules, "@keyframes f{number}{{{}{{visibility:visible}}{end}}}", hidden(from));
        let kind = if is_last { "f l" } else { "f" };
        let _ = writeln!(moving, "<g class=\"{kind}\" style=\"animation-name:f{number}\">");
        frame.iter().filter(|element| !shared.contains(*element)).for_each(|element| moving.push_str(element));
        moving.push_str("</g>\n");
    }
    let still: String = last.iter().filter(|element| shared.contains(*element)).copied().collect();
    let opening = documents.last().and_then(|document| document.split_once("</title>")).map_or("", |(opening, _)| opening);
    Ok(format!(
        "{opening}</title>\n<style>.f{{visibility:hidden;animation:{whole:.2}s step-end infinite}}.l{{visibility:visible}}\
         @media(prefers-reduced-motion:reduce){{.f{{animation:none}}}}{rules}</style>\n{still}{moving}</svg>\n"
    ))
}

/// The elements of a document in order; the words of a text belong to it.
fn elements(document: &str) -> Vec<&str> {
    let body = document.split_once("</title>").map_or("", |(_, body)| body);
    let mut rest = body.trim_end().strip_suffix("</svg>").unwrap_or(body).trim_start();
    let mut found = Vec::new();
    while let Some(name) = rest.strip_prefix('<') {
        let end = if name.starts_with("text") { "</text>" } else { "/>" };
        let Some(at) = rest.find(end) else { break };
        let (element, behind) = rest.split_at(at + end.len());
        let line = behind.strip_prefix('\n').map_or(element.len(), |_| element.len() + 1);
        found.push(&rest[..line]);
        rest = rest[line..].trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MeetingAtN, Theme, samples};

    #[test]
    fn a_film_has_every_frame_for_its_time_and_what_they_share_once() {
        let (meeting, texts) = (samples::meeting(64), samples::texts());
        let at = |at| MeetingAtN {
            meeting: meeting.clone().into(),
            sequences: Some(texts.clone().into()),
            at,
            format: "bf16".into(),
            model: String::new(),
        };
        let style = Style::new(Theme::light(), 2.0);
        let document = film(&[(at(0), 1.0), (at(9), 1.0), (at(63), 2.0)], 900, 500, &style).expect("a film");
        assert!(document.starts_with("<svg xmlns=") && document.ends_with("</svg>\n"));
        assert_eq!(document.matches("<g class=").count(), 3);
        for rule in [
            "f0{0%{visibility:visible}25.000%{visibility:hidden}}",
            "f2{0%{visibility:hidden}50.000%{visibility:visible}}",
            "animation:4.00s",
        ] {
            assert!(document.contains(rule), "{rule}");
        }
        assert_eq!(document.matches("PCA").count(), 1, "the notes are shared");
        for n in [1, 10, 64] {
            assert_eq!(document.matches(&format!("at n = {n}\n")).count(), 1, "n = {n}");
        }
        let opened = document.matches('<').count();
        assert_eq!(opened, document.matches("/>").count() + 2 * document.matches("</").count());
        assert_eq!(film::<MeetingAtN>(&[], 900, 500, &style).expect("no film"), "");
    }
}
