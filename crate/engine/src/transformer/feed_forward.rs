//! The feed-forward: down(GELU(up(x))), or down(SiLU(gate(x)) · up(x)).

use super::linear::Linear;
use super::loader::{Loader, MissingWeights};
use super::parameter::{Parameter, block_stream, extra_stream};
use crate::hook::Hook;
use crate::operation::gelu;
use crate::progress::{Progress, Stopped, Work};
use burn::tensor::Tensor;
use burn::tensor::activation::silu;
use glasses_contract::config::{Activation, Model};
use glasses_contract::site::Site;

/// What a layer's feed-forward has.
pub(super) fn parameters(model: &Model, layer: usize) -> Vec<Parameter> {
    let (width, hidden) = (model.width, model.hidden_width());
    let up = Parameter::matrix("up.weight", [width, hidden], block_stream(layer, 4));
    let down = Parameter::matrix("down.weight", [hidden, width], block_stream(layer, 5));
    match model.architecture.activation {
        Activation::Gelu => {
            vec![up, Parameter::constant("up.bias", hidden, 0.0), down, Parameter::constant("down.bias", width, 0.0)]
        }
        Activation::SwiGlu => vec![Parameter::matrix("gate.weight", [width, hidden], extra_stream(layer, 3)), up, down],
    }
}

/// One feed-forward with its weights.
pub struct FeedForward {
    up: Up,
    down: Linear,
}

/// What makes the hidden layer. One member for each [`Activation`].
// A handful of these live at a time, and a box would be one more thing to follow.
#[allow(clippy::large_enum_variant)]
enum Up {
    /// GELU is x · Φ(x) with the exact Φ.
    Gelu { weight: Linear, bias: Tensor<1>, bias_behind: Tensor<1> },
    /// Gate and value side by side, [width, 2 · hidden]: one product is quicker than two. SiLU is x · σ(x).
    SwiGlu { weight: Linear },
}

impl FeedForward {
    pub(super) fn new(model: &Model, loader: &Loader<'_>) -> Result<Self, MissingWeights> {
        let up = match model.architecture.activation {
            Activation::Gelu => Up::Gelu {
                weight: loader.linear(&["up.weight"])?,
                bias: loader.tensor("up.bias")?,
                bias_behind: loader.tensor("down.bias")?,
            },
            Activation::SwiGlu => Up::SwiGlu { weight: loader.linear(&["gate.weight", "up.weight"])? },
        };
        Ok(Self { up, down: loader.linear(&["down.weight"])? })
    }

    /// What is added to the residual stream, [batch, rows, width].
    pub async fn forward(
        &self,
        layer: usize,
        x: Tensor<3>,
        hook: &mut impl Hook,
        work: &Work<'_, impl Progress>,
    ) -> Result<Tensor<3>, Stopped> {
        let hidden = match &self.up {
            Up::Gelu { weight, bias, .. } => gelu(weight.forward(x, work).await? + bias.clone().unsqueeze::<3>()),
            Up::SwiGlu { weight } => {
                let both = weight.forward(x, work).await?; // [batch, rows, 2 · hidden]
                let hidden = both.dims()[2] / 2;
                silu(both.clone().narrow(2, 0, hidden)) * both.narrow(2, hidden, hidden)
            }
        }; // [batch, rows, hidden]
        let down = self.down.forward(hook.stream(Site::Hidden(layer), hidden), work).await?;
        Ok(match &self.up {
            Up::Gelu { bias_behind, .. } => down + bias_behind.clone().unsqueeze::<3>(),
            Up::SwiGlu { .. } => down,
        })
    }
}
