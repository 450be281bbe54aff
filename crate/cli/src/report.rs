//! `report`: everything that can be said about a link.

use crate::cores;
use crate::failure::Failure;
use crate::language::{linked, open_with};
use crate::shipped::Shipped;
use crate::table::Table;
use crate::{note_all, print};
use glasses_contract::config::{Config, Experiment, Metric, Tool};
use glasses_contract::device::DeviceKind;
use glasses_contract::question::{About, Ask, Question, Topic};
use glasses_contract::report::{Answer, Comparison, Continuation, Continued, JacobianMethod, LIKE, Pair, Report, Stage, TokenText};
use glasses_contract::sequence::Sequences;
use glasses_contract::{Choice, Claim, Sentence, Warning, open};
use glasses_engine::experiment::{NoAnswer, model_info};
use glasses_engine::{Engine, NoProgress, Progress, device};

/// How to write a report.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// Everything, for programs.
    Json,
    /// Distances, next tokens, sensitivities and shares of right answers, one number a line: quantity, stage, place, metric, value.
    Csv,
}

/// Answers a link and prints it.
///
/// # Errors
/// As [`answer`], and if the standard output can't be written to.
pub fn print(address: &str, format: Format, library: Shipped) -> Result<(), Failure> {
    let report = answer(address, library, &NoProgress)?;
    note_all(&report.warnings);
    print::print(&match format {
        Format::Json => serde_json::to_string_pretty(&report)? + "\n",
        Format::Csv => long(&report).csv(),
        Format::Table => summary(&report),
    })
}

/// Everything that can be said about a link. What is to be known beside the numbers stands in the report's warnings.
///
/// # Errors
/// A sentence, if the sequences have no answer, or `progress` says stop.
pub fn answer(address: &str, library: Shipped, progress: &impl Progress) -> Result<Report, Failure> {
    answer_to(address, &[], library, cores::all(), progress)
}

/// The answers to some questions about a link, to all that apply where none is named, on so many cores.
///
/// # Errors
/// As [`answer`].
pub fn answer_to(address: &str, asked: &[Topic], library: Shipped, cores: usize, progress: &impl Progress) -> Result<Report, Failure> {
    let (config, frame, mut warnings) = open_with(address, &library)?;
    let mut engine = Engine::with_library(device::cpu(), library.clone());
    let link = open::encode(&Config { experiment: linked(&config), frame });
    let mut report = Report::new(link, engine.info(), model_info(&config.model));
    for question in questions(&config, asked) {
        match cores::answer(&mut engine, &library, &config, question, cores, progress) {
            Ok(answer) => report.put(answer),
            // One part that is too much does not keep the others from being said.
            Err(NoAnswer::Failed(failure)) if question.topic() != Topic::Pair => {
                warnings.push(Warning::about("", Sentence::verbatim(failure.to_string())));
            }
            Err(why) => return Err(why.into()),
        }
    }
    report.sees = Claim::of(address).zip(report.pair.as_ref()).and_then(|(claim, pair)| claim.beside(pair, &config.model));
    warnings.extend(engine.notes(&config.model));
    report.warnings = warnings;
    Ok(report)
}

/// What applies to a configuration, as exact as can be: what the page always shows, theory, and the chosen instrument, which says why where it does
/// not apply.
fn questions(config: &Experiment, asked: &[Topic]) -> Vec<Question> {
    let sequences = Sequences::parse(&config.input);
    let about = About { experiment: config, sequences: sequences.as_ref(), device: DeviceKind::Cpu };
    let raised = Question::raised(config);
    let is_asked = |question: &Question| match question.shown_in().instrument() {
        _ if !asked.is_empty() => asked.contains(&question.topic()),
        Some(tool) if tool == config.view.tool => true,
        Some(tool) => tool == Tool::Theory,
        None => question.topic() == Topic::Pair || question.applies(&about).is_ok(),
    };
    let is_exact = |question: &Question| !raised.iter().any(|other| other.refines(question));
    raised.iter().copied().filter(|question| is_asked(question) && is_exact(question)).collect()
}

