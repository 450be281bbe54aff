//! The sink: a place that takes attention without giving a value.

use crate::transformer::loader::{Loader, MissingWeights};
use crate::transformer::parameter::Parameter;
use burn::tensor::Tensor;
use glasses_contract::config::{self, Model};

/// The score of a sink that has one.
pub(super) fn parameters(model: &Model) -> Option<Parameter> {
    let score = model.attention.sink_logit as f32;
    (model.attention.sink == config::Sink::Logit).then(|| Parameter::constant("sink.logit", model.heads, score))
}

/// A further score for every query: the exponential of it joins the softmax's denominator, and nothing else does.
pub(super) struct Sink {
    /// One score a head, [1, maps · head, 1, 1].
    logit: Tensor<4>,
}

impl Sink {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Option<Self>, MissingWeights> {
        let (heads, maps) = (model.heads, model.attention.maps());
        let logit = match model.attention.sink {
            config::Sink::None => return Ok(None),
            // A key of zeros scores zero, and its value is zero: softmax off by one.
            config::Sink::Zero => loader.spec.floats(vec![0.0; heads], [heads]),
            config::Sink::Logit => loader.tensor("sink.logit")?,
        };
        Ok(Some(Self { logit: logit.repeat_dim(0, maps).reshape([1, maps * heads, 1, 1]) }))
    }

    /// Weights over the keys and the sink, by a function of all their scores; the sink's weight is dropped.
    pub(super) fn beside(&self, scores: Tensor<4>, weigh: impl Fn(Tensor<4>) -> Tensor<4>) -> Tensor<4> {
        let keys = scores.dims()[3];
        weigh(self.joined(scores)).narrow(3, 0, keys)
    }

    /// The scores of the keys and, behind them, of the sink.
    pub(super) fn joined(&self, scores: Tensor<4>) -> Tensor<4> {
        let [batch, heads, rows, _] = scores.dims();
        Tensor::cat(vec![scores, self.logit.clone().expand([batch, heads, rows, 1])], 3)
    }
}
