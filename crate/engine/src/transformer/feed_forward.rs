//! The feed-forward: down(GELU(up(x))), with a hidden layer four times as wide as the stream.

use super::linear::Linear;
use super::loader::{Loader, MissingWeights};
use super::parameter::{Parameter, block_stream};
use crate::hook::Hook;
use crate::operation::{gelu, gelu_slope};
use crate::progress::{Progress, Stopped, Work};
use burn::tensor::Tensor;
use glasses_contract::config::Model;
use glasses_contract::site::Site;

/// What a layer's feed-forward has.
pub(super) fn parameters(model: &Model, layer: usize) -> [Parameter; 4] {
    let (width, hidden) = (model.width, model.hidden_width());
    [
        Parameter::matrix("up.weight", [width, hidden], block_stream(layer, 4)),
        Parameter::constant("up.bias", hidden, 0.0),
        Parameter::matrix("down.weight", [hidden, width], block_stream(layer, 5)),
        Parameter::constant("down.bias", width, 0.0),
    ]
}

/// One feed-forward with its weights.
pub struct FeedForward {
    up: Linear,
    up_bias: Tensor<1>,
    down: Linear,
    down_bias: Tensor<1>,
}

impl FeedForward {
    pub(super) fn new(loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        Ok(Self {
            up: loader.linear(&["up.weight"])?,
            up_bias: loader.tensor("up.bias")?,
            down: loader.linear(&["down.weight"])?,
            down_bias: loader.tensor("down.bias")?,
        })
    }

    /// What is added to the residual stream, [batch, rows, width]. GELU is x · Φ(x) with the exact Φ (Hendrycks and Gimpel 2016).
    pub async fn forward(
        &self,
        layer: usize,
        x: Tensor<3>,
        hook: &mut impl Hook,
        work: &Work<'_, impl Progress>,
    ) -> Result<Tensor<3>, Stopped> {
        let hidden = gelu(self.up.forward(x, work).await? + self.up_bias.clone().unsqueeze::<3>()); // [batch, rows, hidden]
        let hidden = hook.stream(Site::Hidden(layer), hidden);
        Ok(self.down.forward(hidden, work).await? + self.down_bias.clone().unsqueeze::<3>())
    }

    /// The cotangents of x [1, rows, width] from those of what is added [count, rows, width].
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn vjp(&self, x: Tensor<3>, cotangent: Tensor<3>, work: &Work<'_, impl Progress>) -> Result<Tensor<3>, Stopped> {
        let [width, hidden] = [self.up.inputs(), self.down.inputs()];
        let slope = gelu_slope(self.up.forward(x, work).await? + self.up_bias.clone().unsqueeze::<3>()); // [1, rows, hidden]
        let cotangent = self.down.vjp(0..width, cotangent, work).await? * slope;
        self.up.vjp(0..hidden, cotangent, work).await
    }
}
