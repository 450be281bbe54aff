//! Every figure, as SVG, at the widths of a phone and of a desk: it says what it must, its words neither overlap nor leave the
//! sheet, and no report makes it fail.

use glasses_contract::config::{Metric, Published, Units};
use glasses_contract::report::{JacobianMethod, Simulation};
use glasses_contract::{Choice, paper};
use glasses_plots::{
    Attention, AxisKind, CausalPaths, CuresByN, CuresByToken, DistanceByLayer, DistanceByN, Figure, FirstTokenByDepth, NextTokens,
    PaperFigure, SensitivityByToken, SeparatorHeat, ShareByToken, Style, Theme, VariationByLayer, samples, svg,
};

const RATIO: f64 = 4.0;

fn light() -> Style {
    Style { theme: Theme::light(), pixel_ratio: RATIO }
}

/// The SVG document of a figure at a width and a height, or at the height that suits the width.
type Draw = dyn Fn(u32, Option<u32>, &Style) -> String;

/// A figure by name, so that a list can hold all kinds.
struct Picture {
    name: String,
    draw: Box<Draw>,
    columns: usize,
    rows: Vec<usize>,
    sentence: String,
}

fn picture(name: impl Into<String>, figure: impl Figure + 'static) -> Picture {
    let (name, sentence, table) = (name.into(), figure.sentence(), figure.table());
    let failing = name.clone();
    let draw = move |width: u32, height: Option<u32>, style: &Style| {
        let height = height.unwrap_or(figure.height(f64::from(width)).round() as u32);
        svg(&figure, width, height, style).expect(&failing)
    };
    Picture { name, draw: Box::new(draw), columns: table.columns.len(), rows: table.rows.iter().map(Vec::len).collect(), sentence }
}

/// Reports live as long as the test: figures borrow them.
fn keep<T>(report: T) -> &'static T {
    Box::leak(Box::new(report))
}

fn plain() -> Vec<Picture> {
    let model = samples::MODEL;
    let (sweep, noisy) = (keep(samples::sweep(4, 256)), keep(samples::noisy_sweep(16, 512)));
    let (pair, deep) = (keep(samples::pair(4, 24)), keep(samples::pair(16, 400)));
    let mut pictures = vec![
        picture("by n", DistanceByN::new(sweep, Metric::Linf, 24, model)),
        picture("by log n, heads", DistanceByN { x: AxisKind::Log, heads_of: Some(2), ..DistanceByN::new(sweep, Metric::L1, 24, model) }),
        picture("by n, cosine", DistanceByN::new(sweep, Metric::Cosine, 256, model)),
        picture("by n, noisy", DistanceByN::new(noisy, Metric::L2, 1, model)),
        picture("by layer", DistanceByLayer::new(pair, Metric::Linf, model)),
        picture("by layer, deep", DistanceByLayer::new(deep, Metric::Cosine, model)),
        picture("next tokens", NextTokens::new(pair, model)),
    ];
    for n in [0, 1, 5, 24, 60, 300] {
        let sensitivity = keep(samples::sensitivity(n, JacobianMethod::Estimate { probes: 8 }));
        pictures.push(picture(format!("sensitivity of {n}"), SensitivityByToken::new(sensitivity, model)));
        let normalised = SensitivityByToken { units: Units::Normalised, ..SensitivityByToken::new(sensitivity, model) };
        pictures.push(picture(format!("normalised sensitivity of {n}"), normalised));
        let (map, tokens) = (keep(samples::attention(n + 1)), keep(samples::tokens(n)));
        pictures.push(picture(format!("attention of {n}"), Attention::new(map, tokens, model)));
    }
    pictures.extend(instruments());
    pictures
}

fn instruments() -> Vec<Picture> {
    let model = || samples::MODEL.to_owned();
    let (sweep, reference) = (keep(samples::sweep(4, 1024)), keep(samples::sweep(4, 1024)));
    let published = keep(paper::curves(Published::Fig5a));
    let by_n = DistanceByN { x: AxisKind::Log, ..DistanceByN::new(sweep, Metric::Linf, 24, model()) };
    let by_n = DistanceByN { reference: Some(reference), published: published.first(), ..by_n };
    let exact = keep(samples::sensitivity(24, JacobianMethod::Exact));
    let sensitivity = SensitivityByToken::new(exact, model());
    let (theory, comparison) = (keep(samples::theory(4, 24)), keep(samples::comparison(14, 24, 256)));
    let mut pictures = vec![
        picture("by n, cosine and published", DistanceByN { metric: Metric::Cosine, ..by_n.clone() }),
        picture("by n, published", by_n),
        picture("exact sensitivity, normalised", SensitivityByToken { units: Units::Normalised, ..sensitivity.clone() }),
        picture("exact sensitivity", sensitivity),
        picture("variation", VariationByLayer { theory, model: model() }),
        picture("first token", FirstTokenByDepth { theory, depth: 16, model: model() }),
        picture("shares", ShareByToken { theory, depth: 16, model: model() }),
        picture("cures", CuresByN { comparison, metric: Metric::L1, n: 24, model: model() }),
        picture("cures by token", CuresByToken { comparison, model: model() }),
        picture("separators", SeparatorHeat::new(keep(samples::separators(12, 48)), Metric::Linf, model())),
    ];
    for (ones, layers) in [(4, 3), (23, 4), (0, 1), (23, 16)] {
        let tokens = keep(samples::tokens(ones));
        pictures.push(picture(format!("paths of {} through {layers}", ones + 1), CausalPaths { tokens, layers }));
    }
    for figure in [Published::Fig8, Published::Fig9, Published::Fig10] {
        let (simulation, published) = (keep(samples::simulation(figure)), keep(paper::curves(figure)));
        pictures.push(picture(format!("paper {}", figure.word()), PaperFigure { simulation, published }));
    }
    pictures
}

