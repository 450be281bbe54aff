//! A language model in the three files of a hub: the same model as in a GGUF file, and what is refused of it.

use super::{engine, greatest_difference, last, naive, opened, transformer};
use glasses_contract::config::Language;
use glasses_contract::language_model::FileFormat;
use glasses_contract::{open, question};
use glasses_engine::NoProgress;
use glasses_engine::block::BlockType;
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::gguf::Unreadable;
use glasses_engine::language_model::{LanguageModel, NoLanguageModel};
use glasses_engine::library::sha256;
use glasses_engine::tokenizer::Tokenizer;
use glasses_tests::gguf::{WIDTH, vocabulary};
use glasses_tests::hub::{as_one, small_models};
use serde_json::{Value, json};

const TEXTS: [&str; 4] = ["On the one hand  they sing, 12\nthe the", "     the 12", "a\nb<|im_end|>", "o\0n é 日本 🙂'll"];

/// All that a model says of a pair and of a sweep, to the last bit.
fn report(file: Vec<u8>) -> String {
    let language_model = opened(file);
    let file = language_model.model().file.expect("a file");
    let link = format!("v=1&model={file}&bos=bos&a=(%20the)^n&b=(%20one)%20(%20the)^n&suffix=12&max=9&n=5&head=2&tokens=3");
    let (config, ..) = open::admitted_on(&link, language_model.model()).expect("its own link");
    let mut engine = engine(&language_model);
    let pair = pollster::block_on(engine.answer(&config, question::Pair, &NoProgress)).expect("a pair");
    let sweep = pollster::block_on(engine.answer(&config, question::Sweep, &NoProgress)).expect("a sweep");
    let texts = pollster::block_on(engine.answer(&config, question::Continuation, &NoProgress)).expect("what it writes");
    serde_json::to_string(&(pair, sweep, texts)).expect("JSON")
}

#[test]
fn one_model_in_either_format_has_the_same_tokens_and_the_same_report_bit_for_bit() {
    for of in [BlockType::F32, BlockType::F16, BlockType::Bf16] {
        let (gguf, hub) = small_models(of);
        let (one, other) = (opened(gguf.bytes()), opened(hub.bytes()));
        assert_eq!(one.tokenizer(), other.tokenizer());
        for text in TEXTS {
            assert_eq!(one.tokenizer().tokens(text), other.tokenizer().tokens(text), "{text}");
        }
        assert_eq!(report(gguf.bytes()), report(hub.bytes()), "{}", of.name());
    }
}

#[test]
fn an_unembedding_of_its_own_is_read_from_either() {
    let (gguf, hub) = small_models(BlockType::F32);
    let tokens = vocabulary().0.len();
    let numbers: Vec<u8> = (0..tokens * WIDTH).flat_map(|at| (((at * 37) % 101) as f32 / 101.0 - 0.5).to_le_bytes()).collect();
    let gguf = gguf.array("output.weight", &[WIDTH, tokens], 0, numbers.clone());
    let hub = hub.array("lm_head.weight", "F32", &[tokens, WIDTH], numbers).config("tie_word_embeddings", json!(false));
    let [one, other, tied] = [gguf.bytes(), hub.bytes(), small_models(BlockType::F32).1.bytes()].map(report);
    assert_eq!(one, other);
    assert_ne!(one, tied);
}

/// Half-split pairs by another way than the reader's: its matrices are turned back by hand in the GGUF file whose plain loops these are.
#[test]
fn three_files_compute_what_plain_loops_compute() {
    let (gguf, hub) = small_models(BlockType::F32);
    let language_model = opened(hub.bytes());
    let sequence = language_model.tokenizer().tokens(TEXTS[0]);
    let expected = naive::logits(&opened(gguf.bytes()), &gguf.bytes(), &sequence);
    let spec = TensorSpec::double(&device::cpu().device);
    let [_, logits] = last(&transformer(&language_model, &spec), &sequence);
    let size = expected.iter().fold(0.0_f64, |most, logit| most.max(logit.abs()));
    assert!(size > 1.0 && greatest_difference(&logits, &expected) < 1e-9 * size);
}

#[test]
fn the_hash_is_that_of_the_three_files_one_behind_the_other() {
    let (gguf, hub) = small_models(BlockType::F32);
    let language_model = opened(hub.bytes());
    let whole = hub.files().concat();
    assert_eq!(language_model.model().file.expect("a file").to_string(), sha256(&whole)[..8]);
    let info = language_model.info().expect("what it says of itself");
    assert_eq!((info.format, info.bytes, info.model().layers), (FileFormat::Hub, whole.len() as u64, 2));
    assert_eq!(opened(gguf.bytes()).info().map(|info| info.format), Some(FileFormat::Gguf));
}

