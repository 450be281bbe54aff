//! Training is real, and the same whether it was interrupted or not.

use super::*;
use crate::experiment::decode::decode;
use crate::progress::Uninterrupted;
use glasses_contract::config::Tasks;
use glasses_contract::task::{Asked, Example, Task};

fn recipe(steps: usize) -> Config {
    let mut config = Config::default();
    (config.model.layers, config.model.heads, config.model.width) = (1, 2, 16);
    config.training = Training { tokens: 6, steps, examples: 16, rate: 0.01, ..Training::default() };
    config
}

fn run(trainer: &mut Trainer, steps: usize) {
    for _ in 0..steps {
        pollster::block_on(trainer.step(&Uninterrupted)).expect("a step");
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_loss() {
    let config = recipe(4);
    let trainer = Trainer::new(&config, &Device::flex()).expect("a recipe");
    let batches = Batch::split(batch::draw(&config.model, &config.training, 0), 64);
    let loss_at = |weights: &Weights| {
        let moved =
            Trainer { parameters: Parameters::new(weights, &trainer.memory), ..Trainer::new(&config, &Device::flex()).expect("a recipe") };
        let losses = batches.iter().map(|batch| pollster::block_on(moved.gradients(batch, &Uninterrupted)).expect("gradients").0).collect();
        pollster::block_on(device::read(losses)).expect("a loss").into_iter().flatten().sum::<f64>()
    };
    let weights = pollster::block_on(trainer.weights()).expect("weights");
    for name in ["embed.weight", "layers.0.attention.query.weight", "layers.0.feed_forward.up.bias", "final_norm.gain", "unembed.weight"] {
        // Along the gradient itself the slope is its squared norm.
        let gradients: Vec<_> = batches
            .iter()
            .map(|batch| pollster::block_on(trainer.gradients(batch, &Uninterrupted)).expect("gradients").1[name].clone())
            .collect();
        let gradient = gradients.into_iter().reduce(|sum, next| sum + next).expect("a batch");
        let gradient = pollster::block_on(device::read(vec![gradient])).expect("numbers").remove(0);
        let square: f64 = gradient.iter().map(|x| x * x).sum();
        let step = 0.01 / square.sqrt();
        let moved = |sign: f64| {
            let arrays = weights.arrays().map(|(of, array)| {
                let mut array = array.clone();
                if of == name {
                    array.values.iter_mut().zip(&gradient).for_each(|(value, slope)| *value += (sign * step * slope) as f32);
                }
                (of.to_string(), array)
            });
            loss_at(&Weights::from_arrays(arrays))
        };
        let slope = (moved(1.0) - moved(-1.0)) / (2.0 * step);
        assert!((slope / square - 1.0).abs() < 0.01, "{name}: {slope} {square}");
    }
}

#[test]
fn an_interrupted_run_ends_in_the_same_weights_bit_for_bit() {
    let config = recipe(12);
    let mut whole = Trainer::new(&config, &Device::flex()).expect("a recipe");
    run(&mut whole, 12);
    let mut first = Trainer::new(&config, &Device::flex()).expect("a recipe");
    run(&mut first, 5);
    let bytes = pollster::block_on(first.point()).expect("a point").to_bytes("v=1").expect("bytes");
    let (point, link) = Point::from_bytes(&bytes).expect("a point");
    let mut second = Trainer::from_point(&config, &Device::flex(), point).expect("a recipe");
    assert_eq!((second.steps_done(), link.as_str()), (5, "v=1"));
    run(&mut second, 7);
    let weights = |trainer: &Trainer| pollster::block_on(trainer.weights()).expect("weights");
    assert!(weights(&whole) == weights(&second));
    assert!(whole.is_done() && weights(&whole) != weights(&first));
    assert!(Point::from_bytes(&bytes[..bytes.len() - 1]).is_err());
}

#[test]
fn a_small_model_learns_to_count() {
    let config = recipe(300);
    let mut trainer = Trainer::new(&config, &Device::flex()).expect("a recipe");
    run(&mut trainer, 300);
    let weights = pollster::block_on(trainer.weights()).expect("weights");
    let transformer = Transformer::new(&config.model, weights, &trainer.memory).expect("a model");
    let examples: Vec<_> = (1..=6).map(|n| Example::about(Task::Ones, Asked::Before, &"1".repeat(n)).expect("an example")).collect();
    assert_eq!(pollster::block_on(exact(&transformer, &examples, &Uninterrupted)).expect("answers"), [true; 6]);
    assert_eq!(pollster::block_on(decode(&transformer, &examples[3].prompt, 4, &Uninterrupted)).expect("an answer").said, "4");
    let accuracy = pollster::block_on(accuracy(&transformer, &config.training, &Uninterrupted)).expect("shares");
    assert_eq!((accuracy[0].trained, accuracy[0].exact[0], accuracy[0].n.last()), (1.0, 1.0, Some(&512)));
    // What it was trained on it can; what is far beyond it can't.
    assert_eq!(accuracy[0].exact.last(), Some(&0.0));
    let losses = trainer.losses();
    assert!(losses[299] < 0.1 * losses[0], "{} {}", losses[0], losses[299]);
}

#[test]
fn without_a_task_there_is_nothing_to_learn() {
    let mut config = recipe(1);
    config.training.tasks = Tasks::NONE;
    assert!(matches!(Trainer::new(&config, &Device::flex()), Err(TrainingFailed::NoTask)));
}

#[test]
fn what_looks_ahead_is_not_trained_to_say_what_it_sees() {
    let mut config = recipe(1);
    config.model.attention.mask = Mask::Bidirectional;
    assert!(matches!(Trainer::new(&config, &Device::flex()), Err(TrainingFailed::LooksAhead)));
}

#[test]
fn what_takes_minutes_a_step_is_refused_before_anything_is_computed() {
    let mut config = recipe(1);
    (config.model.layers, config.model.heads, config.model.width) = (16, 16, 512);
    (config.training.tokens, config.training.examples) = (256, 1024);
    assert!(matches!(Trainer::new(&config, &Device::flex()), Err(TrainingFailed::TooMuch(sentence)) if sentence.contains("minutes")));
}

/// Says stop after so many steps of progress.
struct StopAfter(std::cell::Cell<usize>);

impl Progress for StopAfter {
    async fn step(&self, _: f32) -> Result<(), Stopped> {
        self.0.set(self.0.get().saturating_sub(1));
        if self.0.get() == 0 { Err(Stopped) } else { Ok(()) }
    }
}

#[test]
fn a_step_that_is_stopped_on_its_way_is_taken_again_with_the_same_numbers() {
    let mut config = recipe(4);
    config.model.layers = 3;
    let [mut whole, mut stopped] = [(); 2].map(|()| Trainer::new(&config, &Device::flex()).expect("a recipe"));
    run(&mut whole, 2);
    run(&mut stopped, 1);
    // Three blocks forward and three backward: it stops at each of them.
    for steps in 1..=6 {
        let progress = StopAfter(steps.into());
        assert!(matches!(pollster::block_on(stopped.step(&progress)), Err(TrainingFailed::Stopped)), "{steps}");
    }
    run(&mut stopped, 1);
    let weights = |trainer: &Trainer| pollster::block_on(trainer.weights()).expect("weights");
    assert!(weights(&whole) == weights(&stopped) && whole.losses() == stopped.losses());
}
