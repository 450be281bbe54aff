//! Every kind of figure is made of the answer that it asks for, shows what it is looked at for, and is told apart by that.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::config::{Metric, Published, Units, Which};
use glasses_contract::device::DeviceKind;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{Reported, Sensitivity};
use glasses_contract::recipe::Recipe;
use glasses_contract::report::{Distances, EngineInfo, JacobianMethod, ModelInfo, Pinned, PinnedCurve, Report, Seeds};
use glasses_contract::task::Task;
use glasses_contract::{Choice, Experiment, models, open};
use glasses_plots::{Answers, Figure, Source, Style, Theme, Told, View, figure, samples};
use std::collections::HashSet;

/// A report of made-up answers about an experiment.
struct Samples {
    report: Report,
    about: Experiment,
    /// What the answers are about that lie beside others.
    beside: Experiment,
    /// Which of [`CONTROLS`] the answers depend on that were asked for.
    followed: HashSet<&'static str>,
}

/// A control by its key, and what makes its value another.
type Control = (&'static str, fn(&mut Experiment));

const CONTROLS: &[Control] = &[
    ("n", |of| of.input.n += 1),
    ("k", |of| of.input.k += 1),
    ("layer", |of| of.view.layer += 1),
    ("head", |of| of.view.head += 1),
    ("depth", |of| of.view.depth += 1),
];

/// There is no such answer.
#[derive(Debug, PartialEq)]
struct NotThere;

impl Source for Samples {
    type Missing = NotThere;

    fn recipe(&mut self) -> Result<Recipe, NotThere> {
        Ok(Recipe::new(&self.about, &[2.0, 1.0], samples::accuracy(0.9)))
    }
}

impl<Q: Reported> Answers<Q> for Samples {
    fn answer(&mut self, question: Q) -> Result<Told<Q::Answer>, NotThere> {
        let told = self.besides(question)?.ok_or(NotThere)?;
        Ok(Told { about: self.about.clone(), ..told })
    }

    fn besides(&mut self, question: Q) -> Result<Option<Told<Q::Answer>>, NotThere> {
        for &(key, change) in CONTROLS {
            let mut other = self.about.clone();
            change(&mut other);
            self.followed.extend((question.key(&other) != question.key(&self.about)).then_some(key));
        }
        let (model, about) = (&self.report.model, &self.beside);
        Ok(Q::in_report(&self.report).map(|answer| Told { answer: answer.clone().into(), model: model.clone(), about: about.clone() }))
    }
}

const PIN: &str = "v=1&pos=rotary";

fn samples() -> Samples {
    let mut about = open::decode("v=1&max=64&n=24&seeds=3&paper=8").0.experiment;
    about.view.pinned.pin(PIN);
    let config = about.model.clone();
    let model = ModelInfo { name: models::name(&config), config, parameters: 1 };
    let engine = EngineInfo { version: String::new(), device: DeviceKind::Cpu, adapter: String::new(), precision: String::new() };
    let mut report = Report::new(String::new(), engine, model);
    let sweep = samples::sweep(4, 64);
    let distances: Vec<Distances> = sweep.stages[5].distances.clone();
    report.seeds = Some(Seeds { n: sweep.n.clone(), seeds: vec![1, 2, 3], distances: vec![distances.clone(); 3] });
    report.pinned = Some(Pinned { curves: vec![PinnedCurve { link: PIN.into(), n: sweep.n.clone(), distances }] });
    report.reference = Some(samples::sweep(4, 64));
    report.sweep = Some(sweep);
    report.pair = Some(samples::pair(4, 24));
    report.meeting = Some(samples::meeting(64));
    report.sensitivity = Some(samples::sensitivity(24, JacobianMethod::Exact));
    report.theory = Some(samples::theory(4, 24));
    report.comparison = Some(samples::comparison(3, 24, 64));
    report.separators = Some(samples::separators(6, 48));
    report.lengths = Some(samples::lengths(Task::Ones, 64));
    report.simulation = Some(samples::simulation(Published::Fig8));
    Samples { report, beside: about.clone(), about, followed: HashSet::new() }
}

fn made(drawing: Drawing, mut of: Samples, view: &View) -> Box<dyn Figure> {
    figure(drawing, &mut of, view).unwrap_or_else(|NotThere| panic!("{}", drawing.word()))
}

#[test]
fn every_kind_is_made_of_its_answer_alone_and_drawn_as_a_document() {
    for &drawing in Drawing::ALL {
        let view = View::from(&samples().about);
        let document = made(drawing, samples(), &view).document(500, None, &Style::new(Theme::light(), 2.0)).unwrap_or_default();
        assert!(document.contains("<title>") && document.len() > 2_000, "{}: {}", drawing.word(), document.len());
    }
}

#[test]
fn without_an_answer_there_is_no_figure_but_that_of_a_run() {
    for &drawing in Drawing::ALL {
        let view = View::from(&samples().about);
        let mut nothing = samples();
        nothing.report = Report::new(String::new(), nothing.report.engine, nothing.report.model);
        let is_of_run = matches!(drawing, Drawing::Loss | Drawing::Accuracy);
        assert_eq!(figure(drawing, &mut nothing, &view).is_ok(), is_of_run, "{}", drawing.word());
    }
}

/// A part of a view, what makes it another, and the figures that look at it.
type Part = (&'static str, fn(&mut View), &'static [Drawing]);

const PARTS: &[Part] = &[
    (
        "metric",
        |view| view.metric = Metric::L1,
        &[
            Drawing::DistanceByN,
            Drawing::DistanceByLayer,
            Drawing::CuresByN,
            Drawing::CuresByLoss,
            Drawing::SeparatorsByN,
            Drawing::Separators,
        ],
    ),
    (
        "n",
        |view| view.n = 7,
        &[
            Drawing::Meeting,
            Drawing::MeetingSteps,
            Drawing::MeetingFilm,
            Drawing::Rounding,
            Drawing::DistanceByN,
            Drawing::LikenessByN,
            Drawing::CuresByN,
            Drawing::CuresByLoss,
            Drawing::SeparatorsByN,
            Drawing::Twin,
        ],
    ),
    ("k", |view| view.k = 5, &[Drawing::SeparatorsByN]),
    ("sensitivity", |view| view.sensitivity = Sensitivity::estimate(Which::B), &[]),
    ("units", |view| view.units = Units::Normalised, &[Drawing::Sensitivity]),
    ("theory", |view| view.theory = false, &[Drawing::Sensitivity]),
    ("layer", |view| view.layer = 2, &[Drawing::Paths]),
    ("head", |view| view.head = Some(1), &[Drawing::Paths]),
    ("followed", |view| view.followed = Some(3), &[Drawing::Paths]),
    ("depth", |view| view.depth = 9, &[Drawing::FirstToken]),
    ("published", |view| view.published = Published::Fig5a, &[Drawing::DistanceByN]),
    ("seeds", |view| view.seeds = 2, &[Drawing::DistanceByN]),
    (
        "pinned",
        |view| {
            view.pinned.unpin(PIN);
        },
        &[Drawing::DistanceByN],
    ),
    ("lit", |view| view.lit = Some("rotary".into()), &[Drawing::CuresByN, Drawing::CuresByToken, Drawing::CuresByLoss]),
    ("veil", |view| view.is_veiled = true, &[Drawing::DistanceByN, Drawing::LikenessByN, Drawing::SeparatorsByN]),
    ("guess", |view| view.guess = Some(vec![(24, 0.1)]), &[Drawing::DistanceByN, Drawing::SeparatorsByN]),
];

#[test]
fn a_figure_is_another_where_it_is_looked_at_otherwise_and_only_there() {
    let view = View::from(&samples().about);
    for &drawing in Drawing::ALL {
        let plain = made(drawing, samples(), &view);
        assert!(*plain == *made(drawing, samples(), &view), "{}: the same answers make the same figure", drawing.word());
        for (part, change, seen_in) in PARTS {
            let mut other = view.clone();
            change(&mut other);
            assert_ne!(other, view, "{part}");
            let is_another = *plain != *made(drawing, samples(), &other);
            assert_eq!(is_another, seen_in.contains(&drawing), "{}, by its {part}", drawing.word());
        }
    }
}

#[test]
fn an_enlarged_figure_has_the_controls_that_change_it_and_no_other() {
    for &drawing in Drawing::ALL {
        let (mut of, view) = (samples(), View::from(&samples().about));
        drop(figure(drawing, &mut of, &view));
        let looked_at = PARTS.iter().filter(|(_, _, seen_in)| seen_in.contains(&drawing)).map(|part| part.0);
        of.followed.extend(looked_at.filter(|&part| CONTROLS.iter().any(|control| control.0 == part)));
        // Figures share answers: that of the pair holds attention and distances, and only attention is of one layer and head.
        of.followed.retain(|key| ["n", "k"].contains(key) || drawing.controls().contains(key));
        assert_eq!(drawing.controls().iter().copied().collect::<HashSet<_>>(), of.followed, "{}", drawing.word());
    }
}

#[test]
fn figures_of_two_kinds_are_never_the_same() {
    let view = View::from(&samples().about);
    let made: Vec<_> = Drawing::ALL.iter().map(|&drawing| made(drawing, samples(), &view)).collect();
    for (index, one) in made.iter().enumerate() {
        assert!(made[..index].iter().all(|other| **other != **one), "{}", Drawing::ALL[index].word());
    }
}

#[test]
fn what_lies_beside_the_distance_belongs_to_the_sweep_and_waits_for_a_guess() {
    let names = |of: Samples, change: fn(&mut View)| {
        let mut view = View::from(&samples().about);
        change(&mut view);
        let columns = made(Drawing::DistanceByN, of, &view).table().columns;
        ["f64", "seeds", "pinned"].map(|name| columns.iter().any(|column| column.heading().contains(name)))
    };
    assert_eq!(names(samples(), |_| ()), [true, true, true]);
    assert_eq!(names(samples(), |view| view.seeds = 2), [true, false, true], "another number of seeds is asked for");
    assert_eq!(
        names(samples(), |view| {
            view.pinned.unpin(PIN);
        }),
        [true, true, false],
        "it was let go"
    );
    assert_eq!(names(samples(), |view| view.is_veiled = true), [false; 3], "it would give the answer away");
    let mut of_another = samples();
    of_another.beside.model.seed += 1;
    assert_eq!(names(of_another, |_| ()), [false, false, true], "what is pinned has a model of its own");
    let mut without = samples();
    (without.report.reference, without.report.seeds, without.report.pinned) = (None, None, None);
    assert_eq!(names(without, |_| ()), [false; 3]);
}
