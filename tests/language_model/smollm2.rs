//! SmolLM2-135M-Instruct, as `cargo xtask model` fetches it, against an independent implementation and another tokenizer.

use super::{facts, greatest_difference, last, numbers, opened, singles, tokens, transformer};
use glasses_contract::alphabet::Token;
use glasses_contract::report::Distances;
use glasses_contract::site::Site;
use glasses_engine::NoProgress;
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::hook::Recorder;
use glasses_engine::language_model::LanguageModel;
use glasses_engine::library::sha256;
use glasses_engine::tokenizer::Tokenizer;
use glasses_engine::transformer::Transformer;
use serde_json::Value;
use std::path::PathBuf;
use std::rc::Rc;

const FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
const SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

/// Tokens of each greedy text that are looked at: each costs a forward pass.
const GREEDY: usize = 8;

fn expected() -> Value {
    facts(include_str!("smollm2.json"))
}

/// The file, where `cargo xtask model` put it; where there is none, that is said once for each test.
fn file() -> Option<Vec<u8>> {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let caches = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    let cache = cache.or_else(|| Some(std::env::home_dir()?.join(caches)))?;
    let bytes = std::fs::read(cache.join("glasses").join(FILE)).ok();
    if bytes.is_none() {
        println!("NOT RUN: what is asked of {FILE}, for it is not there (cargo xtask model fetches it)");
    }
    bytes
}

#[test]
fn the_file_is_read_as_what_it_is() {
    let Some(file) = file() else { return };
    assert_eq!(sha256(&file), SHA256, "the file is another one: cargo xtask model fetches the one that is meant");
    let blocks = expected()["blocks"].clone();
    let language_model = opened(file.clone());
    let model = language_model.model();
    assert_eq!((model.layers, model.heads, model.key_value_heads(), model.width, model.hidden_width()), (30, 9, 3, 576, 1536));
    let parameters: u64 = glasses_engine::transformer::parameters(model).iter().map(|parameter| parameter.count()).sum();
    assert_eq!(parameters, 134_515_008);
    for fact in blocks.as_array().expect("blocks") {
        let stored = &language_model.header().arrays[fact["array"].as_str().expect("a name")];
        assert_eq!(Some(stored.bytes.start), fact["offset"].as_u64());
        let mut values = [0.0_f32; 32];
        stored.of.read(stored.in_file(&file), &mut values);
        assert_eq!(values.to_vec(), singles(&fact["first"]));
    }
    let tokenizer = language_model.tokenizer();
    for fact in expected()["tokens"].as_array().expect("texts") {
        let text = fact["text"].as_str().expect("a text");
        assert_eq!(tokenizer.tokens(text), tokens(&fact["ids"]), "{text}");
    }
}

fn single(language_model: &Rc<LanguageModel>) -> Transformer {
    transformer(language_model, &TensorSpec::single(&device::cpu().device))
}

#[test]
fn logits_and_greedy_texts_are_those_of_an_independent_implementation() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let transformer = single(&language_model);
    for prompt in expected()["prompts"].as_array().expect("prompts") {
        let mut read = tokens(&prompt["ids"]);
        let [y, mut logits] = last(&transformer, &read);
        assert!(greatest_difference(&y[..8], &numbers(&prompt["y"])) < 1e-3);
        let off = prompt["logits"].as_array().expect("logits").iter().map(|fact| {
            let fact = numbers(fact);
            (logits[fact[0] as usize] - fact[1]).abs()
        });
        let off = off.fold(0.0, f64::max);
        let most = logits.iter().copied().fold(f64::MIN, f64::max);
        let sum = most + logits.iter().map(|logit| (logit - most).exp()).sum::<f64>().ln();
        println!("{} tokens: logits off by {off:.1e}", read.len());
        assert!(off < 1e-3 && (sum - prompt["logsumexp"].as_f64().expect("a number")).abs() < 1e-3, "{off}");
        // As a mean over all tokens.
        let mean = (logits.iter().sum::<f64>() - prompt["logits_sum"].as_f64().expect("a number")).abs() / logits.len() as f64;
        assert!(mean < 1e-4, "{mean}");
        if read.len() > 40 {
            continue;
        }
        for &token in &tokens(&prompt["greedy"])[..GREEDY] {
            let best = (0..logits.len()).max_by(|&one, &other| logits[one].total_cmp(&logits[other]));
            assert_eq!(best, Some(token.0 as usize), "behind {} tokens", read.len());
            read.push(token);
            [_, logits] = last(&transformer, &read);
        }
    }
}

