//! Every figure, as SVG, at the widths of a phone and of a desk: it says what it must, its words neither overlap nor leave the
//! sheet, and no report makes it fail.

mod all;

use all::{Picture, nasty, plain};
use glasses_contract::Choice;
use glasses_contract::config::Language;
use glasses_contract::config::Metric;
use glasses_contract::report::JacobianMethod;
use glasses_contract::task::Task;
use glasses_plots::{
    AccuracyByLength, AnswerHistogram, DistanceByLayer, DistanceByN, ErrorByLength, Figure, LossByStep, NextTokens, Premises,
    SensitivityByToken, SmallPrint, Style, Theme, TwinByLength, VariationByLayer, samples,
};

const RATIO: f64 = 4.0;
const CHINESE: &str = include_str!("../../../../www/locale/zh.tsv");

fn light() -> Style {
    Style::new(Theme::light(), RATIO)
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
        // A Chinese character is as wide as high.
        let width = text.chars().map(|character| if character >= '\u{2e80}' { 1.0 } else { em }).sum::<f64>() * size;
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
    words_have_room(&plain());
    words_have_room(&nasty());
}

#[test]
fn translated_words_have_room_too() {
    for language in &Language::ALL[1..] {
        let path = format!("{}/../../www/locale/{}.tsv", env!("CARGO_MANIFEST_DIR"), language.word());
        language.speak(std::fs::read_to_string(path).expect("a catalogue").leak());
        words_have_room(&plain());
    }
}

