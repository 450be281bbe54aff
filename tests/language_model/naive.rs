//! A forward pass of the family `llama` in plain loops and double precision.
//!
//! x⁰ = E[token]; z = x + W_o attention(norm(x)); x′ = z + W_down (silu(W_gate norm(z)) · W_up norm(z)); logits = E norm(xᴸ). Queries and keys turn in
//! adjacent pairs by t · base^(−2i/d).

use glasses_contract::alphabet::Token;
use glasses_engine::language_model::LanguageModel;

type Rows = Vec<Vec<f64>>;

/// The logits of the last token.
pub fn logits(language_model: &LanguageModel, file: &[u8], sequence: &[Token]) -> Vec<f64> {
    let model = language_model.model();
    let read = |name: &str| -> Rows {
        let stored = &language_model.arrays()[name];
        let mut values = vec![0.0_f32; stored.extents.iter().product()];
        stored.of.read(stored.in_file(file), &mut values);
        values.chunks_exact(stored.extents[0]).map(|row| row.iter().map(|&value| f64::from(value)).collect()).collect()
    };
    let (heads, groups, width) = (model.heads, model.key_value_heads(), model.head_width());
    let norm = |x: &Rows, gain: &str| -> Rows {
        let gain = &read(gain)[0];
        let of = |row: &Vec<f64>| {
            let size = (row.iter().map(|x| x * x).sum::<f64>() / row.len() as f64 + model.architecture.norm_epsilon).sqrt();
            row.iter().zip(gain).map(|(x, gain)| x / size * gain).collect()
        };
        x.iter().map(of).collect()
    };
    let turned = |row: &mut [f64], place: usize| {
        for pair in 0..width / 2 {
            let angle = place as f64 * model.architecture.rotary_base.powf(-2.0 * pair as f64 / width as f64);
            let [one, other] = [row[2 * pair], row[2 * pair + 1]];
            row[2 * pair] = one * angle.cos() - other * angle.sin();
            row[2 * pair + 1] = one * angle.sin() + other * angle.cos();
        }
    };
    let embedding = read("token_embd.weight");
    let mut x: Rows = sequence.iter().map(|token| embedding[token.0 as usize].clone()).collect();
    for layer in 0..model.layers {
        let at = |name: &str| format!("blk.{layer}.{name}.weight");
        let normed = norm(&x, &at("attn_norm"));
        let [mut q, mut k, v] = ["attn_q", "attn_k", "attn_v"].map(|name| times(&normed, &read(&at(name))));
        for (place, (q, k)) in q.iter_mut().zip(&mut k).enumerate() {
            q.chunks_exact_mut(width).chain(k.chunks_exact_mut(width)).for_each(|head| turned(head, place));
        }
        let mut mixed = vec![vec![0.0; heads * width]; x.len()];
        for (row, head) in (0..x.len()).flat_map(|row| (0..heads).map(move |head| (row, head))) {
            let group = head / (heads / groups) * width;
            let scores = (0..=row).map(|key| dot(&q[row][head * width..][..width], &k[key][group..][..width]) / (width as f64).sqrt());
            let exponentials: Vec<f64> = scores.map(f64::exp).collect();
            let sum: f64 = exponentials.iter().sum();
            for (key, exponential) in exponentials.iter().enumerate() {
                for at in 0..width {
                    mixed[row][head * width + at] += exponential / sum * v[key][group + at];
                }
            }
        }
        add(&mut x, &times(&mixed, &read(&at("attn_output"))));
        let normed = norm(&x, &at("ffn_norm"));
        let [mut gate, up] = ["ffn_gate", "ffn_up"].map(|name| times(&normed, &read(&at(name))));
        for (gate, up) in gate.iter_mut().flatten().zip(up.iter().flatten()) {
            *gate = *gate / (1.0 + (-*gate).exp()) * up;
        }
        add(&mut x, &times(&gate, &read(&at("ffn_down"))));
    }
    let y = norm(&x, "output_norm.weight").pop().unwrap_or_default();
    embedding.iter().map(|vector| dot(vector, &y)).collect()
}

/// Each row times a matrix, of which each output is a row.
fn times(x: &Rows, matrix: &Rows) -> Rows {
    x.iter().map(|x| matrix.iter().map(|row| dot(row, x)).collect()).collect()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn add(x: &mut Rows, more: &Rows) {
    x.iter_mut().flatten().zip(more.iter().flatten()).for_each(|(x, more)| *x += more);
}
