//! A language model on the graphics processor beside the CPU: how long a forward takes on each, and how far their logits are apart.
//!
//! `cargo run --release -p glasses-engine --features flex,webgpu --example language_model -- FILE [TOKENS]`, with the file of a language model, and 256 tokens
//! where no other number is named.

use glasses_contract::alphabet::Token;
use glasses_engine::NoProgress;
use glasses_engine::device::{TensorSpec, cpu, read, webgpu};
use glasses_engine::hook::NoHook;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::tokenizer::Tokenizer;
use glasses_engine::transformer::Transformer;
use std::error::Error;
use std::rc::Rc;
use std::time::Instant;

/// Runs of which the median counts, after one that makes all that is made once.
const RUNS: usize = 5;

#[expect(clippy::print_stdout, reason = "what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let path = words.next().ok_or("which file?")?;
    let count = words.next().map_or(Ok(256), |count| count.parse())?;
    let language_model = Rc::new(LanguageModel::open(std::fs::read(path)?)?);
    let text = "How many ones are in the following sequence? ".to_owned() + &"1".repeat(count);
    let tokens = &language_model.tokenizer().tokens(&text)[..count];
    let gpu = pollster::block_on(webgpu())?;
    println!("{}, {:?}", gpu.name, gpu.adapter);
    let mut last = Vec::new();
    for compute in [gpu, cpu()] {
        let transformer = language_model.transformer(language_model.model(), &TensorSpec::single(&compute.device))?;
        println!("{}:", compute.kind.label());
        for (what, sequence) in [(format!("{count} tokens"), tokens), ("one token".to_owned(), &tokens[..1])] {
            let first = forward(&transformer, sequence)?;
            let mut times: Vec<f64> = Vec::new();
            for _ in 0..RUNS {
                times.push(forward(&transformer, sequence)?.milliseconds);
            }
            times.sort_by(f64::total_cmp);
            println!("  {what}: the first time {:.1} ms, then {:.2} ms", first.milliseconds, times[RUNS / 2]);
            last.push(first.logits);
        }
    }
    for (which, what) in ["of the last of all tokens", "of the one token"].iter().enumerate() {
        let [found, truth] = [&last[which], &last[which + 2]];
        let off = found.iter().zip(truth).map(|(found, truth)| (found - truth).abs()).fold(0.0, f64::max);
        let size = truth.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        println!("logits {what}: up to {off:.1e} apart, the greatest is {size:.1}");
    }
    Ok(())
}

/// A forward from tokens to the logits behind the last of them.
struct Forward {
    milliseconds: f64,
    logits: Vec<f64>,
}

fn forward(transformer: &Transformer, tokens: &[Token]) -> Result<Forward, Box<dyn Error>> {
    let started = Instant::now();
    let y = pollster::block_on(transformer.read(&[tokens], &mut NoHook, &NoProgress)).map_err(|_| "it was stopped")?;
    let logits = transformer.logits(y.narrow(1, tokens.len() - 1, 1), &mut NoHook).flatten(0, 2);
    let logits = pollster::block_on(read(vec![logits]))?.remove(0);
    Ok(Forward { milliseconds: started.elapsed().as_secs_f64() * 1e3, logits })
}
