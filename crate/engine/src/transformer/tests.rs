//! The transformer says the same whether somebody looks into it or not.

use super::*;
use crate::device;
use crate::hook::{NoHook, Recorder};
use crate::progress::NoProgress;
use crate::weights::Weights;
use glasses_contract::config::{Mask, Mix, Position};
use std::cell::Cell;

#[test]
fn a_forward_says_the_same_whether_somebody_looks_into_it_or_not() {
    let spec = TensorSpec::single(&device::cpu().device);
    let (mut rotary, mut both_ways, mut gated) = (Model::default(), Model::default(), Model::default());
    rotary.position = Position::Rotary;
    both_ways.attention.mask = Mask::Bidirectional;
    gated.attention.mix = Mix::Gated;
    for model in [Model::default(), rotary, both_ways, gated] {
        let transformer = Transformer::new(&model, &Weights::draw(&model), &spec).expect("drawn weights fit");
        for length in [1, 37, 70] {
            let [first, second] = [3, 5].map(|step| (0..length).map(|i| Token(i % 7 * step % 20)).collect::<Vec<Token>>());
            let sequences: [&[Token]; 2] = [&first, &second];
            let mut recorder = Recorder::new(|_| true);
            let seen = pollster::block_on(transformer.read(&sequences, &mut recorder, &NoProgress)).expect("an uninterrupted forward");
            assert!((0..model.layers).all(|layer| !recorder.head_blocks(Site::Weights(layer)).is_empty()));
            let unseen = pollster::block_on(transformer.read(&sequences, &mut NoHook, &NoProgress)).expect("an uninterrupted forward");
            let difference = (unseen - seen).abs().max().into_scalar::<f32>();
            assert!(difference < 1e-5, "{length} {model:?}: {difference}");
        }
    }
}

/// Counts the layers that were begun since the last step.
struct Begun<'a>(&'a Cell<usize>);

impl Hook for Begun<'_> {
    fn stream(&mut self, site: Site, x: Tensor<3>) -> Tensor<3> {
        self.0.set(self.0.get() + usize::from(matches!(site, Site::AttentionNorm(_))));
        x
    }
}

impl Progress for Begun<'_> {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        assert!(self.0.replace(0) <= 1, "a layer has begun without a step behind the one before");
        Ok(())
    }
}

#[test]
fn a_step_comes_behind_every_layer() {
    let model = Model { layers: 5, ..Model::default() };
    let transformer =
        Transformer::new(&model, &Weights::draw(&model), &TensorSpec::single(&device::cpu().device)).expect("drawn weights fit");
    let tokens: Vec<Token> = (1..40).map(Token).collect();
    let begun = Cell::new(0);
    let read = pollster::block_on(transformer.read(&[&tokens], &mut Begun(&begun), &Begun(&begun)));
    assert!(read.is_ok() && begun.get() == 0);
}
