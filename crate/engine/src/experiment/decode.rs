//! Greedy decoding: one token after the other, always the most likely one, until the end of the answer.

use super::{NoAnswer, Progress};
use crate::device;
use crate::hook::Recorder;
use crate::precision::Rounding;
use crate::progress::{Stopped, SubProgress};
use crate::transformer::attention::LayerKv;
use crate::transformer::{KvCache, Transformer};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::alphabet::{self, Token};
use glasses_contract::config::Mask;
use glasses_contract::site::Site;
use glasses_contract::task::END;

/// An answer as it is found.
pub struct Decoded {
    /// The answer, without its end.
    pub text: String,
    /// For every token of it, the end included, the probabilities of the whole alphabet.
    pub probabilities: Vec<Vec<f64>>,
    /// The output at the prompt's last token, from which the first of them follow.
    pub output: Vec<f64>,
}

impl Decoded {
    /// The first token of the answer; none where a probability is no number.
    pub fn first(&self) -> Option<Token> {
        self.probabilities.first().and_then(|probabilities| argmax(probabilities))
    }
}

/// Answers a prompt with at most so many tokens.
///
/// In a causal model there is a KV cache of what was read, so that a token of the answer costs one row.
///
/// # Errors
/// If the device fails, or `progress` says stop.
pub async fn decode(transformer: &Transformer, prompt: &[Token], most: usize, progress: &impl Progress) -> Result<Decoded, NoAnswer> {
    let is_causal = transformer.model().attention.mask == Mask::Causal;
    let mut read = prompt.to_vec();
    let mut cache: Option<KvCache> = None;
    let mut decoded = Decoded { text: String::new(), probabilities: Vec::new(), output: Vec::new() };
    // The prompt is read once where its keys and values are kept, and with every token of the answer where they are not.
    let of_prompt = if is_causal { prompt.len() as f32 / (prompt.len() + most) as f32 } else { 1.0 / most.max(1) as f32 };
    let share = |said: usize| if said == 0 { 0.0 } else { of_prompt + (1.0 - of_prompt) * (said - 1) as f32 / (most - 1).max(1) as f32 };
    for said in 0..most {
        let known = if is_causal { cache.as_ref().map_or(0, length) } else { 0 };
        let within = SubProgress::new(progress, (share(said), share(said + 1)));
        let (y, next, more) = step(transformer, &read[known..], known, cache.as_ref().filter(|_| is_causal), &within).await?;
        cache = Some(more);
        // The answer's own outputs are nobody's concern.
        let wanted = if decoded.probabilities.is_empty() { vec![next, y] } else { vec![next] };
        let mut numbers = device::read(wanted).await?.into_iter();
        let probabilities = numbers.next().unwrap_or_default();
        decoded.output = numbers.next().unwrap_or(decoded.output);
        let argmax = argmax(&probabilities);
        decoded.probabilities.push(probabilities);
        match argmax.and_then(alphabet::character) {
            Some(END) | None => break,
            Some(character) => decoded.text.push(character),
        }
        read.extend(argmax);
    }
    Ok(decoded)
}

/// The most likely token; none where a probability is no number.
fn argmax(probabilities: &[f64]) -> Option<Token> {
    if probabilities.iter().any(|share| share.is_nan()) {
        return None;
    }
    // Of several that are alike, the first.
    let best = probabilities.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
    best.map(|(id, _)| Token(id as u32))
}

/// The output at the last of some tokens that follow `start` others, the next token's probabilities, and the keys and values of them all.
async fn step(
    transformer: &Transformer,
    tokens: &[Token],
    start: usize,
    cache: Option<&KvCache>,
    progress: &impl Progress,
) -> Result<(Tensor<1>, Tensor<1>, KvCache), Stopped> {
    let mut rounding = Rounding::of(&transformer.model().formats);
    let recorder = Recorder::new(|site| matches!(site, Site::Key(_) | Site::Value(_)));
    let mut hook = (rounding, recorder);
    let rows = transformer.embed(&[tokens], &[start], &mut hook);
    let rows = transformer.blocks(rows, cache, &mut hook, progress).await?;
    let y = transformer.output(rows, &mut hook).narrow(1, tokens.len() - 1, 1);
    let next = softmax(transformer.logits(y.clone(), &mut rounding), 2).flatten(0, 2);
    let own = |site| hook.1.head_blocks(site).into_iter().next();
    let both = |before: Option<Tensor<4>>, own: Tensor<4>| match before {
        Some(before) => Tensor::cat(vec![before, own], 2),
        None => own,
    };
    let layer = |layer: usize| {
        let before = cache.map(|cache| cache[layer].clone());
        let (keys, values) = (own(Site::Key(layer))?, own(Site::Value(layer))?);
        Some(LayerKv {
            keys: both(before.as_ref().map(|before| before.keys.clone()), keys),
            values: both(before.map(|before| before.values), values),
        })
    };
    Ok((y.flatten(0, 2), next, (0..transformer.layers()).filter_map(layer).collect()))
}

fn length(cache: &KvCache) -> usize {
    cache.first().map_or(0, |layer| layer.keys.dims()[2])
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::NoProgress;
    use crate::device::TensorSpec;
    use crate::weights::Weights;
    use burn::tensor::Device;
    use glasses_contract::config::{Model, Position};

    #[test]
    fn an_answer_from_kept_keys_is_the_answer_from_the_whole_text() {
        let model = Model { layers: 2, heads: 2, width: 16, position: Position::Rotary, ..Model::default() };
        let transformer = Transformer::new(&model, &Weights::draw(&model), &TensorSpec::single(&Device::flex())).expect("a model");
        let prompt: Vec<Token> = (1..20).map(Token).collect();
        let decoded = pollster::block_on(decode(&transformer, &prompt, 6, &NoProgress)).expect("an answer");
        let mut read = prompt;
        let whole = |read: &[Token]| pollster::block_on(step(&transformer, read, 0, None, &NoProgress)).expect("nobody says stop");
        let of_prompt = pollster::block_on(device::read(vec![whole(&read).0])).expect("numbers").remove(0);
        assert_eq!(decoded.output, of_prompt);
        for (at, probabilities) in decoded.probabilities.iter().enumerate() {
            let expected = pollster::block_on(device::read(vec![whole(&read).1])).expect("numbers").remove(0);
            assert!(probabilities.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-6), "token {at}");
            read.extend(argmax(probabilities));
        }
        assert!(!decoded.probabilities.is_empty() && decoded.text.len() <= 6);
    }

    #[test]
    fn what_is_no_number_ends_an_answer() {
        assert_eq!(argmax(&[0.2, f64::NAN]), None);
        assert_eq!(argmax(&[0.4, 0.4, 0.2]), Some(Token(0)));
    }
}
