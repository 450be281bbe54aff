//! Greedy decoding: one token after the other, always the most likely one, until the end of the answer.

use super::kv_cache::{extended_by, first, is_kept, length, shared};
use super::{NoAnswer, Progress};
use crate::device;
use crate::hook::Recorder;
use crate::precision::Rounding;
use crate::progress::{Stopped, SubProgress, Work};
use crate::tokenizer::Tokenizer;
use crate::transformer::{KvCache, Past, Transformer};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::alphabet::Token;
use glasses_contract::config::Mask;
use glasses_contract::report::Said;
use glasses_contract::site::Site;

/// An answer as it is found.
pub struct Decoded {
    /// The answer, without its end.
    pub text: String,
    /// For every token of it, the end included, the probabilities of all tokens.
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
/// # Errors
/// If the device fails, or `progress` says stop.
pub async fn decode(transformer: &Transformer, prompt: &[Token], most: usize, progress: &impl Progress) -> Result<Decoded, NoAnswer> {
    let mut decoder = Decoder::new(transformer, prompt);
    let mut decoded = Decoded { text: String::new(), probabilities: Vec::new(), output: Vec::new() };
    let tokenizer = transformer.tokenizer();
    // The prompt is read once where its keys and values are kept, and with every token of the answer where they are not.
    let of_prompt = if decoder.is_causal() { prompt.len() as f32 / (prompt.len() + most) as f32 } else { 1.0 / most.max(1) as f32 };
    let share = |said: usize| if said == 0 { 0.0 } else { of_prompt + (1.0 - of_prompt) * (said - 1) as f32 / (most - 1).max(1) as f32 };
    for said in 0..most {
        let within = SubProgress::new(progress, (share(said), share(said + 1)));
        let (y, next) = decoder.read(&within).await?;
        // The answer's own outputs are nobody's concern.
        let wanted = if decoded.probabilities.is_empty() { vec![next, y] } else { vec![next] };
        let mut numbers = device::read(wanted).await?.into_iter();
        let probabilities = numbers.next().unwrap_or_default();
        decoded.output = numbers.next().unwrap_or(decoded.output);
        let argmax = argmax(&probabilities);
        decoded.probabilities.push(probabilities);
        if argmax.is_none_or(|argmax| tokenizer.is_end(argmax)) {
            break;
        }
        decoder.push(argmax);
    }
    decoded.text = tokenizer.text(&decoder.tokens[prompt.len()..]);
    Ok(decoded)
}

/// A text that is read and written on.
///
/// In a causal model there is a KV cache of what was read, so that a token of the answer costs one row.
pub(super) struct Decoder<'a> {
    transformer: &'a Transformer,
    tokens: Vec<Token>,
    cache: Option<KvCache>,
}

impl<'a> Decoder<'a> {
    /// A prompt that is not read yet.
    pub(super) fn new(transformer: &'a Transformer, prompt: &[Token]) -> Self {
        Self { transformer, tokens: prompt.to_vec(), cache: None }
    }

    /// Another prompt that is not read yet, but for what it shares with what this one has read.
    pub(super) fn beside(&self, prompt: &[Token]) -> Self {
        // At least the last token is read, since the next one follows from it.
        let known = shared(&self.tokens, prompt).min(self.known()).min(prompt.len().saturating_sub(1));
        let cache = self.cache.as_ref().filter(|_| known > 0).map(|cache| first(cache, known));
        Self { transformer: self.transformer, tokens: prompt.to_vec(), cache }
    }

    /// Whether no token sees what follows it, so that keys and values are kept.
    fn is_causal(&self) -> bool {
        self.transformer.model().attention.mask == Mask::Causal
    }

    /// Tokens whose keys and values are there.
    fn known(&self) -> usize {
        self.cache.as_ref().map_or(0, length)
    }

    /// How many tokens are not read yet.
    pub(super) fn unread(&self) -> usize {
        self.tokens.len() - self.known()
    }

    /// Writes a token, if there is one.
    pub(super) fn push(&mut self, token: Option<Token>) {
        self.tokens.extend(token);
    }

    /// Reads what is not read yet: the output at the last token, and the next token's probabilities.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub(super) async fn read(&mut self, progress: &impl Progress) -> Result<(Tensor<1>, Tensor<1>), Stopped> {
        let known = self.known();
        let step = step(self.transformer, &[&self.tokens[known..]], &[known], self.cache.as_ref().into(), progress).await?;
        let (y, next) = (step.y.flatten(0, 1), step.next.flatten(0, 1));
        self.cache = self.is_causal().then(|| extended_by(0, self.cache.as_ref(), &step.seen, self.transformer.layers()));
        Ok((y, next))
    }

    /// The next tokens' probabilities of texts of one model. Where one token of each is not read yet, all are read at once, so that weights are read
    /// once for all; the numbers are those of each by itself.
    ///
    /// # Errors
    /// If `progress` says stop.
    pub(super) async fn read_all(texts: &mut [&mut Self], progress: &impl Progress) -> Result<Vec<Tensor<1>>, Stopped> {
        let caches: Option<Vec<&KvCache>> = texts.iter().map(|text| text.cache.as_ref().filter(|_| text.unread() == 1)).collect();
        let (Some(first), Some(caches)) = (texts.first(), caches) else {
            let (count, mut all) = (texts.len() as f32, Vec::new());
            for (at, text) in texts.iter_mut().enumerate() {
                let within = SubProgress::new(progress, (at as f32 / count, (at + 1) as f32 / count));
                all.push(text.read(&within).await?.1);
            }
            return Ok(all);
        };
        let transformer = first.transformer;
        let last: Vec<&[Token]> = texts.iter().map(|text| &text.tokens[text.known()..]).collect();
        let starts: Vec<usize> = texts.iter().map(|text| text.known()).collect();
        let step = step(transformer, &last, &starts, Past::Each(&caches), progress).await?;
        for (sequence, text) in texts.iter_mut().enumerate() {
            text.cache = Some(extended_by(sequence, text.cache.as_ref(), &step.seen, transformer.layers()));
        }
        Ok((0..texts.len()).map(|sequence| step.next.clone().narrow(0, sequence, 1).flatten(0, 1)).collect())
    }
}

