//! Documents that could go stale, held to the code that they describe.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::alphabet::character;
use glasses_contract::config::{
    Attention, Block, Cures, FeedForward, Format, Metric, Mix, Model, Norm, Position, Published, Sink, WeightsSource, Which,
};
use glasses_contract::controls::CONTROLS;
use glasses_contract::device::DeviceKind;
use glasses_contract::pattern::Pattern;
use glasses_contract::report::{
    Agreement, Anatomy, AnatomyOfLayer, Answer, Answers, AttentionMap, Collapse, Compared, Comparison, Continuation, Continued,
    CrossEntropy, Distances, EngineInfo, FirstToken, Found, HeadCurve, JacobianMethod, Length, LengthGeneralization, LengthsOf, Likeness,
    Meeting, ModelInfo, Moment, Pair, PathTheory, Pinned, PinnedCurve, PlanePoint, Profile, Reading, Report, Said, Seeds, Seen,
    SeenDistance, SeenToken, Sensitivity, SeparatorMap, Simulated, Simulation, Spread, Stage, StageCurve, StageDistances, Sweep,
    SweepMethod, Theory, TokenText, TokenTexts, Tokens, VERSION, Variation,
};
use glasses_contract::task::{QuestionPosition, Task};
use glasses_contract::warning::Warning;
use glasses_contract::{Choice, Sentence};
use glasses_engine::weights::Weights;
use serde_json::Value;
use std::collections::BTreeSet;

const REPORT: &str = include_str!("../docs/report.md");
const MODEL: &str = include_str!("../docs/model.md");

#[test]
fn the_report_s_document_names_every_field_and_no_other() -> serde_json::Result<()> {
    let mut written = BTreeSet::new();
    let whole = serde_json::to_value(everything())?;
    paths(&whole, "", &mut written);
    // The tables show one of two that are alike.
    let same = |path: &str| {
        let path = path
            .replace("pair.b.", "pair.a.")
            .replace("sensitivity.frozen.", "sensitivity.full.")
            .replace("answers.b.", "answers.a.")
            .replace("continuation.b.", "continuation.a.")
            .replace("tokens.b.", "tokens.a.")
            .replace("reference.", "sweep.");
        path.replace("comparison.rows[].sensitivity.", "sensitivity.full.")
    };
    let written: BTreeSet<_> = written.iter().map(|path| same(path)).collect();
    // Only rows with a path of fields, not those of the table of distances.
    let top: BTreeSet<&str> = whole.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    let documented: BTreeSet<_> = first_cells(REPORT)
        .into_iter()
        .filter(|cell| top.contains(cell.split(['.', '[']).next().unwrap_or_default()))
        .map(String::from)
        .collect();
    assert_eq!(documented.difference(&written).collect::<Vec<_>>(), Vec::<&String>::new(), "in docs/report.md, but not written");
    assert_eq!(written.difference(&documented).collect::<Vec<_>>(), Vec::<&String>::new(), "written, but not in docs/report.md");
    assert!(REPORT.contains(&format!("**Version {VERSION}.**")));
    Ok(())
}

#[test]
fn the_model_s_document_names_every_weight_with_its_shape_and_no_other() {
    // Two layers of norms with a bias; the extents of these shapes can be told apart.
    let plain = Model { layers: 2, heads: 5, width: 10, norm: Norm::Layer, ..Model::default() };
    let with =
        |mix| Model { attention: Attention { mix, sink: Sink::Logit, ..plain.attention }, position: Position::Learned, ..plain.clone() };
    let bare = Model { block: Block { feed_forward: FeedForward::Off, ..plain.block }, ..plain.clone() };
    for model in [plain.clone(), with(Mix::Gated), with(Mix::Differential), Model { norm: Norm::Rms, ..plain.clone() }, bare] {
        let weights = Weights::draw(&model);
        let has = |condition: &str| match condition {
            "" => true,
            "layer norm only" => model.norm == Norm::Layer,
            "with feed-forward only" => model.block.feed_forward == FeedForward::On,
            "layer norm with feed-forward only" => model.norm == Norm::Layer && model.block.feed_forward == FeedForward::On,
            "learned positions only" => model.position == Position::Learned,
            "differential only" => model.attention.mix == Mix::Differential,
            "gated only" => model.attention.mix == Mix::Gated,
            "sink `logit` only" => model.attention.sink == Sink::Logit,
            other => panic!("{other}"),
        };
        let extent = |written: &str| match written {
            "d" => 10,
            "4d" => 40,
            "c" => 2,
            "H" => 5,
            number => number.parse().unwrap_or_else(|_| panic!("{number}")),
        };
        let table = MODEL.split("\n## Weights\n").nth(1).unwrap_or_default().split("\n### ").next().unwrap_or_default();
        let mut documented = 0;
        for line in table.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let (name, shape) = (cells[1].trim_matches('`'), cells[2]);
            let (extents, condition) = shape.trim_start_matches('[').split_once(']').unwrap_or_else(|| panic!("{line}"));
            if !has(condition.trim_start_matches(", ")) {
                continue;
            }
            let expected: Vec<usize> = extents.split(", ").map(extent).collect();
            let layers = if name.contains("{l}") { model.layers } else { 1 };
            for layer in 0..layers {
                let name = name.replace("{l}", &layer.to_string());
                let array = weights.get(&name).unwrap_or_else(|| panic!("there is no {name}"));
                assert_eq!(array.shape, expected, "{name}");
                documented += array.values.len() as u64;
            }
        }
        assert_eq!(documented, Weights::count_of(&model), "weights that docs/model.md does not name");
    }
}

