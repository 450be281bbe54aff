//! The products of every module are those of the tape, and of central differences.

use super::*;
use crate::device::{self, TensorSpec};
use crate::hook::NoHook;
use crate::operation::Outputs;
use crate::precision::Rounding;
use crate::progress::NoProgress;
use crate::tokenizer::Characters;
use crate::transformer::layered::{Tapes, along};
use crate::transformer::{Source, Stored};
use crate::weights::Weights;
use burn::tensor::DType;
use glasses_contract::Choice;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{
    Activation, Architecture, Attention, Cap, FeedForward, Format, Formats, Mask, Mix, Model, Norm, Position, Reach, Residual, RotaryPairs,
    Scale, Sink, Unembedding, Weigh,
};
use std::ops::Range;
use std::rc::Rc;

const TOKENS: usize = 7;

/// Holds the attention weights fixed on a tape.
struct FrozenAttention;

impl Hook for FrozenAttention {
    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        match site {
            Site::Weights(_) => x.detach(),
            _ => x,
        }
    }
}

/// A small model, changed.
fn model(change: impl FnOnce(&mut Model)) -> Model {
    let mut model = Model { layers: 2, heads: 2, width: 8, seed: 3, ..Model::default() };
    change(&mut model);
    model
}

fn attention(change: impl FnOnce(&mut Attention)) -> Model {
    model(|model| change(&mut model.attention))
}

fn architecture(change: impl FnOnce(&mut Architecture)) -> Model {
    model(|model| {
        model.position = Position::Rotary;
        change(&mut model.architecture);
    })
}

/// What language models have in another way, each alone and all at once.
fn of_language_models() -> Vec<Model> {
    let language_model = |architecture: &mut Architecture| {
        (architecture.activation, architecture.hidden_width, architecture.key_value_heads) = (Activation::SwiGlu, Some(12), Some(2));
        (architecture.rotary_pairs, architecture.rotary_base) = (RotaryPairs::Adjacent, 100.0);
        (architecture.unembedding, architecture.norm_epsilon) = (Unembedding::Tied, 0.1);
    };
    let mut all = vec![
        architecture(|architecture| architecture.activation = Activation::SwiGlu),
        architecture(|architecture| architecture.hidden_width = Some(12)),
        architecture(|architecture| architecture.key_value_heads = Some(1)),
        architecture(|architecture| architecture.rotary_pairs = RotaryPairs::Adjacent),
        architecture(|architecture| architecture.norm_epsilon = 0.1),
        architecture(|architecture| architecture.unembedding = Unembedding::Tied),
    ];
    for (norm, mix) in [(Norm::Rms, Mix::Plain), (Norm::Layer, Mix::Gated), (Norm::Rms, Mix::Differential)] {
        let mut all_at_once = architecture(language_model);
        (all_at_once.heads, all_at_once.width, all_at_once.norm, all_at_once.attention.mix) = (4, 16, norm, mix);
        all.push(all_at_once);
    }
    all
}

