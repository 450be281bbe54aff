//! Next-token cross-entropy: how badly a model foretells the next token of a text.

use super::{NoAnswer, Progress};
use crate::device;
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::transformer::Transformer;
use glasses_contract::alphabet::Token;
use glasses_contract::limits::rows_flop;
use glasses_contract::report::CrossEntropy;

/// Rows whose logits are held at once: of 49,152 tokens 3 MB on the device, and 6 MB in double precision.
const ROWS_AT_ONCE: usize = 16;

/// −ln p(t_i | t₁ … t_(i−1)) for every token of a text but the first, in nats, with p = softmax of the logits.
///
/// The text is read alone: without what a link puts around its sequences.
///
/// # Errors
/// If the device fails, or `progress` says stop.
pub(super) async fn cross_entropy(transformer: &Transformer, text: &str, progress: &impl Progress) -> Result<CrossEntropy, NoAnswer> {
    let tokens = transformer.tokenizer().tokens(text);
    let Some((_, read)) = tokens.split_last() else { return Ok(CrossEntropy::new(Vec::new())) };
    if read.is_empty() {
        return Ok(CrossEntropy::new(Vec::new()));
    }
    let model = transformer.model();
    let of_blocks = rows_flop(model, read.len(), 0);
    let of_logits = 2 * (read.len() * model.width * model.architecture.vocabulary) as u64;
    let share = of_blocks as f32 / (of_blocks + of_logits) as f32;

    let mut rounding = Rounding::of(&model.formats);
    let y = transformer.read(&[read], &mut rounding, &SubProgress::new(progress, (0.0, share))).await?;
    let within = SubProgress::new(progress, (share, 1.0));
    let work = Work::new(&within, of_logits);
    let mut nats = Vec::with_capacity(read.len());
    for (at, next) in tokens[1..].chunks(ROWS_AT_ONCE).enumerate() {
        let rows = y.clone().narrow(1, at * ROWS_AT_ONCE, next.len());
        let logits = transformer.logits_in_steps(rows, &mut rounding, &work).await?.flatten(0, 2);
        let logits = device::read(vec![logits]).await?.pop().unwrap_or_default();
        nats.extend(next.iter().zip(logits.chunks_exact(model.architecture.vocabulary)).map(|(next, logits)| surprise(logits, *next)));
    }
    Ok(CrossEntropy::new(nats))
}

/// −ln softmax(logits)[next] = ln Σ exp(logit − logit of next), about the greatest so that nothing overflows.
fn surprise(logits: &[f64], next: Token) -> f64 {
    let greatest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - greatest).exp()).sum();
    logits.get(next.0 as usize).map_or(f64::NAN, |logit| greatest + sum.ln() - logit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_among_tokens_that_are_alike_costs_the_logarithm_of_their_number() {
        assert!((surprise(&[700.0; 5], Token(3)) - 5.0_f64.ln()).abs() < 1e-12);
        // ln(1 + e⁻²) for the likelier of two, and 2 more for the other.
        let likely = (1.0 + (-2.0_f64).exp()).ln();
        assert!((surprise(&[1.0, -1.0], Token(0)) - likely).abs() < 1e-15);
        assert!((surprise(&[1.0, -1.0], Token(1)) - likely - 2.0).abs() < 1e-15);
        assert!(surprise(&[1.0, f64::NAN], Token(0)).is_nan() && surprise(&[1.0], Token(1)).is_nan());
    }
}