#[test]
fn merges_in_pairs_several_ends_and_a_token_for_unknown_bytes_are_read() {
    let (_, hub) = small_models(BlockType::F32);
    let plain = opened(hub.bytes());
    let pairs: Vec<Value> = vocabulary().1.iter().map(|merge| json!(merge.split(' ').collect::<Vec<_>>())).collect();
    let other = hub
        .tokenizer("/model/merges", json!(pairs))
        .tokenizer("/model/unk_token", json!("<|endoftext|>"))
        .config("eos_token_id", json!([2, 5]))
        .without("bos_token_id");
    let other = opened(other.bytes());
    let ids = |text: &str| [&plain, &other].map(|model| model.tokenizer().tokens(text).iter().map(|token| token.0).collect::<Vec<_>>());
    let [known, same] = ids("on the one hand");
    assert_eq!(known, same);
    // No token stands for NUL.
    let [left_out, unknown] = ids("o\0n");
    assert_eq!((left_out.len(), unknown[1]), (2, 0));
    let ends = (0..9).filter(|&id| other.tokenizer().is_end(glasses_contract::alphabet::Token(id))).collect::<Vec<_>>();
    assert_eq!((ends, other.tokenizer().start()), (vec![0, 2, 5], None));
}

fn why(file: Vec<u8>) -> String {
    LanguageModel::open(file).err().map_or_else(|| panic!("it was read"), |why| why.to_string())
}

#[test]
fn what_is_not_read_of_three_files_is_refused_in_a_sentence_that_names_it() {
    let hub = || small_models(BlockType::F32).1;
    let with = |field: &str, value: Value| hub().config(field, value).bytes();
    let told = |path: &str, value: Value| hub().tokenizer(path, value).bytes();
    let split = json!({ "type": "Split", "pattern": { "Regex": "\\p{N}{1,3}" }, "behavior": "Isolated", "invert": false });
    let gains = vec![0; 8 * WIDTH];
    let [config, tokenizer, weights] = hub().files();
    let expected: Vec<(Vec<u8>, &str)> = vec![
        (with("model_type", json!("mistral")), "family “mistral”, and only “llama” is read"),
        (hub().without("model_type").bytes(), "family “”"),
        (
            with("rope_scaling", json!({ "rope_type": "llama3", "factor": 8.0 })),
            "under “rope_scaling”, and models that have it are not read",
        ),
        (with("rope_scaling", json!({ "type": "linear", "factor": 2.0 })), "under “rope_scaling”"),
        (with("rope_parameters", json!({ "rope_type": "yarn", "rope_theta": 10_000.0 })), "under “rope_parameters”"),
        (with("partial_rotary_factor", json!(0.5)), "has 0.5 under “partial_rotary_factor”"),
        (with("hidden_act", json!("gelu")), "has \"gelu\" under “hidden_act”"),
        (with("attention_bias", json!(true)), "has true under “attention_bias”"),
        (with("mlp_bias", json!(true)), "has true under “mlp_bias”"),
        (with("sliding_window", json!(128)), "has 128 under “sliding_window”"),
        (with("quantization_config", json!({ "bits": 4 })), "under “quantization_config”"),
        (with("num_local_experts", json!(8)), "has 8 under “num_local_experts”"),
        (with("num_hidden_layers", json!(3)), "lacks the array “model.layers.2."),
        (with("num_hidden_layers", json!("two")), "has \"two\" under “num_hidden_layers”, where a whole number"),
        (with("num_hidden_layers", json!(400)), "has 400 under “num_hidden_layers”, where a number from 1 to 128"),
        (with("num_attention_heads", json!(3)), "splits the width 256 into pairs"),
        (with("num_key_value_heads", json!(3)), "a divisor of the 4 heads"),
        (with("head_dim", json!(32)), "has 32 under “head_dim”, where the width of a head, 64"),
        (hub().without("hidden_size").bytes(), "its config.json does not say “hidden_size”"),
        (hub().without("rms_norm_eps").bytes(), "its config.json does not say “rms_norm_eps”"),
        (with("rms_norm_eps", json!(0)), "has 0 under “rms_norm_eps”, where a number above zero"),
        (with("rope_theta", json!(1e300)), "under “rope_theta”, where a finite number"),
        (with("vocab_size", json!(7)), "has 7 under “vocab_size”, where the number of rows of “model.embed_tokens.weight”"),
        (with("tie_word_embeddings", json!(1)), "has 1 under “tie_word_embeddings”, where yes or no"),
        (with("tie_word_embeddings", json!(false)), "lacks the array “lm_head.weight”"),
        (with("eos_token_id", json!("</s>")), "under “eos_token_id”"),
        (with("eos_token_id", json!(90_000)), "its “eos_token_id” is 90000"),
        (hub().without_array("model.norm.weight").bytes(), "lacks the array “model.norm.weight”"),
        (
            hub().array("model.layers.0.self_attn.q_proj.bias", "F32", &[WIDTH], vec![0; 4 * WIDTH]).bytes(),
            "do not have here: “model.layers.0",
        ),
        (hub().array("model.norm.weight", "F64", &[WIDTH], gains.clone()).bytes(), "“model.norm.weight” is of F64, and F32, F16 and BF16"),
        (hub().array("model.norm.weight", "I8", &[8 * WIDTH], gains.clone()).bytes(), "of its model.safetensors: "),
        (hub().array("model.norm.weight", "F32", &[2 * WIDTH], gains).bytes(), "has the extents [512], and the model's has [256]"),
        (hub().array("model.norm.weight", "F32", &[WIDTH], vec![255; 4 * WIDTH]).bytes(), "a number that is not finite, at place 1"),
        (told("/normalizer", json!({ "type": "NFC" })), "has “NFC” as its “normalizer”"),
        (told("/pre_tokenizer", split), "has “Split(behavior=\"Isolated\", pattern="),
        (
            told("/pre_tokenizer", json!({ "type": "ByteLevel", "add_prefix_space": false })),
            "has “ByteLevel(use_regex)” as its “pre_tokenizer”",
        ),
        (told("/pre_tokenizer", Value::Null), "has “null” as its “pre_tokenizer”"),
        (told("/model/type", json!("Unigram")), "has “Unigram” as its “model.type”, and only “BPE” is read"),
        (told("/model/byte_fallback", json!(true)), "has “true” as its “byte_fallback”"),
        (told("/model/ignore_merges", json!(true)), "has “true” as its “ignore_merges”"),
        (told("/model/vocab", Value::Null), "has no “model.vocab”"),
        (told("/model/vocab", json!({ "a": 7 })), "not numbered from 0 on, each once: 3 is missing"),
        (told("/model/merges", json!(["o n", "Ġ t"])), "its merge 2, “Ġ t”, does not make the next token"),
        (told("/model/merges", json!([["o"]])), "its merge 1, “[\"o\"]”"),
        (as_one(&[b"{".to_vec(), tokenizer.clone(), weights.clone()]), "its config.json can't be read as JSON"),
        (as_one(&[b"{\"a\": 1, \"a\": 1}".to_vec(), tokenizer.clone(), weights.clone()]), "its config.json says “a” twice"),
        (as_one(&[config.clone(), b"[]".to_vec(), weights.clone()]), "its tokenizer.json can't be read as JSON"),
        (
            as_one(&[vec![b' '; 2 << 20], tokenizer.clone(), weights.clone()]),
            "its config.json has 2097152 bytes, and at most 1048576 are read",
        ),
        (as_one(&[config.clone(), tokenizer.clone(), weights[..20].to_vec()]), "of its model.safetensors: "),
        (as_one(&[config, tokenizer, [&weights[..], &[0; 9]].concat()]), "of its model.safetensors: it has"),
        ([hub().bytes(), vec![0]].concat(), "it may have been cut off, or something stands behind it"),
    ];
    for (file, sentence) in expected {
        let said = why(file);
        assert!(said.contains(sentence), "{said} — {sentence}");
    }
}