fn words_have_room(pictures: &[Picture]) {
    const SMALLEST: f64 = 11.0;
    for width in [320, 600, 1600] {
        for picture in pictures {
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
fn without_small_print_the_title_stays_and_the_model_goes() {
    let bare = Style { small_print: SmallPrint::LeftOut, ..light() };
    for picture in plain() {
        let all = words(&(picture.draw)(600, None, &light()));
        let fewer = words(&(picture.draw)(600, None, &bare));
        assert_eq!(all[0].text, fewer[0].text, "{}", picture.name);
        let says = |words: &[Words]| words.iter().any(|words| words.text == samples::MODEL);
        assert!(picture.name != "by n" || says(&all) && !says(&fewer));
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

#[test]
fn chinese_pictures_say_in_chinese_what_they_show_and_their_files_stay_english() {
    let english: Vec<String> = plain().into_iter().map(|picture| picture.csv).collect();
    Language::Chinese.speak(CHINESE);
    let plain = plain();
    for (name, wanted) in [
        ("by n", &["↑ 最后一个词元表示的 L∞ 距离", "第 4 层", "输出", "嵌入", "0（完全相同）", "在 bf16 中相同", "n = 24"][..]),
        ("by n, cosine", &["↑ 最后一个词元表示的余弦距离"]),
        ("sensitivity of 24", &["↑ 最后一个词元对 A 中各词元的灵敏度", "固定注意力（引擎）", "估计，8 个探针", "词元 →"]),
        ("attention of 300", &["注意力权重，第 2 层，第 3 个头", "↓ 查询序号", "键 →"]),
        ("cures", &["自适应温度", "软上限", "原始"]),
        ("error, ones", &["全 1 序列中数 1，问题在序列之前", "训练长度到此为止", "元素数 n →"]),
        ("paper 10", &["旋转位置编码", "无位置编码", "第二个模拟，用 NumPy"]),
    ] {
        let picture = plain.iter().find(|picture| picture.name == name).unwrap_or_else(|| panic!("{name}"));
        let texts = words(&(picture.draw)(900, None, &light())).into_iter().map(|words| words.text).collect::<Vec<_>>().join("\n");
        for wanted in wanted {
            assert!(texts.contains(wanted), "{name} should say {wanted:?}:\n{texts}");
        }
    }
    for (picture, english) in plain.iter().zip(english) {
        assert!(picture.sentence.contains('，') || picture.sentence.contains('。'), "{}: {}", picture.name, picture.sentence);
        assert_eq!(picture.csv, english, "{}", picture.name);
    }
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
        ("by log n", &["L1 distance", "100", "bound on layer 1's heads (theory)", "Theorem 4.2"], &["not finite"]),
        ("by n, cosine", &["cosine distance"], &["bf16 2⁻⁷", "epsilon"]),
        ("by n, noisy", &["moving median", "layer 16", "embedding"], &["identical"]),
        ("by n, all zero", &["0 (identical)", "output"], &["not finite"]),
        ("by n, all nan", &["not finite", "output"], &["identical"]),
        ("by n, mixed", &["0 (identical)", "not finite"], &[]),
        ("by n, empty", &["no numbers yet"], &["n = 24"]),
        (
            "meeting at 46",
            &[
                "The outputs of A and B at n = 46",
                samples::MODEL,
                "97.0% of the variance",
                "× 930",
                "97.5% of the distance",
                "machine epsilon of bf16",
                "from n = 14: below",
                "6 of 64 coordinates differ in bf16",
                "next token",
            ],
            &["from n = 120", "not finite"],
        ),
        ("meeting at 256", &["from n = 120: one vector in bf16", "\none vector in bf16"], &["coordinates differ"]),
        ("meeting, nan", &["not finite"], &["×"]),
        ("meeting, still", &["one vector", "0 (identical)"], &["not finite"]),
        ("meeting in steps", &["through the lens", "n = 1\n", "n = 256", "× 5.8"], &["L∞ distance"]),
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
            &[
                "output in f64",
                "Gemma 7B, ones in ones (Fig. 5a)",
                "published",
                "heads of layer 4, mean",
                "It goes on to n = 2001",
                "same in bf16",
                "same in fp16",
            ],
            &[],
        ),
        ("by n, cosine and published", &["output in f64"], &["Gemma"]),
        ("exact sensitivity", &["bound (theory)", "(engine)", "B.5"], &["number of paths", "drawn normalised", "±"]),
        ("exact sensitivity, normalised", &["attention rollout (theory)", "number of paths (theory)", "divided by its greatest"], &[]),
        ("sensitivity of 24", &["(engine)"], &["theory", "bound"]),
        ("variation", &["2(e − 1)/(e + 1) = 0.924", samples::MODEL, "layer →"], &["head 1"]),
        ("likeness", &["cosine 0.9", "layer 1", "n = 24", samples::MODEL], &["not finite", "bf16"]),
        ("likeness, all nan", &["not finite"], &[]),
        ("sinks by layer", &["layer →", samples::MODEL, "A, mean of the heads", "0.8"], &["not finite"]),
        ("variation, zero", &["0 (identical)"], &[]),
        ("first token", &["uniform attention (theory)", "L = 16", "depth L, in layers →"], &[]),
        ("anatomy of 5 through 3", &["15", "10", "6", "3", "layer 3", "next: “1” 41", "½(α + δ)"], &["are drawn"]),
        ("anatomy of 60 through 16", &["26 of 60 tokens are drawn", "layer 16"], &["not finite"]),
        ("anatomy, nan", &["not finite"], &[]),
        ("cures", &["plain", "soft cap", "adaptive temperature", "bf16 2⁻⁷"], &[]),
        ("cures by token, bare", &["no numbers yet"], &[]),
        ("separators", &["period k", "none", "distance", "n →"], &["not finite"]),
        ("separators, holes", &["not finite", "0 (identical)"], &[]),
        ("paper 8", &["simulated here, mean of 5 seeds", "the paper's Fig. 8", "a second simulation, in NumPy", "bf16 2⁻⁷"], &[]),
        ("paper 10", &["no positions", "rotary", "L1 distance"], &[]),
        ("next tokens", &["after A", "after B", "A and B have the same most likely next token", "%"], &["not a number"]),
        ("next tokens, nan", &["not a number"], &["the same most likely"]),
        (
            "error, ones",
            &[
                "|answer − truth|",
                "ones in ones, the question before the sequence, 1 sequence of",
                "trained up to here",
                "rotary",
                "paper: ",
            ],
            &["no number", "Triangles"],
        ),
        ("error, whole", &["↑ Share of answers that are right", "4 sequences", "no positions", "Crosses"], &["truth", "paper"]),
        ("error, some numbers", &["no number", "Triangles: some answers at that n are no number"], &["not finite"]),
        ("error, all right", &["elements n →"], &["Crosses", "no number"]),
        ("error, one length", &["1 sequence"], &["trained up to here"]),
        ("error, empty", &["no numbers yet"], &["of each length", "trained"]),
        ("twin, digits", &["e4m3 2⁻³", "bf16 2⁻⁷", "0 (identical)", "n = 24", "same in bf16", "shaded"], &["not finite"]),
        ("twin, ones", &["same next token"], &["shaded"]),
        ("twin, nan", &["not finite"], &["identical"]),
        ("histogram, ones", &["said", "right", "answer →", "rotary", "100"], &["no positions", "not drawn"]),
        ("histogram, some numbers", &["answers are no number and not drawn."], &["greater than"]),
        ("histogram, large", &["answers are greater than 168 and not drawn."], &["no number and"]),
        ("histogram, whole", &["The 12 most frequent of ", "…"], &["answer →"]),
        ("histogram, silent", &["nothing"], &[]),
        ("loss of 1600", &["in nats", "step →", "2000", "moving median", "scale at the right", "0.5"], &["not finite"]),
        ("loss, diverged", &["not finite", "600"], &["scale at the right"]),
        ("loss, empty", &["no numbers yet", "2000"], &["loss"]),
        (
            "accuracy",
            &["Share of answers that are right", "copy all", "a word in a sentence", "32 questions", samples::MODEL],
            &["not finite"],
        ),
        ("accuracy, holes", &["not finite"], &[]),
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
    let sentence = DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL).sentence();
    for part in
        ["from n = 1 to n = 256", "embedding exactly 0 at every n", "output from 0.4", "stays below bf16's machine epsilon", samples::MODEL]
    {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    let sentence = NextTokens::new(pair.clone(), samples::MODEL).sentence();
    assert!(sentence.contains("after A with ") && sentence.contains('%'), "{sentence}");
    let sensitivity = samples::sensitivity(24, JacobianMethod::Exact);
    let sentence = SensitivityByToken::new(sensitivity.clone(), samples::MODEL).sentence();
    assert!(sentence.contains("most to token 1, “⟨bos⟩”") && sentence.contains("exact"), "{sentence}");
}

#[test]
fn n_is_not_named_where_nothing_depends_on_it() {
    let (pair, sensitivity, theory) = (samples::pair(4, 24), samples::sensitivity(24, JacobianMethod::Exact), samples::theory(12, 6));
    let model = || "one".to_owned();
    let said = [
        DistanceByLayer { n: None, ..DistanceByLayer::new(pair.clone(), Metric::Linf, model()) }.sentence(),
        NextTokens { n: None, ..NextTokens::new(pair.clone(), model()) }.sentence(),
        SensitivityByToken { n: None, ..SensitivityByToken::new(sensitivity.clone(), model()) }.sentence(),
        VariationByLayer { theory: theory.clone().into(), n: None, premises: Premises::default(), model: model() }.sentence(),
    ];
    for sentence in said {
        assert!(!sentence.contains("n = ") && !sentence.contains("n\u{a0}="), "{sentence}");
    }
}

#[test]
fn sentences_of_answers_tell_how_far_they_are_right_and_what_is_said_then() {
    let says = |sentence: String, parts: &[&str]| {
        for part in parts {
            assert!(sentence.contains(part), "{part}: {sentence}");
        }
    };
    let (ones, whole) = (samples::lengths(Task::Ones, 200), samples::lengths(Task::Whole, 192));
    let published = samples::published_errors();
    let error = ErrorByLength { lengths: ones.clone().into(), published: published.clone() };
    let first = "rotary: Right up to n = 65, wrong from n = 70 on; at n = 200 it says 64. It was trained up to n = 64.";
    says(error.sentence(), &["|answer − truth|", "ones in ones", first, "no positions: Right up to n = 45", "Behind: paper: a made-up"]);
    says(
        ErrorByLength { lengths: whole.clone().into(), published: vec![] }.sentence(),
        &["Share of answers that are right", "at n = 192 it says “", "…” among others"],
    );
    let nasty = samples::nasty_lengths();
    let named = |name: &str| &nasty.iter().find(|(found, _)| *found == name).expect(name).1;
    let error = ErrorByLength { lengths: named("some numbers").clone().into(), published: vec![] };
    says(error.sentence(), &["48 of 160 answers are no number and left out of the means."]);
    says(ErrorByLength { lengths: named("empty").clone().into(), published: vec![] }.sentence(), &["No numbers yet."]);
    says(
        TwinByLength { lengths: ones.clone().into(), n: 24 }.sentence(),
        &[
            "at the token that answers",
            "to 0 at n = 200.",
            "At all computed lengths from n = 110 on, they are bit-identical in bf16.",
            "on, both get the same next token.",
        ],
    );
    says(TwinByLength { lengths: named("empty").clone().into(), n: 24 }.sentence(), &["No numbers yet."]);
    says(AnswerHistogram { lengths: ones.clone().into() }.sentence(), &["64 was said 24 times of 40; it would never have been right."]);
    says(AnswerHistogram { lengths: whole.clone().into() }.sentence(), &["was said more than once"]);
    let (run, accuracy) = (samples::loss_curve(1600), samples::accuracy(0.99));
    let model = || samples::MODEL.to_owned();
    says(
        LossByStep { curve: run.clone(), steps: 2000, model: model() }.sentence(),
        &["at step 1600 of 2000", "After step 1500, 9", "% of questions", samples::MODEL],
    );
    says(
        AccuracyByLength { accuracy: accuracy.clone(), model: model() }.sentence(),
        &["ones in ones 98.0% as trained, at least half up to n = 64"],
    );
}