/// Each member of each slot beside plain ones, and members that act upon each other.
fn models() -> Vec<Model> {
    let mut all = vec![model(|_| ())];
    all.extend(Position::ALL.iter().copied().map(|position| model(|model| (model.position, model.rotary_share) = (position, 0.5))));
    all.extend(Norm::ALL.iter().copied().map(|norm| model(|model| model.norm = norm)));
    for (residual, feed_forward) in [(Residual::Off, FeedForward::On), (Residual::On, FeedForward::Off), (Residual::Off, FeedForward::Off)]
    {
        all.push(model(|model| (model.block.residual, model.block.feed_forward) = (residual, feed_forward)));
    }
    all.extend(Cap::ALL.iter().copied().map(|cap| attention(|slots| (slots.cap, slots.cap_at) = (cap, 1.0))));
    all.extend(Mask::ALL.iter().copied().map(|mask| attention(|slots| slots.mask = mask)));
    all.extend(Reach::ALL.iter().copied().map(|reach| attention(|slots| (slots.reach, slots.window) = (reach, 3))));
    // Rows below and above a reference length.
    all.extend(Scale::ALL.iter().copied().map(|scale| attention(|slots| (slots.scale, slots.reference_length) = (scale, 3))));
    for weigh in Weigh::ALL.iter().copied() {
        all.extend(Sink::ALL.iter().copied().map(|sink| attention(|slots| (slots.weigh, slots.sink) = (weigh, sink))));
        all.extend(Mix::ALL.iter().copied().map(|mix| attention(|slots| (slots.weigh, slots.mix) = (weigh, mix))));
        all.push(attention(|slots| (slots.weigh, slots.mask, slots.scale) = (weigh, Mask::Bidirectional, Scale::Adaptive)));
    }
    all.push(attention(|slots| (slots.weigh, slots.entmax_alpha, slots.sink) = (Weigh::Entmax, 2.0, Sink::Zero)));
    let mut all_at_once = attention(|slots| {
        (slots.cap, slots.cap_at, slots.scale, slots.sink) = (Cap::Soft, 2.0, Scale::Adaptive, Sink::Logit);
        (slots.mix, slots.reach, slots.window) = (Mix::Differential, Reach::Alternating, 4);
    });
    (all_at_once.position, all_at_once.norm) = (Position::Rotary, Norm::Rms);
    all.push(all_at_once);
    all.extend(of_language_models());
    all
}

fn tokens() -> Vec<Token> {
    (0..TOKENS as u32).map(|at| Token(at * 5 % 9)).collect()
}

fn transformer(model: &Model, spec: &TensorSpec) -> Transformer {
    Transformer::new(model, &Weights::draw(model), spec).expect("drawn weights fit")
}

fn numbers(x: Tensor<3>) -> Vec<f64> {
    x.cast(DType::F64).into_data().try_to_vec::<f64>().expect("a tensor of f64")
}

/// Cotangents without a pattern, [count, 1, width].
fn cotangents(model: &Model, spec: &TensorSpec) -> Tensor<3> {
    spec.floats((0..3 * model.width).map(|at| ((at * 29 % 17) as f64 - 8.0) / 8.0), [3, 1, model.width])
}

/// The products, [count, tokens, width].
fn products(transformer: &Transformer, x: Tensor<3>, through: Through, hook: &mut dyn Hook) -> Vec<f64> {
    let cotangents = cotangents(transformer.model(), transformer.spec());
    let found = async {
        let linearized = transformer.linearized(x, hook, &NoProgress).await.expect("an uninterrupted forward");
        let work = Work::new(&NoProgress, linearized.flop(3));
        linearized.vjp(cotangents, through, hook, &work).await.expect("uninterrupted")
    };
    numbers(pollster::block_on(found))
}

/// The same by a tape.
fn by_tape(transformer: &Transformer, x: Tensor<3>, hook: &mut dyn Hook) -> Vec<f64> {
    let cotangents = cotangents(transformer.model(), transformer.spec());
    let work = Work::new(&NoProgress, 1);
    let found = async {
        let (tapes, rows) =
            Tapes::record(transformer, transformer.from_embedding(x.repeat_dim(0, 3)), hook, &work).await.expect("uninterrupted");
        let leaving = rows.x.clone();
        let y = transformer.output(rows, hook).narrow(1, TOKENS - 1, 1);
        let mut gradients = along(y, cotangents).backward();
        let gradient = leaving.grad_remove(&mut gradients).expect("a gradient");
        tapes.backward(gradient, &work, |_| {}).await.expect("a gradient")
    };
    numbers(pollster::block_on(found))
}

fn embedded(transformer: &Transformer, hook: &mut dyn Hook) -> Tensor<3> {
    transformer.embed(&[&tokens()], &[0], hook).x
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, of: &Model) {
    let size = expected.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < tolerance * size, "{found} {expected} of {size}: {of:?}");
    }
}

