//! Made-up training runs.

use super::wobble;
use crate::LossCurve;
use glasses_contract::recipe::Accuracy;
use glasses_contract::task::Task;

/// A run that has come so far: its loss falls in two steps, and after a while it answers right.
pub fn loss_curve(steps: usize) -> LossCurve {
    let learnt = |step: usize| 1.0 / (1.0 + (-(step as f64 - 900.0) / 120.0).exp());
    let loss = |step: usize| {
        let fall = 0.4 + 2.6 * (-(step as f64) / 150.0).exp();
        (fall * (1.0 - learnt(step)) + 0.01) * (0.4 * wobble(step)).exp()
    };
    let step: Vec<usize> = (1..=steps).collect();
    let measured = (1..=steps / 250).map(|at| (250 * at, accuracy(learnt(250 * at))));
    LossCurve { loss: step.iter().map(|&step| loss(step)).collect(), accuracy: measured.collect(), step }
}

/// How a model that has learnt so much of what it can answers each task.
pub fn accuracy(learnt: f64) -> Vec<Accuracy> {
    let task = |(number, task): (usize, Task)| {
        let n: Vec<usize> = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256].map(|tokens| task.elements_within(tokens, 0)).into();
        let edge = task.elements_within(64 + 8 * number, 0) as f64;
        let exact = |&n: &usize| (learnt / (1.0 + (n as f64 / edge).powi(9)) * 32.0).round() / 32.0;
        let mut n = n;
        n.dedup();
        Accuracy { task, trained: learnt * (1.0 - 0.01 * number as f64), exact: n.iter().map(exact).collect(), n, examples: 32 }
    };
    Task::asking().enumerate().map(task).collect()
}

/// Runs of nothing, with losses that are none, and longer than a screen is wide.
pub fn nasty_losses() -> Vec<(&'static str, usize, LossCurve)> {
    let mut diverged = loss_curve(600);
    diverged.loss[400..500].fill(f64::INFINITY);
    diverged.loss[500..].fill(f64::NAN);
    diverged.loss[100] = 0.0;
    diverged.accuracy[0].1.iter_mut().for_each(|task| task.trained = f64::NAN);
    diverged.accuracy[1].1.clear();
    let mut ragged = loss_curve(300);
    ragged.loss.truncate(20);
    vec![
        ("empty", 2000, LossCurve::default()),
        ("nothing planned", 0, LossCurve::default()),
        ("one step", 1, loss_curve(1)),
        ("diverged", 600, diverged),
        ("ragged", 100, ragged),
        ("long", 30_000, loss_curve(20_000)),
    ]
}

/// Accuracies of nothing, of lengths of nothing, and with shares that are none.
pub fn nasty_accuracies() -> Vec<(&'static str, Vec<Accuracy>)> {
    let mut holes = accuracy(1.0);
    holes[0].n[0] = 0;
    holes[1].exact.fill(f64::NAN);
    holes[2].exact.truncate(3);
    holes[3].exact.clear();
    holes[4].trained = f64::NAN;
    vec![("empty", vec![]), ("untrained", accuracy(0.0)), ("holes", holes)]
}
