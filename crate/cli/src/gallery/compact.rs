//! The same picture in a third of the bytes: one path for lines of one stroke, in steps from point to point, the font named once, and
//! nothing said that goes without saying.

/// Attributes with the value that SVG gives them anyway.
const DEFAULTS: [&str; 3] = [" opacity=\"1\"", " stroke=\"none\"", " stroke-width=\"1\""];

/// Rewrites a document of [`glasses_plots::svg`]; what it does not know stays as it is.
pub fn compact(document: &str) -> String {
    let lines: Vec<&str> = document.lines().collect();
    let strokes = lines.chunk_by(|one, next| polyline(one).is_some() && stroke(one) == stroke(next));
    let document: String = strokes.map(|lines| path(lines).unwrap_or_else(|| lines.join("\n")) + "\n").collect();
    let document = DEFAULTS.iter().fold(document, |document, default| document.replace(default, ""));
    with_one_font(&document).unwrap_or(document)
}

/// A polyline as plotters writes it: how it is stroked, and its points.
fn polyline(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("<polyline fill=\"none\" ")?.strip_suffix("\"/>")?.split_once(" points=\"")
}

fn stroke(line: &str) -> Option<&str> {
    polyline(line).map(|(stroke, _)| stroke)
}

/// Polylines of one stroke as one path.
fn path(lines: &[&str]) -> Option<String> {
    let stroke = stroke(lines.first()?)?;
    let steps = lines.iter().map(|line| steps(polyline(line)?.1)).collect::<Option<String>>()?;
    Some(format!("<path fill=\"none\" {stroke} d=\"{steps}\"/>"))
}

/// The points of a line, each but the first as the step from the one before: “M10,20l1 0-1 3”.
fn steps(points: &str) -> Option<String> {
    let points = points.split_whitespace().map(|point| {
        let (x, y) = point.split_once(',')?;
        Some((x.parse::<i64>().ok()?, y.parse::<i64>().ok()?))
    });
    let points = points.collect::<Option<Vec<_>>>()?;
    let (x, y) = points.first()?;
    let mut steps = format!("M{x},{y}l");
    for pair in points.windows(2) {
        for step in [pair[1].0 - pair[0].0, pair[1].1 - pair[0].1] {
            // A minus sign parts two numbers too.
            if step >= 0 && !steps.ends_with('l') {
                steps.push(' ');
            }
            steps += &step.to_string();
        }
    }
    Some(steps)
}

/// The font of the first text, named by the whole picture.
fn with_one_font(document: &str) -> Option<String> {
    const NAME: &str = " font-family=\"";
    let start = document.find(NAME)?;
    let length = NAME.len() + document[start + NAME.len()..].find('"')? + 1;
    let font = &document[start..start + length];
    Some(document.replace(font, "").replacen("<svg", &format!("<svg{font}"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_stroke_become_one_path_and_all_else_stays() {
        let document = "<svg>\n\
            <rect opacity=\"1\" stroke=\"none\"/>\n\
            <polyline fill=\"none\" stroke=\"a\" points=\"10,20 11,20 10,23 \"/>\n\
            <polyline fill=\"none\" stroke=\"a\" points=\"5,5 9,5 \"/>\n\
            <polyline fill=\"none\" stroke=\"b\" points=\"1,2 1,1 \"/>\n\
            <polyline fill=\"none\" stroke=\"b\" points=\"1.5,2 1,1 \"/>\n\
            <text font-family=\"one\">\n</text>\n<text font-family=\"two\">\n</text>\n<text font-family=\"one\">\n</text>\n</svg>\n";
        let expected = "<svg font-family=\"one\">\n\
            <rect/>\n\
            <path fill=\"none\" stroke=\"a\" d=\"M10,20l1 0-1 3M5,5l4 0\"/>\n\
            <polyline fill=\"none\" stroke=\"b\" points=\"1,2 1,1 \"/>\n\
            <polyline fill=\"none\" stroke=\"b\" points=\"1.5,2 1,1 \"/>\n\
            <text>\n</text>\n<text font-family=\"two\">\n</text>\n<text>\n</text>\n</svg>\n";
        assert_eq!(compact(document), expected);
    }
}