/// The most likely token; none where a probability is no number.
pub(super) fn argmax(probabilities: &[f64]) -> Option<Token> {
    if probabilities.iter().any(|share| share.is_nan()) {
        return None;
    }
    // Of several that are alike, the first.
    let best = probabilities.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
    best.map(|(id, _)| Token(id as u32))
}

/// The likeliest tokens, at most so many, each with its probability; of several that are alike the first.
pub(super) fn said(probabilities: &[f64], most: usize, tokenizer: &dyn Tokenizer) -> Said {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    let likelier = |one: &usize, other: &usize| probabilities[*other].total_cmp(&probabilities[*one]).then(one.cmp(other));
    if order.len() > most {
        order.select_nth_unstable_by(most, likelier);
        order.truncate(most);
    }
    order.sort_unstable_by(likelier);
    Said {
        tokens: order.iter().map(|&id| tokenizer.label(Token(id as u32))).collect(),
        probabilities: order.iter().map(|&id| probabilities[id]).collect(),
    }
}

/// What was read at the last tokens of some sequences.
struct Step {
    /// The output, [sequence, width].
    y: Tensor<2>,
    /// The next token's probabilities, [sequence, vocabulary].
    next: Tensor<2>,
    /// The keys and values of what was read.
    seen: Recorder<fn(Site) -> bool>,
}

/// Sequences of one length, each behind so many others, through the model.
async fn step(
    transformer: &Transformer,
    sequences: &[&[Token]],
    starts: &[usize],
    past: Past<'_>,
    progress: &impl Progress,
) -> Result<Step, Stopped> {
    let mut rounding = Rounding::of(&transformer.model().formats);
    let recorder = Recorder::new(is_kept as fn(Site) -> bool);
    let mut hook = (rounding, recorder);
    let rows = transformer.embed(sequences, starts, &mut hook);
    let rows = transformer.blocks(rows, past, &mut hook, &SubProgress::new(progress, (0.0, 0.9))).await?;
    let y = transformer.output(rows, &mut hook);
    let y = y.clone().narrow(1, y.dims()[1] - 1, 1);
    let within = SubProgress::new(progress, (0.9, 1.0));
    let flop = sequences.len() * 2 * transformer.model().width * transformer.model().architecture.vocabulary;
    let work = Work::new(&within, flop as u64);
    let next = softmax(transformer.logits_in_steps(y.clone(), &mut rounding, &work).await?, 2);
    Ok(Step { y: y.squeeze_dim(1), next: next.squeeze_dim(1), seen: hook.1 })
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
        let whole =
            |read: &[Token]| pollster::block_on(step(&transformer, &[read], &[0], Past::None, &NoProgress)).expect("nobody says stop");
        let of_prompt = pollster::block_on(device::read(vec![whole(&read).y.flatten(0, 1)])).expect("numbers").remove(0);
        assert_eq!(decoded.output, of_prompt);
        for (at, probabilities) in decoded.probabilities.iter().enumerate() {
            let expected = pollster::block_on(device::read(vec![whole(&read).next.flatten(0, 1)])).expect("numbers").remove(0);
            assert!(probabilities.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-6), "token {at}");
            read.extend(argmax(probabilities));
        }
        assert!(!decoded.probabilities.is_empty() && decoded.text.len() <= 6);
    }

    #[test]
    fn texts_that_are_read_together_get_the_numbers_of_each_by_itself() {
        // Fused attention, scores that a scheme adds to, and a window: each of them sees its own past.
        for (position, window) in [(Position::Rotary, 0), (Position::Alibi, 0), (Position::Learned, 5)] {
            let mut model = Model { layers: 2, heads: 2, width: 16, position, ..Model::default() };
            model.attention.window = window;
            let transformer = Transformer::new(&model, &Weights::draw(&model), &TensorSpec::single(&Device::flex())).expect("a model");
            let prompts: [Vec<Token>; 3] = [20, 13, 31].map(|count| (1..count).map(Token).collect());
            let (mut together, mut alone) = (prompts.each_ref().map(|prompt| Decoder::new(&transformer, prompt)), Vec::new());
            for prompt in &prompts {
                alone.push(Decoder::new(&transformer, prompt));
            }
            for at in 0..4 {
                let [a, b, c] = &mut together;
                let found = pollster::block_on(Decoder::read_all(&mut [a, b, c], &NoProgress)).expect("nobody says stop");
                let found = pollster::block_on(device::read(found)).expect("numbers");
                for ((found, alone), together) in found.iter().zip(&mut alone).zip(&mut together) {
                    let next = pollster::block_on(alone.read(&NoProgress)).expect("nobody says stop").1;
                    let expected = pollster::block_on(device::read(vec![next])).expect("numbers").remove(0);
                    assert_eq!(*found, expected, "{position:?}, token {at}");
                    alone.push(argmax(&expected));
                    together.push(argmax(found));
                    assert_eq!((together.known(), together.unread()), (alone.known(), alone.unread()));
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_ends_an_answer() {
        assert_eq!(argmax(&[0.2, f64::NAN]), None);
        assert_eq!(argmax(&[0.4, 0.4, 0.2]), Some(Token(0)));
    }
}
