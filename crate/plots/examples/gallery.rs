//! Writes every figure with made-up numbers as SVG files and a page that shows them all, to look at after a change:
//! `cargo run -p glasses-plots --example gallery -- FOLDER [WIDTH]`.

use glasses_contract::config::Language;
use glasses_contract::config::{Metric, Published, Units, Which};
use glasses_contract::report::JacobianMethod;
use glasses_contract::task::Task;
use glasses_contract::{Choice, paper};
use glasses_plots::{
    AccuracyByLength, Anatomy, AnswerHistogram, Attention, AxisKind, CuresByLoss, CuresByN, CuresByToken, DistanceByLayer, DistanceByN,
    ErrorByLength, Figure, FirstTokenByDepth, LikenessByN, LossByStep, MeetingAtN, MeetingFilm, MeetingSteps, NextTokens, PaperFigure,
    Premises, RoundingByN, SensitivityByToken, SeparatorHeat, SeparatorsByN, ShareByToken, SinksByLayer, Style, Theme, TwinByLength,
    VariationByLayer, samples, svg,
};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write to")?);
    let widths = arguments.next().map_or(Ok(vec![360, 900]), |width| width.parse().map(|width| vec![width]))?;
    for width in widths {
        let mut folders = vec![("light", Theme::light(), Language::English), ("dark", Theme::dark(), Language::English)];
        folders.extend(Language::ALL[1..].iter().map(|&language| (language.word(), Theme::light(), language)));
        for (name, theme, language) in folders {
            let path = format!("{}/../../www/locale/{}.tsv", env!("CARGO_MANIFEST_DIR"), language.word());
            language.speak(if language == Language::English { "" } else { std::fs::read_to_string(path)?.leak() });
            let style = Style::new(theme, 4.0);
            let folder = folder.join(name);
            std::fs::create_dir_all(&folder)?;
            let mut gallery = Gallery { folder: &folder, width, style, page: String::new() };
            gallery.plain()?;
            gallery.nasty()?;
            let background = &gallery.style.theme.background;
            let head =
                format!("<!doctype html><meta charset=utf-8><style>body{{margin:8px;background:{background}}}svg{{margin:4px}}</style>");
            std::fs::write(folder.join(format!("all-{width}.html")), head + &gallery.page)?;
        }
    }
    Ok(())
}

struct Gallery<'a> {
    folder: &'a Path,
    width: u32,
    style: Style,
    page: String,
}

