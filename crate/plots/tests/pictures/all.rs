//! All pictures that the tests walk: of made-up reports, and of reports that no axis can hold.

use glasses_contract::config::{Metric, Published, Units, Which};
use glasses_contract::report::{JacobianMethod, Pair, Simulation};
use glasses_contract::task::Task;
use glasses_contract::{Choice, Sentence, paper};
use glasses_plots::{
    AccuracyByLength, Anatomy, AnswerHistogram, Attention, AttentionRow, AxisKind, CuresByLoss, CuresByN, CuresByToken, DistanceByLayer,
    DistanceByN, ErrorByLength, Figure, FirstTokenByDepth, LikenessByN, LossByStep, MeetingAtN, MeetingSteps, NextTokens, PaperFigure,
    Premises, RoundingByN, SensitivityByToken, SeparatorHeat, SeparatorsByN, ShareByToken, SinksByLayer, Style, TwinByLength,
    VariationByLayer, samples, svg,
};
use std::sync::Arc;

/// The SVG document of a figure at a width and a height, or at the height that suits the width.
pub type Draw = dyn Fn(u32, Option<u32>, &Style) -> String;

/// A figure by name, so that a list can hold all kinds.
pub struct Picture {
    pub name: String,
    pub draw: Box<Draw>,
    pub columns: usize,
    pub rows: Vec<usize>,
    pub sentence: String,
    pub csv: String,
}

fn picture(name: impl Into<String>, figure: impl Figure + 'static) -> Picture {
    let (name, sentence, table, csv) = (name.into(), figure.sentence(), figure.table(), figure.csv());
    let failing = name.clone();
    let draw = move |width: u32, height: Option<u32>, style: &Style| {
        let height = height.unwrap_or(figure.height(f64::from(width)).round() as u32);
        svg(&figure, width, height, style).expect(&failing)
    };
    Picture { name, draw: Box::new(draw), columns: table.columns.len(), rows: table.rows.iter().map(Vec::len).collect(), sentence, csv }
}

/// Pictures of what figures are made for.
pub fn plain() -> Vec<Picture> {
    let model = samples::MODEL;
    let (sweep, noisy) = (Arc::new(samples::sweep(4, 256)), Arc::new(samples::noisy_sweep(16, 512)));
    let (pair, deep) = (Arc::new(samples::pair(4, 24)), Arc::new(samples::pair(16, 400)));
    let mut pictures = vec![
        picture("by n", DistanceByN::new(sweep.clone(), Metric::Linf, 24, model)),
        picture("by log n", DistanceByN { x: AxisKind::Log, ..DistanceByN::new(sweep.clone(), Metric::L1, 24, model) }),
        picture("by n, cosine", DistanceByN::new(sweep.clone(), Metric::Cosine, 256, model)),
        picture("by n, noisy", DistanceByN::new(noisy.clone(), Metric::L2, 1, model)),
        picture("by layer", DistanceByLayer::new(pair.clone(), Metric::Linf, model)),
        picture("by layer, deep", DistanceByLayer::new(deep.clone(), Metric::Cosine, model)),
        picture("next tokens", NextTokens::new(pair.clone(), model)),
    ];
    for n in [0, 1, 5, 24, 60, 300] {
        let sensitivity = Arc::new(samples::sensitivity(n, JacobianMethod::Estimate { probes: 8 }));
        pictures.push(picture(format!("sensitivity of {n}"), SensitivityByToken::new(sensitivity.clone(), model)));
        let normalised = SensitivityByToken { units: Units::Normalised, ..SensitivityByToken::new(sensitivity.clone(), model) };
        pictures.push(picture(format!("normalised sensitivity of {n}"), normalised));
        let pair = Arc::new(samples::pair(4, n));
        pictures.push(picture(
            format!("attention of {n}"),
            Attention { pair: pair.clone(), which: Which::A, premises: Premises::default(), model: model.into() },
        ));
        let row = AttentionRow(Attention { pair, which: Which::A, premises: Premises::default(), model: model.into() });
        pictures.push(picture(format!("attention of the last of {n}"), row));
    }
    let (meeting, texts) = (Arc::new(samples::meeting(256)), Arc::new(samples::texts()));
    for at in [0, 6, 45, 255] {
        let meeting =
            MeetingAtN { meeting: meeting.clone(), sequences: Some(texts.clone()), at, format: "bf16".into(), model: model.into() };
        pictures.push(picture(format!("meeting at {}", at + 1), meeting.clone()));
        if at == 0 {
            pictures.push(picture("meeting in steps", MeetingSteps { meeting: meeting.clone() }));
        }
    }
    pictures.push(picture(
        "rounding",
        RoundingByN { meeting: meeting.clone(), n: 24, format: "bf16".into(), premises: Premises::default(), model: model.into() },
    ));
    pictures.extend(instruments());
    pictures.extend(answers());
    pictures
}