/// A prompt of Figure 5 with n elements, as text.
fn prompt(task: &str, n: usize) -> String {
    let ones = "1".repeat(n);
    match task {
        "count_ones" => format!("How many ones are in the following sequence? {ones}"),
        "copy_ones" => format!("Copy this number: {ones}"),
        _ => {
            let grouped: Vec<String> = ones.as_bytes().chunks(3).map(|group| "1".repeat(group.len())).collect();
            format!("Copy this number: {}", grouped.join(","))
        }
    }
}

#[test]
fn distances_are_those_of_an_independent_implementation() {
    let Some(file) = file() else { return };
    let language_model = opened(file);
    let (transformer, tokenizer) = (single(&language_model), language_model.tokenizer());
    let (heads, width) = (language_model.model().heads, language_model.model().width);
    let expected = expected();
    let rows: Vec<&Value> = expected["distances"].as_array().expect("distances").iter().collect();
    for task in ["count_ones", "copy_ones", "copy_commas"] {
        let of_task: Vec<&&Value> = rows.iter().filter(|row| row["task"] == task).collect();
        let longest = of_task.iter().filter_map(|row| row["n"].as_u64()).max().expect("an n") as usize + 1;
        let sequence = tokenizer.tokens(&prompt(task, longest));
        let [heads_read, y] = outputs(&transformer, &sequence);
        for row in of_task {
            let n = row["n"].as_u64().expect("an n") as usize;
            // Each text is a beginning of the longest, as tokens too.
            let [one, other] = [n, n + 1].map(|n| {
                let read = tokenizer.tokens(&prompt(task, n));
                assert_eq!(read, sequence[..read.len()]);
                (read.len() - 1) * width
            });
            let of_y = Distances::between(&y[one..one + width], &y[other..other + width]);
            let of_head = |head: usize| {
                let part = |row: usize| &heads_read[row + head * width / heads..][..width / heads];
                Distances::between(part(one), part(other)).linf
            };
            let of_heads: Vec<f64> = (0..heads).map(of_head).collect();
            let found = [
                ("head_mean", of_heads.iter().sum::<f64>() / heads as f64),
                ("head_min", of_heads.iter().copied().fold(f64::MAX, f64::min)),
                ("head_max", of_heads.iter().copied().fold(0.0, f64::max)),
                ("y_linf", of_y.linf),
                ("y_l2", of_y.l2),
                ("y_l1", of_y.l1),
            ];
            for (name, found) in found {
                let expected = row[name].as_f64().expect("a number");
                // Written with five digits; single precision is off by a tenth of this.
                assert!((found / expected - 1.0).abs() < 1e-3, "{task} {n} {name}: {found} {expected}");
            }
        }
    }
}

/// The heads' outputs in the last block and y of all tokens, [rows, width] each.
fn outputs(transformer: &Transformer, sequence: &[Token]) -> [Vec<f64>; 2] {
    let at = Site::HeadOutput(transformer.layers() - 1);
    let mut recorder = Recorder::new(|site| site == at);
    let y = pollster::block_on(transformer.read(&[sequence], &mut recorder, &NoProgress)).expect("nobody says stop");
    let heads = recorder.head_blocks(at).remove(0).swap_dims(1, 2); // [1, rows, head, head width]
    let read = pollster::block_on(device::read(vec![heads.flatten(0, 3), y.flatten(0, 2)])).expect("numbers");
    read.try_into().expect("two lists")
}