impl Gallery<'_> {
    fn add(&mut self, name: &str, figure: &impl Figure) -> Result<(), Box<dyn Error>> {
        let height = figure.height(f64::from(self.width)).round() as u32;
        let drawn = svg(figure, self.width, height, &self.style)?;
        writeln!(self.page, "{drawn}")?;
        std::fs::write(self.folder.join(format!("{name}-{}.svg", self.width)), drawn)?;
        Ok(())
    }

    fn plain(&mut self) -> Result<(), Box<dyn Error>> {
        let (sweep, noisy, pair) = (samples::sweep(4, 256), samples::noisy_sweep(4, 512), samples::pair(4, 24));
        let by_n = DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL);
        self.add("by-n", &by_n)?;
        self.add("by-n-log", &DistanceByN { x: AxisKind::Log, ..by_n })?;
        self.add("by-n-noisy", &DistanceByN::new(noisy.clone(), Metric::L2, 300, samples::MODEL))?;
        self.add("by-layer", &DistanceByLayer::new(pair.clone(), Metric::Linf, samples::MODEL))?;
        let deep = samples::pair(16, 24);
        self.add("by-layer-deep", &DistanceByLayer::new(deep.clone(), Metric::Linf, samples::MODEL))?;
        let estimate = samples::sensitivity(24, JacobianMethod::Estimate { probes: 8 });
        let exact = samples::sensitivity(200, JacobianMethod::Exact);
        self.add("sensitivity", &SensitivityByToken::new(estimate.clone(), samples::MODEL))?;
        self.add(
            "sensitivity-normalised",
            &SensitivityByToken { units: Units::Normalised, ..SensitivityByToken::new(estimate.clone(), samples::MODEL) },
        )?;
        self.add("sensitivity-long", &SensitivityByToken::new(exact.clone(), samples::MODEL))?;
        for side in [9, 25, 130] {
            let figure = Attention {
                pair: samples::pair(4, side - 1).into(),
                which: Which::A,
                premises: Premises::default(),
                model: samples::MODEL.into(),
            };
            self.add(&format!("attention-{side}"), &figure)?;
        }
        self.add("next-tokens", &NextTokens::new(pair.clone(), samples::MODEL))?;
        let (meeting, texts) = (samples::meeting(256), samples::texts());
        for at in [2, 11, 45, 255] {
            let (format, model) = ("bf16".into(), samples::MODEL.into());
            let figure = MeetingAtN { meeting: meeting.clone().into(), sequences: Some(texts.clone().into()), at, format, model };
            self.add(&format!("meeting-{}", at + 1), &figure)?;
            self.add(
                "rounding",
                &RoundingByN {
                    meeting: meeting.clone().into(),
                    n: at + 1,
                    format: "bf16".into(),
                    premises: Premises::default(),
                    model: samples::MODEL.into(),
                },
            )?;
            self.add("meeting-steps", &MeetingSteps { meeting: figure.clone() })?;
            std::fs::write(
                self.folder.join(format!("meeting-film-{}.svg", self.width)),
                MeetingFilm { meeting: figure }.document(self.width, None, &self.style)?,
            )?;
        }
        self.instruments()
    }

    fn instruments(&mut self) -> Result<(), Box<dyn Error>> {
        let model = || samples::MODEL.to_owned();
        let (sweep, reference) = (samples::sweep(4, 2048), samples::noisy_sweep(4, 2048));
        let published = paper::curves(Published::Fig5a);
        let by_n = DistanceByN { x: AxisKind::Log, ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL) };
        self.add("by-n-published", &DistanceByN { reference: Some(reference.into()), published: published.first().cloned(), ..by_n })?;
        let exact = samples::sensitivity(24, JacobianMethod::Exact);
        self.add("sensitivity-exact", &SensitivityByToken::new(exact.clone(), samples::MODEL))?;
        let normalised = SensitivityByToken { units: Units::Normalised, ..SensitivityByToken::new(exact.clone(), samples::MODEL) };
        self.add("sensitivity-exact-normalised", &normalised)?;
        for cures in [3, 14] {
            let comparison = samples::comparison(cures, 24, 256);
            self.add(
                &format!("cures-{cures}"),
                &CuresByN { comparison: comparison.clone().into(), metric: Metric::Linf, n: 24, lit: None, model: model() },
            )?;
            let read = samples::language_comparison(cures, 24, 256);
            let by_loss = CuresByLoss { comparison: read.clone().into(), metric: Metric::Linf, n: 24, lit: None, model: model() };
            self.add(&format!("cures-by-loss-{cures}"), &by_loss)?;
            self.add(
                &format!("cures-by-token-{cures}"),
                &CuresByToken { comparison: comparison.clone().into(), lit: None, model: model() },
            )?;
        }
        let map = samples::separators(16, 48);
        self.add("separators", &SeparatorHeat::new(map.clone(), Metric::Linf, samples::MODEL))?;
        let published = paper::of_separators(Published::Fig5d);
        let by_n = SeparatorsByN {
            map: map.clone().into(),
            metric: Metric::Linf,
            k: 3,
            n: 24,
            guess: None,
            veiled_to: None,
            published: published.clone(),
            model: model(),
        };
        self.add("separators-by-n", &by_n)?;
        let sweep = samples::sweep(12, 256);
        self.add("likeness", &LikenessByN { sweep: sweep.clone().into(), n: 24, veiled_to: None, model: model() })?;
        let theory = samples::theory(4, 24);
        self.add(
            "variation",
            &VariationByLayer { theory: theory.clone().into(), n: Some(theory.n), premises: Premises::default(), model: model() },
        )?;
        let pair = samples::pair(4, 24);
        self.add(
            "sinks-by-layer",
            &SinksByLayer { pair: pair.clone().into(), n: Some(24), premises: Premises::default(), model: model() },
        )?;
        self.add(
            "first-token",
            &FirstTokenByDepth { theory: theory.clone().into(), depth: 16, premises: Premises::default(), model: model() },
        )?;
        self.add("shares", &ShareByToken { theory: theory.clone().into(), depth: 16, premises: Premises::default(), model: model() })?;
        for (tokens, layers) in [(5, 3), (24, 4), (1, 1), (24, 16)] {
            let theory = samples::theory(layers, tokens - 1);
            let anatomy = Anatomy {
                theory: theory.clone().into(),
                layer: 0,
                head: None,
                followed: None,
                premises: Premises::default(),
                model: model(),
            };
            self.add(&format!("anatomy-{tokens}-{layers}"), &anatomy)?;
        }
        for figure in [Published::Fig8, Published::Fig9, Published::Fig10] {
            let (simulation, published) = (samples::simulation(figure), paper::curves(figure));
            self.add(
                &format!("paper-{}", figure.word()),
                &PaperFigure { simulation: simulation.clone().into(), published: published.clone() },
            )?;
        }
        self.answers()
    }

    fn answers(&mut self) -> Result<(), Box<dyn Error>> {
        let published = samples::published_errors();
        for task in Task::asking() {
            let (lengths, word) = (samples::lengths(task, 200), task.word());
            let published = if task == Task::Ones { &published[..] } else { &[] };
            self.add(&format!("error-{word}"), &ErrorByLength { lengths: lengths.clone().into(), published: published.to_vec() })?;
            self.add(&format!("twin-{word}"), &TwinByLength { lengths: lengths.clone().into(), n: 24 })?;
            self.add(&format!("histogram-{word}"), &AnswerHistogram { lengths: lengths.clone().into() })?;
        }
        for (steps, done) in [(2000, 300), (2000, 1600)] {
            let curve = samples::loss_curve(done);
            self.add(&format!("loss-{done}"), &LossByStep { curve: curve.clone(), steps, model: samples::MODEL.into() })?;
        }
        self.add("accuracy", &AccuracyByLength { accuracy: samples::accuracy(0.99), model: samples::MODEL.into() })
    }

    fn nasty(&mut self) -> Result<(), Box<dyn Error>> {
        for (name, sweep) in samples::nasty_sweeps() {
            self.add(&format!("by-n-{name}"), &DistanceByN::new(sweep.clone(), Metric::Linf, 24, name))?;
        }
        for (name, pair) in samples::nasty_pairs() {
            self.add(&format!("by-layer-{name}"), &DistanceByLayer::new(pair.clone(), Metric::Linf, name))?;
            self.add(&format!("next-tokens-{name}"), &NextTokens::new(pair.clone(), name))?;
            let attention = Attention { pair: pair.clone().into(), which: Which::A, premises: Premises::default(), model: name.into() };
            self.add(&format!("attention-{name}"), &attention)?;
        }
        for (name, sensitivity) in samples::nasty_sensitivities() {
            self.add(&format!("sensitivity-{name}"), &SensitivityByToken::new(sensitivity.clone(), name))?;
        }
        for (name, lengths) in samples::nasty_lengths() {
            self.add(&format!("error-{name}"), &ErrorByLength { lengths: lengths.clone().into(), published: vec![] })?;
            self.add(&format!("twin-{name}"), &TwinByLength { lengths: lengths.clone().into(), n: 24 })?;
            self.add(&format!("histogram-{name}"), &AnswerHistogram { lengths: lengths.clone().into() })?;
        }
        for (name, steps, curve) in samples::nasty_losses() {
            self.add(&format!("loss-{name}"), &LossByStep { curve: curve.clone(), steps, model: name.into() })?;
        }
        for (name, accuracy) in samples::nasty_accuracies() {
            self.add(&format!("accuracy-{name}"), &AccuracyByLength { accuracy: accuracy.clone(), model: name.into() })?;
        }
        Ok(())
    }
}