fn answers() -> Vec<Picture> {
    let published = samples::published_errors();
    let mut pictures = Vec::new();
    for task in Task::asking() {
        let (lengths, word) = (Arc::new(samples::lengths(task, 200)), task.word());
        let published = if task == Task::Ones { published.clone() } else { vec![] };
        pictures.push(picture(format!("error, {word}"), ErrorByLength { lengths: lengths.clone(), published: published.clone() }));
        pictures.push(picture(format!("twin, {word}"), TwinByLength { lengths: lengths.clone(), n: 24 }));
        pictures.push(picture(format!("histogram, {word}"), AnswerHistogram { lengths: lengths.clone() }));
    }
    for done in [300, 1600] {
        let (curve, model) = (samples::loss_curve(done), samples::MODEL.to_owned());
        pictures.push(picture(format!("loss of {done}"), LossByStep { curve: curve.clone(), steps: 2000, model }));
    }
    let accuracy = samples::accuracy(0.99);
    pictures.push(picture("accuracy", AccuracyByLength { accuracy: accuracy.clone(), model: samples::MODEL.into() }));
    pictures
}

fn instruments() -> Vec<Picture> {
    let model = || samples::MODEL.to_owned();
    let (sweep, reference) = (Arc::new(samples::sweep(4, 1024)), Arc::new(samples::sweep(4, 1024)));
    let published = paper::curves(Published::Fig5a);
    let by_n = DistanceByN { x: AxisKind::Log, ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, model()) };
    let by_n = DistanceByN { reference: Some(reference), published: published.first().cloned(), ..by_n };
    let exact = Arc::new(samples::sensitivity(24, JacobianMethod::Exact));
    let sensitivity = SensitivityByToken::new(exact.clone(), model());
    let (theory, comparison) = (Arc::new(samples::theory(4, 24)), Arc::new(samples::comparison(15, 24, 256)));
    let read = Arc::new(samples::language_comparison(7, 24, 256));
    let (separators, commas) = (Arc::new(samples::separators(12, 48)), paper::of_separators(Published::Fig5d));
    let mut pictures = vec![
        picture("by n, cosine and published", DistanceByN { metric: Metric::Cosine, ..by_n.clone() }),
        picture("by n, published", by_n),
        picture("likeness", LikenessByN { sweep: sweep.clone(), n: 24, veiled_to: None, model: model() }),
        picture("likeness, veiled", LikenessByN { sweep: sweep.clone(), n: 24, veiled_to: Some(2048), model: model() }),
        picture("exact sensitivity, normalised", SensitivityByToken { units: Units::Normalised, ..sensitivity.clone() }),
        picture("exact sensitivity", sensitivity),
        picture("variation", VariationByLayer { theory: theory.clone(), n: Some(theory.n), premises: Premises::default(), model: model() }),
        picture(
            "sinks by layer",
            SinksByLayer { pair: Arc::new(samples::pair(4, 24)), n: Some(24), premises: Premises::default(), model: model() },
        ),
        picture("first token", FirstTokenByDepth { theory: theory.clone(), depth: 16, premises: Premises::default(), model: model() }),
        picture("shares", ShareByToken { theory: theory.clone(), depth: 16, premises: Premises::default(), model: model() }),
        picture("cures", CuresByN { comparison: comparison.clone(), metric: Metric::L1, n: 24, lit: None, model: model() }),
        picture("cures by token", CuresByToken { comparison: comparison.clone(), lit: None, model: model() }),
        picture("cures by loss", CuresByLoss { comparison: read, metric: Metric::L1, n: 24, lit: None, model: model() }),
        picture("separators", SeparatorHeat::new(separators.clone(), Metric::Linf, model())),
        picture(
            "separators by n",
            SeparatorsByN {
                map: separators,
                metric: Metric::Linf,
                k: 3,
                n: 24,
                guess: None,
                veiled_to: None,
                published: commas,
                model: model(),
            },
        ),
    ];
    for (ones, layers) in [(4, 3), (23, 4), (0, 1), (59, 16)] {
        let theory = Arc::new(samples::theory(layers, ones));
        let anatomy =
            Anatomy { theory: theory.clone(), layer: 0, head: Some(1), followed: Some(1), premises: Premises::default(), model: model() };
        pictures.push(picture(format!("anatomy of {} through {layers}", ones + 1), anatomy));
    }
    for figure in [Published::Fig8, Published::Fig9, Published::Fig10] {
        let (simulation, published) = (Arc::new(samples::simulation(figure)), paper::curves(figure));
        pictures.push(picture(
            format!("paper {}", figure.word()),
            PaperFigure { simulation: simulation.clone(), published: published.clone() },
        ));
    }
    pictures
}