#[test]
fn products_are_those_of_the_tape_with_attention_free_and_held_fixed() {
    // Those of a tape in f64 differ from these by rounding and by what entmax's last step leaves.
    let spec = TensorSpec::double(&device::cpu().device);
    for model in models() {
        let transformer = transformer(&model, &spec);
        let x = embedded(&transformer, &mut NoHook);
        let all = products(&transformer, x.clone(), Through::All, &mut NoHook);
        assert_close(&all, &by_tape(&transformer, x.clone(), &mut NoHook), 1e-9, &model);
        let values = products(&transformer, x.clone(), Through::Values, &mut NoHook);
        assert_close(&values, &by_tape(&transformer, x, &mut FrozenAttention), 1e-9, &model);
    }
}

#[test]
fn products_are_those_of_central_differences() {
    let spec = TensorSpec::double(&device::cpu().device);
    for model in models() {
        let transformer = transformer(&model, &spec);
        let x = embedded(&transformer, &mut NoHook);
        let found = products(&transformer, x.clone(), Through::All, &mut NoHook);
        let cotangents = numbers(cotangents(&model, &spec));
        let width = model.width;
        let start = numbers(x);
        let y = |x: Vec<f64>| {
            let rows = transformer.from_embedding(spec.floats(x, [1, TOKENS, width]));
            let rows = pollster::block_on(transformer.blocks(rows, None, &mut NoHook, &NoProgress)).expect("uninterrupted");
            numbers(transformer.output(rows, &mut NoHook).narrow(1, TOKENS - 1, 1))
        };
        let step = 1e-5;
        for at in (0..TOKENS * width).step_by(5) {
            let moved = |by: f64| y(start.iter().enumerate().map(|(index, x)| if index == at { x + by } else { *x }).collect());
            let slope: Vec<f64> = moved(step).iter().zip(moved(-step)).map(|(above, below)| (above - below) / (2.0 * step)).collect();
            let expected: Vec<f64> =
                cotangents.chunks(width).map(|cotangent| cotangent.iter().zip(&slope).map(|(r, slope)| r * slope).sum()).collect();
            let found: Vec<f64> = found.iter().skip(at).step_by(TOKENS * width).copied().collect();
            assert_close(&found, &expected, 1e-6, &model);
        }
    }
}

#[test]
fn rounding_counts_as_the_identity_in_every_format() {
    let spec = TensorSpec::single(&device::cpu().device);
    for format in [Format::Bf16, Format::Fp16, Format::E4m3] {
        for mut model in [model(|_| ()), attention(|slots| (slots.mix, slots.sink) = (Mix::Differential, Sink::Logit))] {
            (model.formats.activations, model.formats.attention) = (format, format);
            let transformer = transformer(&model, &spec);
            let mut rounding = Rounding::of(&model.formats);
            let x = embedded(&transformer, &mut rounding);
            let found = products(&transformer, x.clone(), Through::All, &mut rounding);
            assert_close(&found, &by_tape(&transformer, x.clone(), &mut rounding.straight_through()), 1e-5, &model);
            let values = products(&transformer, x.clone(), Through::Values, &mut rounding);
            assert_close(&values, &by_tape(&transformer, x, &mut (rounding.straight_through(), FrozenAttention)), 1e-5, &model);
        }
    }
}

#[test]
fn what_goes_back_in_several_blocks_of_rows_is_the_same() {
    let spec = TensorSpec::double(&device::cpu().device);
    let grouped = architecture(|architecture| architecture.key_value_heads = Some(1));
    for model in [model(|_| ()), attention(|slots| (slots.mix, slots.reach) = (Mix::Gated, Reach::Local)), grouped] {
        let transformer = transformer(&model, &spec);
        let tokens: Vec<Token> = (0..150).map(|at| Token(at * 5 % 9)).collect();
        let x = transformer.embed(&[&tokens], &[0], &mut NoHook).x;
        let few = cotangents(&model, &spec);
        let found = async {
            let linearized = transformer.linearized(x, &mut NoHook, &NoProgress).await.expect("an uninterrupted forward");
            let work = Work::new(&NoProgress, linearized.flop(70));
            let at_once = linearized.vjp(few.clone(), Through::All, &mut NoHook, &work).await.expect("uninterrupted");
            let many = linearized.vjp(few.repeat_dim(0, 70), Through::All, &mut NoHook, &work).await.expect("uninterrupted");
            (numbers(at_once), numbers(many.narrow(0, 207, 3)))
        };
        let (at_once, many) = pollster::block_on(found);
        assert_close(&many, &at_once, 1e-12, &model);
    }
}