fn nasty() -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (name, sweep) in samples::nasty_sweeps() {
        let sweep = keep(sweep);
        for metric in [Metric::Linf, Metric::Cosine] {
            pictures.push(picture(format!("by n, {name}"), DistanceByN::new(sweep, metric, 24, name)));
        }
        let with_heads = DistanceByN { x: AxisKind::Log, heads_of: Some(1), ..DistanceByN::new(sweep, Metric::L2, 0, name) };
        pictures.push(picture(format!("by log n, {name}"), with_heads));
    }
    for (name, pair) in samples::nasty_pairs() {
        let pair = keep(pair);
        pictures.push(picture(format!("by layer, {name}"), DistanceByLayer::new(pair, Metric::Linf, name)));
        pictures.push(picture(format!("next tokens, {name}"), NextTokens::new(pair, name)));
        pictures.push(picture(format!("attention, {name}"), Attention::new(&pair.a.attention, &pair.a.tokens, name)));
        pictures.push(picture(format!("attention without labels, {name}"), Attention::new(&pair.a.attention, &[], name)));
    }
    for (name, sensitivity) in samples::nasty_sensitivities() {
        let sensitivity = keep(sensitivity);
        pictures.push(picture(format!("sensitivity, {name}"), SensitivityByToken::new(sensitivity, name)));
        let normalised = SensitivityByToken { units: Units::Normalised, ..SensitivityByToken::new(sensitivity, name) };
        pictures.push(picture(format!("normalised sensitivity, {name}"), normalised));
    }
    for (name, theory) in samples::nasty_theories() {
        let (theory, model) = (keep(theory), name.to_owned());
        pictures.push(picture(format!("variation, {name}"), VariationByLayer { theory, model: model.clone() }));
        pictures.push(picture(format!("first token, {name}"), FirstTokenByDepth { theory, depth: 300, model: model.clone() }));
        pictures.push(picture(format!("shares, {name}"), ShareByToken { theory, depth: 1, model }));
        pictures.push(picture(format!("paths, {name}"), CausalPaths { tokens: &theory.tokens, layers: theory.variation.len() }));
    }
    for (name, comparison) in samples::nasty_comparisons() {
        let (comparison, model) = (keep(comparison), name.to_owned());
        pictures.push(picture(format!("cures, {name}"), CuresByN { comparison, metric: Metric::Cosine, n: 1, model: model.clone() }));
        pictures.push(picture(format!("cures by token, {name}"), CuresByToken { comparison, model }));
    }
    for (name, map) in samples::nasty_separators() {
        pictures.push(picture(format!("separators, {name}"), SeparatorHeat::new(keep(map), Metric::L2, name)));
    }
    let nothing = keep(Simulation { figure: Published::Fig8, says: String::new(), curves: vec![] });
    pictures.push(picture("paper, empty", PaperFigure { simulation: nothing, published: &[] }));
    pictures
}

/// A line of text in a picture, in CSS pixels.
#[derive(Debug)]
struct Words {
    text: String,
    size: f64,
    x: (f64, f64),
    y: (f64, f64),
}

/// The words of a picture. Their width is an estimate, rather too small: what overlaps here overlaps in every font.
fn words(document: &str) -> Vec<Words> {
    let parse = |element: &str| {
        let (tag, rest) = element.split_once('>')?;
        let attribute = |name: &str| Some(tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0);
        let number = |name: &str| Some(attribute(name)?.parse::<f64>().ok()? / RATIO);
        let text = plain_text(rest.split_once("</text>")?.0.trim());
        let (x, y, size) = (number("x")?, number("y")?, number("font-size")?);
        let em = if attribute("font-family")?.contains("mono") { 0.58 } else { 0.45 };
        let width = text.chars().count() as f64 * size * em;
        let left = match attribute("text-anchor")? {
            "start" => x,
            "middle" => x - width / 2.0,
            _ => x - width,
        };
        let top = match attribute("dy")? {
            "0.76em" => y,
            "0.5ex" => y - 0.4 * size,
            _ => y - size,
        };
        Some(Words { text, size, x: (left, left + width), y: (top, top + 0.8 * size) })
    };
    document.split("<text").skip(1).map(|element| parse(element).expect(element)).collect()
}