#[test]
fn what_is_refused_of_three_files_is_refused_in_the_language_of_the_page() {
    Language::Chinese.speak(include_str!("../../www/locale/zh.tsv"));
    let hub = || small_models(BlockType::F32).1;
    for (file, chinese) in [
        (hub().config("rope_scaling", json!({ "rope_type": "yarn" })), "config.json 的“rope_scaling”"),
        (hub().without("hidden_size"), "config.json 没有“hidden_size”"),
        (hub().tokenizer("/normalizer", json!({ "type": "NFC" })), "它的分词器的“normalizer”是“NFC”"),
    ] {
        let said = why(file.bytes());
        assert!(said.contains(chinese), "{said} — {chinese}");
    }
}

/// The three are known before the numbers are there.
#[test]
fn a_beginning_of_three_files_is_told_from_a_whole() {
    let whole = small_models(BlockType::F32).1.bytes();
    let (size, start) = (whole.len() as u64, opened(whole.clone()).start() as usize);
    assert_eq!(LanguageModel::check(&whole[..start], size), Ok(()));
    for part in [32, 40, 700, start - 1] {
        let why = LanguageModel::check(&whole[..part], size);
        assert!(matches!(why, Err(NoLanguageModel::File(Unreadable::Cut { .. }))), "{part} {why:?}");
    }
}

#[test]
fn a_model_that_is_no_hubs_is_not_read_as_one() {
    let [_, _, weights] = small_models(BlockType::F32).1.files();
    assert!(why(weights).contains("it is no GGUF file"));
}
