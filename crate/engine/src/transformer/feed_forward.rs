//! The feed-forward: down(GELU(up(x))), or down(SiLU(gate(x)) · up(x)).

use super::linear::Linear;
use super::loader::{Loader, MissingWeights};
use super::parameter::{Parameter, block_stream, extra_stream};
use crate::hook::Hook;
use crate::operation::{Epilogue, gelu_slope};
use crate::progress::{Stopped, Work};
use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, silu};
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

impl Up {
    /// Columns of its product.
    fn outputs(&self) -> usize {
        match self {
            Self::Gelu { weight, .. } | Self::SwiGlu { weight } => weight.outputs(),
        }
    }
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

    /// What is added to the residual stream, [batch, rows, width]; with `residual`, the stream after it.
    pub async fn forward(
        &self,
        layer: usize,
        x: Tensor<3>,
        residual: Option<Tensor<3>>,
        hook: &mut dyn Hook,
        work: &Work<'_>,
    ) -> Result<Tensor<3>, Stopped> {
        let (hidden, behind) = match &self.up {
            Up::Gelu { weight, bias, bias_behind } => {
                (weight.forward_into(x, Epilogue::gelu(bias), work).await?, Epilogue::bias(bias_behind))
            }
            Up::SwiGlu { weight } => {
                let [gate, value] = halves(weight.forward(x, work).await?);
                (silu(gate) * value, Epilogue::default())
            }
        }; // [batch, rows, hidden]
        self.down.forward_into(hook.stream(Site::Hidden(layer), hidden), behind.and_residual(residual), work).await
    }

    /// The cotangents of x [1, rows, width] from those of what is added [count, rows, width].
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn vjp(&self, x: Tensor<3>, cotangent: Tensor<3>, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        let width = cotangent.dims()[2];
        let of_hidden = self.down.vjp(0..width, cotangent, work).await?;
        self.vjp_of_hidden(x, of_hidden, work).await
    }

    /// The Jacobian of what is added for each row of x [1, rows, width] by itself: the cotangents of x from all unit vectors, [width, rows, width].
    ///
    /// # Errors
    /// If `work` says stop.
    pub(super) async fn jacobian(&self, x: Tensor<3>, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        let of_hidden = self.down.columns(0..self.down.outputs()).transpose().unsqueeze_dim::<3>(1); // [width, 1, hidden]
        self.vjp_of_hidden(x, of_hidden, work).await
    }

    /// Whether, for so many cotangents of a row in all, it is less work to make that Jacobian and to multiply them with it than to send each of them back.
    pub(super) fn pays_jacobian(&self, cotangents: usize) -> bool {
        let (width, up) = (self.down.outputs(), self.up.outputs());
        width * up + cotangents * width < cotangents * (self.hidden() + up)
    }

    /// Floating-point operations of that Jacobian for so many rows.
    pub(super) fn flop_of_jacobian(&self, rows: usize) -> u64 {
        2 * (rows * self.down.outputs() * self.up.outputs() * self.down.outputs()) as u64
    }

    /// Width of the hidden layer.
    pub(super) fn hidden(&self) -> usize {
        self.down.inputs()
    }

    /// The cotangents of x [1, rows, width] from those of the hidden layer [count, rows or 1, hidden].
    async fn vjp_of_hidden(&self, x: Tensor<3>, cotangent: Tensor<3>, work: &Work<'_>) -> Result<Tensor<3>, Stopped> {
        let hidden = self.hidden();
        match &self.up {
            Up::Gelu { weight, bias, .. } => {
                let slope = gelu_slope(weight.forward(x, work).await? + bias.clone().unsqueeze::<3>()); // [1, rows, hidden]
                weight.vjp(0..hidden, cotangent * slope, work).await
            }
            Up::SwiGlu { weight } => {
                let [gate, value] = halves(weight.forward(x, work).await?);
                let both = [silu_slope(gate.clone()) * value, silu(gate)].map(|slope| cotangent.clone() * slope);
                weight.vjp(0..2 * hidden, Tensor::cat(both.into(), 2), work).await
            }
        }
    }
}

/// Gate and value, which stand side by side: [batch, rows, 2 · hidden] to twice [batch, rows, hidden].
fn halves(both: Tensor<3>) -> [Tensor<3>; 2] {
    let hidden = both.dims()[2] / 2;
    [both.clone().narrow(2, 0, hidden), both.narrow(2, hidden, hidden)]
}

/// SiLU′(x) = σ(x) (1 + x (1 − σ(x))).
fn silu_slope(x: Tensor<3>) -> Tensor<3> {
    let share = sigmoid(x.clone());
    share.clone() + x * (share.clone() - share.square())
}