fn plain_text(escaped: &str) -> String {
    escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[test]
fn words_can_be_read_and_neither_overlap_nor_leave_the_sheet() {
    const SMALLEST: f64 = 11.0;
    for width in [320, 600, 1600] {
        for picture in plain().iter().chain(&nasty()) {
            let document = (picture.draw)(width, None, &light());
            let height: f64 = document.split_once(" height=\"").and_then(|(_, rest)| rest.split_once('"')?.0.parse().ok()).expect("height");
            let words = words(&document);
            let name = format!("{} at {width}", picture.name);
            assert!(words.len() >= 3, "{name}: {words:?}");
            for (index, one) in words.iter().enumerate() {
                assert!(one.size >= SMALLEST, "{name}: {one:?}");
                let inside = one.x.0 >= -0.5 && one.x.1 <= f64::from(width) + 0.5 && one.y.0 >= -0.5 && one.y.1 <= height + 0.5;
                assert!(inside, "{name}: {one:?} leaves the sheet of {width} by {height}");
                for other in &words[index + 1..] {
                    let apart = one.x.1 <= other.x.0 || other.x.1 <= one.x.0 || one.y.1 <= other.y.0 || other.y.1 <= one.y.0;
                    assert!(apart, "{name}: {one:?} overlaps {other:?}");
                }
            }
        }
    }
}

#[test]
fn no_size_and_no_report_makes_a_figure_fail() {
    for picture in plain().iter().chain(&nasty()) {
        for (width, height) in [(1, 1), (10, 400), (400, 10), (90, 60)] {
            let document = (picture.draw)(width, Some(height), &light());
            assert!(document.ends_with("</svg>\n"), "{}", picture.name);
        }
        for pixel_ratio in [0.0, f64::NAN, 0.5] {
            (picture.draw)(360, None, &Style { pixel_ratio, ..light() });
        }
        assert!(!picture.sentence.is_empty());
        assert!(picture.rows.iter().all(|&cells| cells == picture.columns), "{}: a row as wide as the headings", picture.name);
    }
}

#[test]
fn documents_are_well_formed_named_and_of_bounded_size() {
    for picture in plain().iter().chain(&nasty()) {
        let document = (picture.draw)(900, None, &light());
        assert!(document.starts_with("<svg xmlns=") && document.contains("role=\"img\""), "{}", picture.name);
        assert!(document.contains("<title>") && !document.contains("NaN") && !document.contains("inf\""), "{}", picture.name);
        let opened = document.matches('<').count();
        let closed = document.matches("/>").count() + 2 * document.matches("</").count();
        assert_eq!(opened, closed, "{}: every element is closed", picture.name);
        // Eighteen lines of 4,096 points are a few hundred kilobytes, and a map of 300 by 300 cells less than three megabytes;
        // dashes along noise would be ten.
        assert!(document.len() < 3_000_000, "{}: {} bytes", picture.name, document.len());
    }
}

#[test]
fn light_and_dark_differ_in_nothing_but_color() {
    let without_colors = |document: &str| {
        document.split('#').map(|part| if part.get(..6).is_some_and(hexadecimal) { &part[6..] } else { part }).collect::<String>()
    };
    let dark = Style { theme: Theme::dark(), ..light() };
    for picture in plain() {
        let (light, dark) = ((picture.draw)(600, None, &light()), (picture.draw)(600, None, &dark));
        assert_ne!(light, dark);
        // The runs of equal color in an attention map may differ.
        assert!(
            without_colors(&light) == without_colors(&dark) || picture.name.contains("attention") || picture.name == "separators",
            "{}",
            picture.name
        );
    }
}

fn hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What the pictures with these names say, and what they don't.
#[test]
fn pictures_say_what_they_show() {
    let (plain, nasty) = (plain(), nasty());
    let texts = |name: &str| {
        let picture = plain.iter().chain(&nasty).find(|picture| picture.name == name).unwrap_or_else(|| panic!("{name}"));
        words(&(picture.draw)(900, None, &light())).into_iter().map(|words| words.text).collect::<Vec<_>>().join("\n")
    };
    for (name, present, absent) in [
        (
            "by n",
            &["↑ L∞ distance of the last-token representations", samples::MODEL, "n →", "n = 24", "bf16 2⁻⁷", "0 (identical)", "layer 4"][..],
            &["not finite", "heads of"][..],
        ),
        (
            "by log n, heads",
            &["L1 distance", "the heads of layer 2", "100", "bound on layer 1's heads (theory)", "Theorem 4.2"],
            &["not finite"],
        ),
        ("by n, cosine", &["cosine distance"], &["bf16 2⁻⁷", "epsilon"]),
        ("by n, noisy", &["moving median", "layer 16", "embedding"], &["identical"]),
        ("by n, all zero", &["0 (identical)", "output"], &["not finite"]),
        ("by n, all nan", &["not finite", "output"], &["identical"]),
        ("by n, mixed", &["0 (identical)", "not finite"], &[]),
        ("by n, empty", &["no numbers yet"], &["n = 24"]),
        ("by layer", &["n\u{a0}=\u{a0}24", "heads: least, mean, greatest", "embedding", "output", "0 (identical)"], &[]),
        ("by layer, nan", &["not finite"], &["identical"]),
        ("sensitivity of 24", &["estimate, 8 probes", "±", "⟨bos⟩", "token →"], &["by number", "exact"]),
        ("sensitivity of 300", &["token, by number →", "200"], &["⟨bos⟩"]),
        ("sensitivity, one token", &["exact"], &["probes", "±"]),
        ("sensitivity, holes", &["not finite", "\n0\n"], &["identical"]),
        ("normalised sensitivity, holes", &["not finite"], &["identical"]),
        ("attention of 24", &["Attention weights, layer 2, head 3", "key →", "↓ query", "⟨bos⟩"], &["by number"]),
        ("attention of 300", &["↓ query, by number"], &["⟨bos⟩"]),
        ("attention, nan", &["not finite"], &[]),
        (
            "by n, published",
            &["output in f64", "Gemma 7B, ones in ones (Fig. 5a)", "published", "It goes on to n = 2001", "same in bf16", "same in fp16"],
            &[],
        ),
        ("by n, cosine and published", &["output in f64"], &["Gemma"]),
        ("exact sensitivity", &["bound (theory)", "(engine)", "B.5", "drawn normalised"], &["number of paths", "±"]),
        ("exact sensitivity, normalised", &["attention rollout (theory)", "number of paths (theory)", "divided by its greatest"], &[]),
        ("sensitivity of 24", &["(engine)"], &["theory", "bound"]),
        ("variation", &["2(e − 1)/(e + 1) = 0.924", samples::MODEL, "layer →"], &["head 1"]),
        ("variation, zero", &["0 (identical)"], &[]),
        ("first token", &["uniform attention (theory)", "L = 16", "depth L, in layers →"], &[]),
        ("paths of 5 through 3", &["15", "10", "6", "3", "layer 3", "(n − i + L − 1, L − 1)"], &["are drawn"]),
        ("paths of 24 through 16", &["The last 8 of 24 tokens", "5 of 16 layers are drawn"], &[]),
        ("cures", &["plain", "soft cap", "adaptive temperature", "bf16 2⁻⁷"], &[]),
        ("cures by token, bare", &["no numbers yet"], &[]),
        ("separators", &["period k", "none", "distance", "n →"], &["not finite"]),
        ("separators, holes", &["not finite", "0 (identical)"], &[]),
        ("paper 8", &["simulated here, mean of 5 seeds", "the paper's Fig. 8", "an independent simulation", "bf16 2⁻⁷"], &[]),
        ("paper 10", &["no positions", "rotary", "L1 distance"], &[]),
        ("next tokens", &["after A", "after B", "A and B have the same most likely next token", "%"], &["not a number"]),
        ("next tokens, nan", &["not a number"], &["the same most likely"]),
    ] {
        let texts = texts(name);
        for wanted in present {
            assert!(texts.contains(wanted), "{name} should say {wanted:?}:\n{texts}");
        }
        for unwanted in absent {
            assert!(!texts.contains(unwanted), "{name} should not say {unwanted:?}:\n{texts}");
        }
    }
}

#[test]
fn sentences_tell_the_story() {
    let (sweep, pair) = (samples::sweep(4, 256), samples::pair(4, 24));
    let sentence = DistanceByN::new(&sweep, Metric::Linf, 24, samples::MODEL).sentence();
    for part in
        ["from n = 1 to n = 256", "embedding exactly 0 at every n", "output from 0.4", "stays below bf16's machine epsilon", samples::MODEL]
    {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    let sentence = NextTokens::new(&pair, samples::MODEL).sentence();
    assert!(sentence.contains("after A with ") && sentence.contains('%'), "{sentence}");
    let sensitivity = samples::sensitivity(24, JacobianMethod::Exact);
    let sentence = SensitivityByToken::new(&sensitivity, samples::MODEL).sentence();
    assert!(sentence.contains("most to token 1, “⟨bos⟩”") && sentence.contains("exact"), "{sentence}");
}