#[test]
fn the_model_s_document_names_every_site() {
    let sites = include_str!("../crate/contract/src/site.rs").lines().map(str::trim);
    let names: BTreeSet<_> =
        sites.filter(|line| !line.starts_with("///") && line.ends_with(',')).filter_map(|line| line.split(['(', ',']).next()).collect();
    let documented = MODEL.split("| site |").nth(1).unwrap_or_default().lines().filter(|line| line.starts_with("| `"));
    let documented: BTreeSet<_> = documented.flat_map(|line| line.split('`').skip(1).step_by(2).collect::<Vec<_>>()).collect();
    assert_eq!(documented, names);
}

#[test]
fn the_model_s_document_has_the_notation_as_the_parser_does() {
    let notation = include_str!("../crate/contract/src/pattern.rs").lines().filter_map(|line| line.strip_prefix("//! | `"));
    let written: Vec<_> = notation.filter_map(|row| row.split(" |").next()).collect();
    assert!(written.len() > 5);
    for cell in written {
        assert!(MODEL.contains(&format!("| `{cell} |")), "{cell}");
    }
}

#[test]
fn the_model_s_document_says_what_sets_and_separators_stand_for() {
    let table = MODEL.split("| written | drawn, or put behind each repetition |").nth(1).unwrap_or_default();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("| `"));
    let mut checked = 0;
    for row in rows {
        // No cell holds the character between cells.
        let codes: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let (written, means) = (codes[0], &codes[1..]);
        let pattern = Pattern::parse(written, 0, 3).unwrap_or_else(|error| panic!("{written}: {error}"));
        let text: String = pattern.tokens(200, 7).into_iter().filter_map(character).collect();
        if let Some(between) = text.strip_prefix('1').filter(|_| written.contains('{')) {
            assert_eq!(between, format!("{}1", means[0]).repeat(199), "{written}");
        } else {
            let drawn: BTreeSet<String> = text.chars().map(String::from).collect();
            assert_eq!(drawn, means.iter().map(|means| (*means).to_string()).collect(), "{written}");
        }
        checked += 1;
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn the_model_s_document_says_what_each_cure_changes() {
    // A link whose every slot and parameter is another than the default.
    let link = "v=1&cap=soft&capat=7&reach=alternating&window=5&scale=power&c=2&delta=0.5&beta=0.25&gamma=2&sink=logit&sinkat=3\
                &weigh=clipped&clip=2&alpha=1.25&mix=gated&pos=rotary&p=0.5&norm=rms&mask=both&residual=off&fa=bf16";
    let (config, _) = glasses_contract::open::decode(link);
    let mut base = config.clone();
    base.model = config.model.plain();
    let written = |config: &glasses_contract::Config| -> BTreeSet<(&str, String)> {
        CONTROLS.iter().map(|control| (control.key, (control.write)(config))).collect()
    };
    let reset: BTreeSet<&str> = written(&config).difference(&written(&base)).map(|(key, _)| *key).collect();
    assert_eq!(reset, ["cap", "reach", "scale", "sink", "weigh", "mix"].into());
    let table = MODEL.split("| cure | changes |").nth(1).unwrap_or_default();
    for cure in Cures::all() {
        let row = table.lines().find(|line| line.starts_with(&format!("| `{}` |", cure.word())));
        let cells: Vec<&str> = row.unwrap_or_else(|| panic!("{}", cure.word())).split('|').map(str::trim).collect();
        let key = |slot: &str| if slot == "positions" { "pos" } else { slot }.to_string();
        let documented: BTreeSet<(String, String)> = cells[2]
            .split(", ")
            .filter_map(|change| change.split_once(' '))
            .map(|(slot, word)| (key(slot), word.trim_matches('`').to_string()))
            .collect();
        let mut cured = base.clone();
        cure.apply(&mut cured.model);
        let changed = written(&cured).difference(&written(&base)).map(|(key, word)| ((*key).to_string(), word.clone())).collect();
        assert_eq!(documented, changed, "{}", cure.word());
        // A parameter is the cure's where it matters to the cured model and not to the plain one.
        let is_shown = |config: &glasses_contract::Config| -> BTreeSet<&str> {
            CONTROLS.iter().filter(|control| (control.matters)(config)).map(|control| control.key).collect()
        };
        let taken: BTreeSet<&str> = is_shown(&cured).difference(&is_shown(&base)).copied().collect();
        let documented: BTreeSet<&str> = cells[3].split(", ").map(|cell| cell.trim_matches('`')).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(documented, taken, "{}", cure.word());
    }
}

/// The first cell of every row of a document's tables, where it is one piece of code.
fn first_cells(document: &str) -> BTreeSet<&str> {
    document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |")).map(|(cell, _)| cell).collect()
}

/// The path of every field, as the document writes it: `[]` for every element of a list that holds more than plain numbers or text.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                // What holds nothing but fields is told by them, unless it may be absent or stand in a list.
                let told_by_its_fields = inner.is_object()
                    && ![
                        "pair",
                        "sweep",
                        "meeting",
                        "reference",
                        "sensitivity",
                        "sensitivity.paths",
                        "theory",
                        "comparison",
                        "comparison.rows[].sensitivity",
                        "comparison.rows[].cross_entropy",
                        "separators",
                        "found",
                        "simulation",
                        "answers",
                        "lengths",
                        "tokens",
                        "continuation",
                        "pinned",
                        "seeds",
                        "sees",
                    ]
                    .contains(&path.as_str());
                // A stage is a word or an object, explained once.
                if key == "stage" {
                    found.insert(path);
                } else {
                    if !told_by_its_fields {
                        found.insert(path.clone());
                    }
                    paths(inner, &path, found);
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| paths(element, &format!("{path}[]"), found)),
        _ => {}
    }
}