/// The likeliest next tokens of both sequences, each with its probability.
fn next_tokens(pair: &Pair) -> Table {
    let mut table = Table::new(["next token of A", "probability", "next token of B", "probability"]);
    let ranked = [&pair.a, &pair.b].map(|reading| {
        let probability = |label: &TokenText| reading.next.get(label.token).copied().unwrap_or_default();
        let mut labels: Vec<&TokenText> = pair.labels.iter().collect();
        labels.sort_by(|one, other| probability(other).total_cmp(&probability(one)));
        labels.into_iter().take(NEXT_TOKENS).map(|label| [label.text.clone(), number(probability(label))]).collect::<Vec<_>>()
    });
    ranked[0].iter().zip(&ranked[1]).for_each(|([a, p], [b, q])| table.row([a, p, b, q].map(String::clone)));
    table
}

/// What is written behind both sequences, a token a row, each with its probability and the runner-up.
fn written_on(continuation: &Continuation) -> Table {
    let mut table = Table::new(["behind A", "probability", "runner-up", "behind B", "probability", "runner-up"]);
    let cells = |continued: &Continued, at: usize| {
        let step = continued.steps.get(at);
        let cell = |likely: usize| step.and_then(|step| Some((step.tokens.get(likely)?.clone(), number(*step.probabilities.get(likely)?))));
        let ((token, probability), runner_up) = (cell(0).unwrap_or_default(), cell(1));
        [token, probability, runner_up.map_or_else(String::new, |(token, probability)| format!("{token} {probability}"))]
    };
    let (a, b) = (&continuation.a, &continuation.b);
    for at in 0..a.steps.len().max(b.steps.len()) {
        let ([one, p, next], [other, q, last]) = (cells(a, at), cells(b, at));
        table.row([one, p, next, other, q, last]);
    }
    table
}

/// Next tokens in words that are shown.
const NEXT_TOKENS: usize = 5;

