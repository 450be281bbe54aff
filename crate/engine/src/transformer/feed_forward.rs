//! The feed-forward: down(GELU(up(x))), with a hidden layer four times as wide as the stream.

use super::{Loader, MissingWeights, project};
use crate::operation::gelu;
use crate::tap::Tap;
use burn::tensor::Tensor;
use glasses_contract::config::Model;
use glasses_contract::site::Site;

/// One feed-forward with its weights.
pub struct FeedForward {
    up: Tensor<2>,
    up_bias: Tensor<1>,
    down: Tensor<2>,
    down_bias: Tensor<1>,
}

impl FeedForward {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let (width, hidden) = (model.width, model.hidden_width());
        Ok(Self {
            up: loader.matrix("up.weight", [width, hidden])?,
            up_bias: loader.vector("up.bias", hidden)?,
            down: loader.matrix("down.weight", [hidden, width])?,
            down_bias: loader.vector("down.bias", width)?,
        })
    }

    /// What is added to the residual stream, [batch, rows, width]. GELU is x · Φ(x) with the exact Φ (Hendrycks and Gimpel 2016).
    pub fn forward(&self, layer: usize, x: Tensor<3>, tap: &mut impl Tap) -> Tensor<3> {
        let hidden = gelu(project(x, &self.up) + self.up_bias.clone().unsqueeze::<3>()); // [batch, rows, hidden]
        let hidden = tap.stream(Site::Hidden(layer), hidden);
        project(hidden, &self.down) + self.down_bias.clone().unsqueeze::<3>()
    }
}