#[test]
fn with_jacobians_of_feed_forwards_made_beforehand_the_products_are_the_same() {
    let spec = TensorSpec::double(&device::cpu().device);
    for model in models() {
        let transformer = transformer(&model, &spec);
        let few = cotangents(&model, &spec);
        for through in [Through::All, Through::Values] {
            let found = async {
                let x = embedded(&transformer, &mut NoHook);
                let mut linearized = transformer.linearized(x, &mut NoHook, &NoProgress).await.expect("an uninterrupted forward");
                let work = Work::new(&NoProgress, linearized.flop(3));
                let before = linearized.vjp(few.clone(), through, &mut NoHook, &work).await.expect("uninterrupted");
                linearized.prepare(3, &NoProgress).await.expect("uninterrupted");
                assert!(linearized.layers.iter().all(|stages| stages.jacobian.is_none()), "it does not pay for so few");
                linearized.prepare(2 * model.width, &NoProgress).await.expect("uninterrupted");
                let made = linearized.layers.iter().filter(|stages| stages.jacobian.is_some()).count();
                assert_eq!(made, if model.block.feed_forward == FeedForward::On { model.layers - 1 } else { 0 }, "{model:?}");
                let after = linearized.vjp(few.clone(), through, &mut NoHook, &work).await.expect("uninterrupted");
                (numbers(before), numbers(after))
            };
            let (before, after) = pollster::block_on(found);
            assert_close(&after, &before, 1e-12, &model);
        }
    }
}

/// Drawn weights whose matrices are read while rows are multiplied with them.
struct BlockByBlock(Weights);

impl Source for BlockByBlock {
    fn flat(&self, name: &str, shape: &[usize], formats: &Formats, spec: &TensorSpec) -> Option<Tensor<1>> {
        self.0.flat(name, shape, formats, spec)
    }

    fn is_trained(&self) -> bool {
        false
    }
}

impl Stored for BlockByBlock {
    fn outputs(self: Rc<Self>, name: &str, [inputs, outputs]: [usize; 2], formats: &Formats) -> Option<Box<dyn Outputs>> {
        let is_embedding = name == "embed.weight";
        let shape = if is_embedding { [outputs, inputs] } else { [inputs, outputs] };
        let matrix = self.flat(name, &shape, formats, &TensorSpec::single(&device::cpu().device))?.reshape(shape);
        let matrix = if is_embedding { matrix } else { matrix.transpose() };
        let weights = matrix.into_data().try_to_vec::<f32>().ok()?;
        Some(Box::new(move |of: Range<usize>, read: &mut [f32]| read.copy_from_slice(&weights[of.start * inputs..of.end * inputs])))
    }
}

#[test]
fn blocks_that_stay_where_they_are_stored_have_the_same_products() {
    let spec = TensorSpec::double(&device::cpu().device);
    for model in of_language_models() {
        let held = transformer(&model, &spec);
        let stored = Rc::new(BlockByBlock(Weights::draw(&model)));
        let stored = Transformer::stored(&model, stored, Rc::new(Characters), &spec).expect("drawn weights fit");
        let [of_held, of_stored] =
            [&held, &stored].map(|transformer| products(transformer, embedded(transformer, &mut NoHook), Through::All, &mut NoHook));
        assert_eq!(of_stored, of_held, "{model:?}");
    }
}