/// A report in which nothing is absent and no list is empty.
fn everything() -> Report {
    let distances = Distances::default();
    let attention = AttentionMap { layer: 0, head: 0, first: 0, side: 1, weights: vec![1.0] };
    let of_layers = || vec![0.0];
    let reading = Reading {
        tokens: vec!["1".into()],
        next: vec![1.0],
        attention,
        sink_share: 0.0,
        sink_by_layer: of_layers(),
        sink_least_by_layer: of_layers(),
        sink_most_by_layer: of_layers(),
    };
    let spread = vec![Spread { min: 0.0, mean: 0.0, max: 0.0 }];
    let profile = |method| Profile { norm: vec![1.0], standard_error: vec![0.0], method };
    let collapse = vec![Collapse { format: Format::Bf16, stages: vec![Some(1)] }];
    let sweep = Sweep {
        n: vec![1],
        method: SweepMethod::SharedPrefix,
        stages: vec![StageCurve { stage: Stage::Output, distances: vec![distances] }],
        heads: vec![HeadCurve { layer: 1, l1: spread.clone(), l2: spread.clone(), linf: spread.clone(), cosine: spread }],
        collapse: collapse.clone(),
        same_next: vec![true],
        bound: vec![Some(1.0)],
        likeness: vec![Likeness { stage: Stage::Output, cosine: vec![1.0] }],
    };
    let place = vec![PlanePoint::default()];
    let label = TokenText { token: 1, text: "1".into() };
    let moments = vec![Moment { cell: place.clone(), ..Moment::default() }];
    let meeting = Meeting { n: vec![1], moments, labels: vec![label.clone()], cube: place, ..Meeting::default() };
    let limit = FirstToken { share: vec![1.0] };
    let said =
        Answer { said: "1".into(), right: Some("1".into()), steps: vec![Said { tokens: vec!["1".into()], probabilities: vec![1.0] }] };
    let token = SeenToken { link: Some(0), here: Some(0), agreement: Agreement::Same };
    let continued = Continued { text: "1".into(), steps: said.steps.clone(), ended: true };
    let texts = TokenTexts { count: 1, first: 0, labels: vec!["1".into()] };
    Report {
        version: VERSION,
        link: String::new(),
        engine: EngineInfo { version: String::new(), device: DeviceKind::Cpu, adapter: String::new(), precision: "f32".into() },
        model: ModelInfo { name: Sentence::verbatim(""), config: Model::default(), parameters: 0 },
        warnings: vec![Warning::about("n", Sentence::verbatim("A sentence."))],
        tokens: Some(Tokens { n: 1, a: texts.clone(), b: texts }),
        pair: Some(Pair {
            n: 1,
            a: reading.clone(),
            b: reading,
            stages: vec![StageDistances { stage: Stage::Layer(1), distances }],
            heads: vec![vec![distances]],
            identical_in: vec![Format::Bf16],
            labels: vec![label],
        }),
        reference: Some(sweep.clone()),
        sweep: Some(sweep),
        meeting: Some(meeting),
        sensitivity: Some(Sensitivity {
            n: 1,
            sequence: Which::A,
            tokens: vec!["1".into()],
            full: profile(JacobianMethod::Exact),
            frozen: profile(JacobianMethod::Estimate { probes: 8 }),
            paths: Some(PathTheory { bound: vec![1.0], rollout: vec![1.0], paths: vec![1.0], place: vec![1.0] }),
        }),
        theory: Some(Theory {
            n: 1,
            sequence: Which::A,
            tokens: vec!["1".into()],
            variation: vec![Variation { layer: 1, heads: vec![0.0] }],
            alternating: 0.9,
            uniform: limit.clone(),
            measured: limit,
            profile: vec![1.0],
            uniform_profile: vec![1.0],
            anatomy: Anatomy {
                shown: vec![0],
                layers: vec![AnatomyOfLayer { weights: vec![1.0], influence: vec![1.0] }],
                paths: vec![1.0],
                answer: "1".into(),
                probability: 1.0,
            },
        }),
        comparison: Some(Comparison {
            n: vec![1],
            tokens: vec!["1".into()],
            rows: vec![Compared {
                word: String::new(),
                label: Sentence::verbatim(""),
                distances: vec![distances],
                collapse,
                sensitivity: Some(profile(JacobianMethod::Exact)),
                cross_entropy: Some(CrossEntropy::new(vec![1.0])),
            }],
        }),
        separators: Some(SeparatorMap { k: vec![0], n: vec![1], distances: vec![vec![distances]] }),
        found: Some(Found {
            n: 1,
            a: "1".into(),
            b: "0".into(),
            differing: 1,
            distances,
            identical_in: vec![],
            same_next: false,
            read: 1,
            finished: true,
            link: String::new(),
        }),
        simulation: Some(Simulation {
            figure: Published::Fig8,
            says: Sentence::verbatim(""),
            curves: vec![Simulated {
                label: Sentence::verbatim(""),
                n: vec![1],
                mean: vec![1.0],
                min: vec![1.0],
                max: vec![1.0],
                seeds: 1,
            }],
        }),
        continuation: Some(Continuation { n: 1, a: continued.clone(), b: continued }),
        pinned: Some(Pinned { curves: vec![PinnedCurve { link: "v=1".into(), n: vec![1], distances: vec![distances] }] }),
        sees: Some(Seen {
            metric: Metric::Linf,
            distance: SeenDistance { link: 0.0, here: 0.0, agreement: Agreement::Same },
            next_a: token,
            next_b: token,
        }),
        seeds: Some(Seeds { n: vec![1], seeds: vec![1], distances: vec![vec![distances]] }),
        answers: Some(Answers { n: 1, task: Task::Ones, a: said.clone(), b: said }),
        lengths: Some(LengthGeneralization {
            task: Task::Ones,
            asked: QuestionPosition::Before,
            models: vec![LengthsOf {
                origin: WeightsSource::Rotary,
                name: Sentence::verbatim(""),
                trained_to: Some(1),
                lengths: vec![Length {
                    n: 1,
                    right: vec!["1".into()],
                    said: vec!["1".into()],
                    twin: Spread { min: 0.0, mean: 0.0, max: 0.0 },
                    identical_in: vec![],
                    same_next: 0,
                }],
            }],
        }),
    }
}