/// On one screen or two: the last-token distances, the answers, the sweep and the sensitivity.
fn summary(report: &Report) -> String {
    let config = open::decode(&report.link).0;
    let model = &report.model.config;
    let mut text = format!(
        "{}: {} layers of {} heads, width {}, positions {}, {} norm, {}{} weights\n",
        report.model.name,
        model.layers,
        model.heads,
        model.width,
        model.position.entry().label,
        model.norm.entry().word,
        if model.file.is_some() { String::new() } else { format!("seed {}, ", model.seed) },
        report.model.parameters
    );
    if let Some(pair) = &report.pair {
        text += &format!("A  {}\nB  {}\n\n", shorten(&pair.a.tokens), shorten(&pair.b.tokens));
        let mut table = Table::new(["last token", "L1", "L2", "L∞", "cosine"]);
        for stage in &pair.stages {
            let d = &stage.distances;
            table.row([stage.stage.to_string(), number(d.l1), number(d.l2), number(d.linf), number(d.cosine)]);
        }
        text += &format!("n = {}\n{table}\n", pair.n);
        if let Some(sees) = &report.sees {
            text += &format!("the link's numbers: {}\n\n", sees.told(&pair.labels));
        }
    }
    if let Some(pair) = report.pair.as_ref().filter(|pair| !pair.labels.is_empty()) {
        text += &format!("{}\n", next_tokens(pair));
    }
    if let Some(continuation) = &report.continuation {
        for (name, continued) in [("A", &continuation.a), ("B", &continuation.b)] {
            let end = if continued.ended { "" } else { " …" };
            text += &format!("behind {name}: {}{end}\n", continued.text.escape_debug());
        }
        text += &format!("{}\n", written_on(continuation));
    }
    if let Some(answers) = &report.answers {
        let right = |answer: &Answer| match (answer.is_right(), &answer.right) {
            (Some(true), _) => "right".to_string(),
            (Some(false), Some(right)) => format!("wrong, it is {right}"),
            _ => "no question of this kind".into(),
        };
        let mut table = Table::new([answers.task.entry().label, "answer", ""]);
        for (name, answer) in [("A", &answers.a), ("B", &answers.b)] {
            table.row([name.into(), answer.said.clone(), right(answer)]);
        }
        text += &format!("{table}\n");
    }
    if let Some(lengths) = &report.lengths {
        let mut table = Table::new(["n", "model", "right", "first answer", "twin"]);
        for model in &lengths.models {
            for length in &model.lengths {
                let right = format!("{} of {}", length.exact(), length.right.len());
                let first = length.said.first().cloned().unwrap_or_default();
                table.row([length.n.to_string(), model.name.to_string(), right, first, number(length.twin.mean)]);
            }
        }
        text += &format!("{}, by length\n{table}\n", lengths.task.entry().label);
    }
    if let Some(sweep) = &report.sweep {
        let metric = config.view.metric;
        let mut table = Table::new(["n", metric.entry().label]);
        let output = sweep.stages.last();
        let picks = sweep.n.iter().enumerate().filter(|(at, n)| sweep.is_at_some_n() || n.is_power_of_two() || at + 1 == sweep.n.len());
        for (at, n) in picks {
            let distance = output.map_or(f64::NAN, |output| output.distances[at].get(metric));
            table.row([n.to_string(), number(distance)]);
        }
        let some = if sweep.is_at_some_n() { ", computed at these n alone" } else { "" };
        text += &format!("distance at the output{some}\n{table}");
        if let Some(tail) = glasses_plots::tail(sweep, report.reference.as_ref(), metric) {
            text += &format!("log-log slope from n = {} to n = {}: {}\n", tail.from, tail.to, number(tail.slope));
        }
        if let Some(likest) = sweep.likest().filter(|_| model.file.is_some()) {
            let from = likest.from.map_or_else(|| "nowhere".into(), |n| format!("first at n = {n}"));
            let greatest = format!("greatest at {}, {} at n = {}", likest.stage, number(likest.greatest), likest.at);
            text += &format!("cosine of A's last token with its first one: above {LIKE} {from}; {greatest}\n");
        }
        text += "\n";
    }
    if let Some(comparison) = &report.comparison {
        text += &format!("{}\n", compared(comparison, config.view.metric));
    }
    if let Some(sensitivity) = &report.sensitivity {
        let how = match sensitivity.full.method {
            JacobianMethod::Exact => "exact".to_string(),
            JacobianMethod::Estimate { probes } => format!("estimated by {probes} probes"),
        };
        let mut table = Table::new(["token", "sensitivity", "with frozen attention"]);
        for (at, token) in sensitivity.tokens.iter().enumerate() {
            table.row([format!("{} {token}", at + 1), number(sensitivity.full.norm[at]), number(sensitivity.frozen.norm[at])]);
        }
        text += &format!("‖∂y_n/∂x_i‖, Frobenius norm, {how}\n{table}");
    }
    text
}