/// Pictures of everything else that figures may be given.
pub fn nasty() -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (name, sweep) in samples::nasty_sweeps() {
        let sweep = Arc::new(sweep);
        for metric in [Metric::Linf, Metric::Cosine] {
            pictures.push(picture(format!("by n, {name}"), DistanceByN::new(sweep.clone(), metric, 24, name)));
        }
        let by_log_n = DistanceByN { x: AxisKind::Log, ..DistanceByN::new(sweep.clone(), Metric::L2, 0, name) };
        pictures.push(picture(format!("by log n, {name}"), by_log_n));
        pictures
            .push(picture(format!("likeness, {name}"), LikenessByN { sweep: sweep.clone(), n: 24, veiled_to: None, model: name.into() }));
    }
    for (name, pair) in samples::nasty_pairs() {
        let pair = Arc::new(pair);
        pictures.push(picture(format!("by layer, {name}"), DistanceByLayer::new(pair.clone(), Metric::Linf, name)));
        pictures.push(picture(format!("next tokens, {name}"), NextTokens::new(pair.clone(), name)));
        pictures.push(picture(
            format!("sinks by layer, {name}"),
            SinksByLayer { pair: pair.clone(), n: None, premises: Premises::default(), model: name.into() },
        ));
        pictures.push(picture(
            format!("attention, {name}"),
            Attention { pair: pair.clone(), which: Which::A, premises: Premises::default(), model: name.into() },
        ));
        let row = AttentionRow(Attention { pair: pair.clone(), which: Which::B, premises: Premises::default(), model: name.into() });
        pictures.push(picture(format!("attention of the last, {name}"), row));
        let mut unlabelled = Pair::clone(&pair);
        unlabelled.a.tokens.clear();
        let map = Attention { pair: unlabelled.into(), which: Which::A, premises: Premises::default(), model: name.into() };
        pictures.push(picture(format!("attention without labels, {name}"), map));
    }
    for (name, sensitivity) in samples::nasty_sensitivities() {
        let sensitivity = Arc::new(sensitivity);
        pictures.push(picture(format!("sensitivity, {name}"), SensitivityByToken::new(sensitivity.clone(), name)));
        let normalised = SensitivityByToken { units: Units::Normalised, ..SensitivityByToken::new(sensitivity.clone(), name) };
        pictures.push(picture(format!("normalised sensitivity, {name}"), normalised));
    }
    for (name, theory) in samples::nasty_theories() {
        let (theory, model) = (Arc::new(theory), name.to_owned());
        pictures.push(picture(
            format!("variation, {name}"),
            VariationByLayer { theory: theory.clone(), n: Some(theory.n), premises: Premises::default(), model: model.clone() },
        ));
        pictures.push(picture(
            format!("first token, {name}"),
            FirstTokenByDepth { theory: theory.clone(), depth: 300, premises: Premises::default(), model: model.clone() },
        ));
        pictures.push(picture(
            format!("shares, {name}"),
            ShareByToken { theory: theory.clone(), depth: 1, premises: Premises::default(), model: model.clone() },
        ));
        pictures.push(picture(
            format!("anatomy, {name}"),
            Anatomy { theory: theory.clone(), layer: 9, head: Some(9), followed: Some(99), premises: Premises::default(), model },
        ));
    }
    for (name, comparison) in samples::nasty_comparisons() {
        let (comparison, model) = (Arc::new(comparison), name.to_owned());
        pictures.push(picture(
            format!("cures, {name}"),
            CuresByN { comparison: comparison.clone(), metric: Metric::Cosine, n: 1, lit: None, model: model.clone() },
        ));
        let by_loss = CuresByLoss { comparison: comparison.clone(), metric: Metric::Cosine, n: 1, lit: None, model: model.clone() };
        pictures.push(picture(format!("cures by loss, {name}"), by_loss));
        pictures.push(picture(format!("cures by token, {name}"), CuresByToken { comparison: comparison.clone(), lit: None, model }));
    }
    for (name, map) in samples::nasty_separators() {
        let (map, model) = (Arc::new(map), name.to_owned());
        pictures.push(picture(format!("separators, {name}"), SeparatorHeat::new(map.clone(), Metric::L2, name)));
        let by_n =
            SeparatorsByN { map: map.clone(), metric: Metric::L2, k: 1, n: 1, guess: None, veiled_to: None, published: vec![], model };
        pictures.push(picture(format!("separators by n, {name}"), by_n));
    }
    for (name, lengths) in samples::nasty_lengths() {
        let (lengths, published) = (Arc::new(lengths), samples::published_errors());
        pictures.push(picture(format!("error, {name}"), ErrorByLength { lengths: lengths.clone(), published: vec![] }));
        pictures
            .push(picture(format!("error, published, {name}"), ErrorByLength { lengths: lengths.clone(), published: published.clone() }));
        pictures.push(picture(format!("twin, {name}"), TwinByLength { lengths: lengths.clone(), n: 1 }));
        pictures.push(picture(format!("histogram, {name}"), AnswerHistogram { lengths: lengths.clone() }));
    }
    for (name, steps, curve) in samples::nasty_losses() {
        pictures.push(picture(format!("loss, {name}"), LossByStep { curve, steps, model: name.into() }));
    }
    for (name, accuracy) in samples::nasty_accuracies() {
        pictures.push(picture(format!("accuracy, {name}"), AccuracyByLength { accuracy, model: name.into() }));
    }
    for (name, meeting) in samples::nasty_meetings() {
        let (at, meeting) = (meeting.n.len().saturating_sub(1), Arc::new(meeting));
        let meeting = MeetingAtN { meeting: meeting.clone(), sequences: None, at, format: name.into(), model: name.into() };
        pictures.push(picture(format!("meeting, {name}"), meeting.clone()));
        let (meeting_of, model) = (meeting.meeting.clone(), meeting.model.clone());
        pictures.push(picture(
            format!("rounding, {name}"),
            RoundingByN { meeting: meeting_of, n: 3, format: name.into(), premises: Premises::default(), model },
        ));
        pictures.push(picture(format!("meeting in steps, {name}"), MeetingSteps { meeting: meeting.clone() }));
    }
    let nothing = Arc::new(Simulation { figure: Published::Fig8, says: Sentence::verbatim(""), curves: vec![] });
    pictures.push(picture("paper, empty", PaperFigure { simulation: nothing, published: vec![] }));
    pictures
}
