//! The same transformer as one writes it first: softmax, norm, mask and head transposes as operations of their own. The yardstick of the
//! engine's speed, on the same weights, so that the two can be compared number by number too.

use burn::tensor::activation::gelu;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use glasses_contract::alphabet::Token;
use glasses_contract::config::Model;
use glasses_engine::weights::Weights;

/// A plain model without positions, with layer norm.
pub struct Naive {
    model: Model,
    weights: Vec<Layer>,
    embed: Tensor<2>,
    device: Device,
}

struct Layer {
    query: Tensor<2>,
    key: Tensor<2>,
    value: Tensor<2>,
    output: Tensor<2>,
    up: Tensor<2>,
    down: Tensor<2>,
}

impl Naive {
    /// The model of these weights; gains are one and biases zero, as they are drawn.
    pub fn new(model: &Model, device: &Device) -> Self {
        let weights = Weights::draw(model);
        let matrix = |name: &str| {
            let (shape, values) = weights.get(name).map(|array| (array.shape.clone(), array.values.clone())).unwrap_or_default();
            Tensor::<2>::from_data(TensorData::new(values, shape), device)
        };
        let layer = |layer: usize| {
            let of = |name: &str| matrix(&format!("layers.{layer}.{name}.weight"));
            Layer {
                query: of("attention.query"),
                key: of("attention.key"),
                value: of("attention.value"),
                output: of("attention.output"),
                up: of("feed_forward.up"),
                down: of("feed_forward.down"),
            }
        };
        Self {
            model: model.clone(),
            weights: (0..model.layers).map(layer).collect(),
            embed: matrix("embed.weight"),
            device: device.clone(),
        }
    }

    /// The representations after the last norm, [1, tokens, width].
    pub fn forward(&self, tokens: &[Token]) -> Tensor<3> {
        let ids: Vec<i32> = tokens.iter().map(|token| token.0 as i32).collect();
        let ids = Tensor::<1, Int>::from_data(TensorData::new(ids, [tokens.len()]), &self.device);
        let mut x = self.embed.clone().select(0, ids).unsqueeze::<3>();
        let hidden: Tensor<2, Bool> = Tensor::<2>::ones([tokens.len(), tokens.len()], &self.device).triu(1).equal_elem(1.0);
        for layer in &self.weights {
            x = x.clone() + self.attention(layer, norm(x), &hidden);
            let normed = norm(x.clone());
            x = x + gelu(normed.matmul(layer.up.clone().unsqueeze::<3>())).matmul(layer.down.clone().unsqueeze::<3>());
        }
        norm(x)
    }

    fn attention(&self, layer: &Layer, x: Tensor<3>, hidden: &Tensor<2, Bool>) -> Tensor<3> {
        let [batch, rows, width] = x.dims();
        let (heads, head_width) = (self.model.heads, self.model.head_width());
        let split = |weight: &Tensor<2>| {
            x.clone().matmul(weight.clone().unsqueeze::<3>()).reshape([batch, rows, heads, head_width]).swap_dims(1, 2)
        };
        let (query, key, value) = (split(&layer.query), split(&layer.key), split(&layer.value));
        let scores = query.matmul(key.transpose()).div_scalar((head_width as f64).sqrt());
        let scores = scores.mask_fill(hidden.clone().unsqueeze::<4>(), -1e30);
        let exponentials = (scores.clone() - scores.max_dim(3)).exp();
        let weights = exponentials.clone() / exponentials.sum_dim(3);
        let mixed = weights.matmul(value).swap_dims(1, 2).reshape([batch, rows, width]);
        mixed.matmul(layer.output.clone().unsqueeze::<3>())
    }
}

fn norm(x: Tensor<3>) -> Tensor<3> {
    let centred = x.clone() - x.mean_dim(2);
    let variance = centred.clone().powf_scalar(2.0).mean_dim(2);
    centred / variance.add_scalar(1e-5).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::alphabet::token;
    use glasses_engine::NoProgress;
    use glasses_engine::device::{self, TensorSpec};
    use glasses_engine::hook::NoHook;
    use glasses_engine::transformer::Transformer;

    #[test]
    fn the_yardstick_computes_what_the_engine_computes() {
        let (model, device) = (Model::default(), device::cpu().device);
        let tokens: Vec<Token> = "3.14159 and on".chars().filter_map(token).collect();
        let naive = Naive::new(&model, &device).forward(&tokens);
        let engine = Transformer::new(&model, &Weights::draw(&model), &TensorSpec::single(&device)).expect("drawn weights fit");
        let read = pollster::block_on(engine.read(&[&tokens], &mut NoHook, &NoProgress)).expect("an uninterrupted forward");
        let difference = (naive - read).abs().max().into_scalar::<f32>();
        assert!(difference < 1e-4, "{difference}");
    }
}
