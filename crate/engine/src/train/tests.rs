//! Training is real, and the same whether it was interrupted or not.

use super::*;
use crate::experiment::decode::decode;
use crate::progress::NoProgress;
use crate::weights::Array;
use glasses_contract::config::{FeedForward, Mix, Norm, Position, Sink, Tasks};
use glasses_contract::task::{Example, QuestionPosition, Task};

fn recipe(steps: usize) -> Experiment {
    let mut config = Experiment::default();
    (config.model.layers, config.model.heads, config.model.width) = (1, 2, 16);
    config.training = Training { tokens: 6, steps, examples: 16, rate: 0.01, ..Training::default() };
    config
}

fn run(trainer: &mut Trainer, steps: usize) {
    for _ in 0..steps {
        pollster::block_on(trainer.step(&NoProgress)).expect("a step");
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_loss() {
    let config = recipe(4);
    let trainer = Trainer::new(&config, &Device::flex()).expect("a recipe");
    let batches = Batch::split(batch::draw(&config.model, &config.training, 0), 64);
    let loss_at = |weights: &Weights| {
        let moved =
            Trainer { parameters: Parameters::new(weights, &trainer.spec), ..Trainer::new(&config, &Device::flex()).expect("a recipe") };
        let losses = batches.iter().map(|batch| pollster::block_on(moved.gradients(batch, &NoProgress)).expect("gradients").0).collect();
        pollster::block_on(device::read(losses)).expect("a loss").into_iter().flatten().sum::<f64>()
    };
    let weights = pollster::block_on(trainer.weights()).expect("weights");
    for name in ["embed.weight", "layers.0.attention.query.weight", "layers.0.feed_forward.up.bias", "final_norm.gain", "unembed.weight"] {
        // Along the gradient itself the slope is its squared norm.
        let gradients: Vec<_> = batches
            .iter()
            .map(|batch| pollster::block_on(trainer.gradients(batch, &NoProgress)).expect("gradients").1[name].clone())
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
    let bytes = pollster::block_on(first.checkpoint()).expect("a point").to_bytes("v=1").expect("bytes");
    let (checkpoint, link) = Checkpoint::from_bytes(&bytes).expect("a point");
    let mut second = Trainer::from_checkpoint(&config, &Device::flex(), checkpoint).expect("a recipe");
    assert_eq!((second.steps_done(), link.as_str()), (5, "v=1"));
    run(&mut second, 7);
    let weights = |trainer: &Trainer| pollster::block_on(trainer.weights()).expect("weights");
    assert!(weights(&whole) == weights(&second));
    assert!(whole.is_done() && weights(&whole) != weights(&first));
    assert!(Checkpoint::from_bytes(&bytes[..bytes.len() - 1]).is_err());
}

/// A recipe of two steps, changed.
fn with(change: fn(&mut Experiment)) -> Experiment {
    let mut config = recipe(2);
    change(&mut config);
    config
}

/// Where a run of a recipe is after so many steps.
fn checkpoint(config: &Experiment, steps: usize) -> Checkpoint {
    let mut trainer = Trainer::new(config, &Device::flex()).expect("a recipe");
    run(&mut trainer, steps);
    pollster::block_on(trainer.checkpoint()).expect("a point")
}

#[test]
fn every_model_has_moments_of_all_its_weights_from_the_first_step_on() {
    let configs = [
        recipe(2),
        with(|config| config.model.position = Position::Learned),
        with(|config| (config.model.attention.mix, config.model.attention.sink) = (Mix::Gated, Sink::Logit)),
        with(|config| config.model.attention.mix = Mix::Differential),
        with(|config| (config.model.block.feed_forward, config.model.norm) = (FeedForward::Off, Norm::Rms)),
    ];
    for config in configs {
        for steps in 0..=2 {
            let checkpoint = checkpoint(&config, steps);
            let (read, _) = Checkpoint::from_bytes(&checkpoint.to_bytes("v=1").expect("bytes")).expect("a state that a run can be in");
            assert!(read == checkpoint, "{config:?}");
            assert!(Trainer::from_checkpoint(&config, &Device::flex(), read).is_ok(), "{config:?}");
        }
    }
}

#[test]
fn a_state_that_no_run_can_be_in_is_refused_with_what_is_wrong() {
    const NAME: &str = "embed.weight";
    let good = checkpoint(&recipe(2), 1);
    let with_weights = |change: fn(&mut Array)| {
        let arrays = good.weights.arrays().map(|(name, array)| {
            let mut array = array.clone();
            if name == NAME {
                change(&mut array);
            }
            (name.to_string(), array)
        });
        Checkpoint { weights: Weights::from_arrays(arrays), ..good.clone() }
    };
    let with_moments = |change: fn(&mut BTreeMap<String, [Vec<f32>; 2]>)| {
        let mut checkpoint = good.clone();
        change(&mut checkpoint.moments);
        checkpoint
    };
    for (checkpoint, why) in [
        (with_moments(|moments| drop(moments.remove(NAME))), "“first_moment.embed.weight” is missing"),
        (with_moments(BTreeMap::clear), "is missing in it"),
        (with_moments(|moments| moments.get_mut(NAME).expect(NAME)[1].truncate(3)), "another length"),
        (with_moments(|moments| moments.get_mut(NAME).expect(NAME)[0][0] = f32::NAN), "finite"),
        (with_moments(|moments| drop(moments.insert("other".into(), Default::default()))), "no such weights"),
        (with_weights(|array| array.values[0] = f32::INFINITY), "finite"),
        (with_weights(|array| array.values.truncate(array.values.len() / 2)), "can't be read"),
        (Checkpoint { losses: vec![f64::NAN], ..good.clone() }, "finite"),
        (Checkpoint { losses: vec![], ..good.clone() }, "no step was taken"),
    ] {
        let refused = checkpoint.to_bytes("v=1").and_then(|bytes| Checkpoint::from_bytes(&bytes)).expect_err(why).to_string();
        assert!(refused.contains(why), "{refused}");
    }
    type Change = fn(&mut Experiment);
    let of_another: [(Change, &str); 3] = [
        (|config| config.model.width = 8, "another shape"),
        (|config| config.model.layers = 2, "missing"),
        (|config| config.model.block.feed_forward = FeedForward::Off, "which this model has not"),
    ];
    for (change, why) in of_another {
        let config = with(change);
        let refused = Trainer::from_checkpoint(&config, &Device::flex(), good.clone()).err().expect(why).to_string();
        assert!(refused.contains(why), "{refused}");
    }
    let longer = Trainer::from_checkpoint(&recipe(1), &Device::flex(), checkpoint(&recipe(2), 2)).err().expect("too many steps");
    assert!(longer.to_string().contains("2 steps, and the recipe has 1"), "{longer}");
}

#[test]
fn a_file_of_before_there_was_a_digest_is_refused() {
    let arrays = [("losses".to_string(), Array { shape: vec![0], values: vec![] })];
    let bytes = Weights::from_arrays(arrays).to_safetensors([("link".to_string(), "v=1".to_string())]).expect("bytes");
    let refused = Checkpoint::from_bytes(&bytes).expect_err("no digest").to_string();
    assert!(refused.contains("earlier version"), "{refused}");
}

#[test]
fn a_small_model_learns_to_count() {
    let config = recipe(300);
    let mut trainer = Trainer::new(&config, &Device::flex()).expect("a recipe");
    run(&mut trainer, 300);
    let weights = pollster::block_on(trainer.weights()).expect("weights");
    let transformer = Transformer::new(&config.model, &weights, &trainer.spec).expect("a model");
    let examples: Vec<_> =
        (1..=6).map(|n| Example::about(Task::Ones, QuestionPosition::Before, &"1".repeat(n)).expect("an example")).collect();
    assert_eq!(pollster::block_on(exact(&transformer, &examples, &NoProgress)).expect("answers"), [true; 6]);
    assert_eq!(pollster::block_on(decode(&transformer, &examples[3].prompt, 4, &NoProgress)).expect("an answer").text, "4");
    let accuracy = pollster::block_on(accuracy(&transformer, &config.training, &NoProgress)).expect("shares");
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
    assert!(
        matches!(Trainer::new(&config, &Device::flex()), Err(TrainingFailed::TooMuch(sentence)) if sentence.to_string().contains("minutes"))
    );
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