/// The last tokens' distances at n and over n, how like they are to the first token and how much they attend to it, the next tokens, how well a language model reads with each cure, the sensitivities and the shares of right answers in one long table. The
/// rest stands in the JSON only: attention, what heads do over n, collapse, bounds, reference, theory, instruments, answers as they were said.
pub(crate) fn long(report: &Report) -> Table {
    let mut table = Table::new(["quantity", "stage", "place", "metric", "value"]);
    let mut row = |quantity: &str, stage: &str, place: usize, metric: &str, value: f64| {
        table.row([quantity.into(), stage.into(), place.to_string(), metric.into(), value.to_string()]);
    };
    if let Some(pair) = &report.pair {
        for stage in &pair.stages {
            for &metric in Metric::ALL {
                row("pair distance", &stage.stage.to_string(), pair.n, metric.word(), stage.distances.get(metric));
            }
        }
        for (layer, heads) in pair.heads.iter().enumerate() {
            for (head, distances) in heads.iter().enumerate() {
                for &metric in Metric::ALL {
                    row("pair head distance", &format!("layer {}", layer + 1), head + 1, metric.word(), distances.get(metric));
                }
            }
        }
        for (name, reading) in
            [("attention of A's last token to the first", &pair.a), ("attention of B's last token to the first", &pair.b)]
        {
            let of_heads = [
                ("mean over heads", &reading.sink_by_layer),
                ("least head", &reading.sink_least_by_layer),
                ("most head", &reading.sink_most_by_layer),
            ];
            for (over, shares) in of_heads {
                for (layer, &share) in shares.iter().enumerate() {
                    row(name, &Stage::Layer(layer + 1).to_string(), 1, over, share);
                }
            }
        }
        for (name, reading) in [("next token of A", &pair.a), ("next token of B", &pair.b)] {
            for (token, &probability) in reading.next.iter().enumerate() {
                row(name, "output", token, "probability", probability);
            }
        }
    }
    if let Some(sweep) = &report.sweep {
        for curve in &sweep.stages {
            for (n, distances) in sweep.n.iter().zip(&curve.distances) {
                for &metric in Metric::ALL {
                    row("sweep distance", &curve.stage.to_string(), *n, metric.word(), distances.get(metric));
                }
            }
        }
        for curve in &sweep.likeness {
            for (n, &cosine) in sweep.n.iter().zip(&curve.cosine) {
                row("likeness to the first token", &curve.stage.to_string(), *n, "cosine", cosine);
            }
        }
    }
    for compared in report.comparison.iter().flat_map(|comparison| &comparison.rows) {
        if let Some(of) = &compared.cross_entropy {
            row("cross-entropy of a plain text", "output", of.tokens.len(), &format!("nats a token, {}", compared.label), of.mean);
        }
    }
    for model in report.lengths.iter().flat_map(|lengths| &lengths.models) {
        for length in &model.lengths {
            row("share of right answers", &model.name.to_string(), length.n, "share", length.exact() as f64 / length.right.len() as f64);
            row("twin distance, mean", &model.name.to_string(), length.n, "linf", length.twin.mean);
        }
    }
    if let Some(sensitivity) = &report.sensitivity {
        for (name, profile) in [("sensitivity", &sensitivity.full), ("sensitivity, frozen attention", &sensitivity.frozen)] {
            for (at, &norm) in profile.norm.iter().enumerate() {
                row(name, "output", at + 1, "frobenius", norm);
            }
        }
    }
    table
}

/// The distance at the greatest n with each cure, and of a language model how well it still reads.
fn compared(comparison: &Comparison, metric: Metric) -> String {
    let mut table = Table::new(["model", metric.entry().label, "cross-entropy", "more than plain"]);
    for row in &comparison.rows {
        let distance = row.distances.last().map_or(f64::NAN, |distances| distances.get(metric));
        let cross_entropy = row.cross_entropy.as_ref().map(|of| number(of.mean)).unwrap_or_default();
        let cost = comparison.cost(row).filter(|_| !row.word.is_empty());
        let cost = cost.map(|cost| format!("{:+.4} ± {:.4}", cost.mean, cost.standard_error)).unwrap_or_default();
        table.row([row.label.to_string(), number(distance), cross_entropy, cost]);
    }
    let n = comparison.n.last().copied().unwrap_or(0);
    format!("cures: distance at the output at n = {n}, and cross-entropy of a plain text in nats a token, of language models\n{table}")
}

fn number(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) { format!("{value:.4}") } else { format!("{value:.3e}") }
}

fn shorten(tokens: &[String]) -> String {
    const ENDS: usize = 24;
    match tokens.len() {
        length if length > 2 * ENDS => {
            format!("{}…{} ({length} tokens)", tokens[..ENDS].concat(), tokens[length - ENDS..].concat())
        }
        length => format!("{} ({length} tokens)", tokens.concat()),
    }
}
