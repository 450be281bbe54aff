//! What is no language model, or none that is read, is refused in a sentence that names it.

use glasses_contract::config::Language;
use glasses_engine::gguf::Unreadable;
use glasses_engine::language_model::{LanguageModel, NoLanguageModel};
use glasses_tests::gguf::{HIDDEN, WIDTH, small_model};

fn why(file: Vec<u8>) -> String {
    LanguageModel::open(file).err().map_or_else(|| panic!("it was read"), |why| why.to_string())
}

/// Blocks of Q8_0 that are zeros.
fn zeros(count: usize) -> Vec<u8> {
    vec![0; count / 32 * 34]
}

#[test]
fn what_is_not_read_is_refused_in_a_sentence_that_names_it() {
    let small = small_model;
    let big_endian = {
        let mut bytes = small().bytes();
        bytes[4..8].reverse();
        bytes
    };
    let expected: Vec<(Vec<u8>, &str)> = vec![
        (b"PK\x03\x04 and so on".to_vec(), "it is no GGUF file: it has 14 bytes"),
        (Vec::new(), "it is no GGUF file: it has 0 bytes"),
        (big_endian, "big-endian"),
        (small().of_version(1).bytes(), "version 1 of the GGUF format, and versions 2 and 3 are read"),
        (small().entry("list", 9, &[&9_u32.to_le_bytes()[..], &[0; 8]].concat()).bytes(), "under “list” a value of kind 9"),
        (small().entry("general.quantization_version", 13, &[0; 8]).bytes(), "under “general.quantization_version” a value of kind 13"),
        (small().entry("yes", 7, &[2]).bytes(), "under “yes” a value of kind 7"),
        (small().whole("general.alignment", 24).bytes(), "“general.alignment”"),
        (small().text("general.architecture", "gemma").bytes(), "family “gemma”, and only “llama” is read"),
        (small().without("general.architecture").bytes(), "family “”"),
        (small().without("llama.block_count").bytes(), "does not say “llama.block_count”"),
        (small().text("llama.block_count", "2").bytes(), "has a text under “llama.block_count”, where a whole number"),
        (small().whole("llama.block_count", 3).bytes(), "lacks the array “blk.2.attn_k.weight”"),
        (small().whole("llama.block_count", 1).bytes(), "do not have here: “blk.1.attn_k.weight”"),
        (small().whole("llama.block_count", 4_000_000).bytes(), "has 4000000 under “llama.block_count”, where a number from 1 to 128"),
        (small().whole("llama.attention.head_count", 3).bytes(), "splits the width 256 into pairs"),
        (
            small().whole("llama.attention.head_count_kv", 3).bytes(),
            "has 3 under “llama.attention.head_count_kv”, where a divisor of the 4 heads",
        ),
        (small().whole("llama.rope.dimension_count", 32).bytes(), "the width of a head, 64"),
        (small().text("llama.rope.scaling.type", "yarn").bytes(), "“llama.rope.scaling.type”, and models that have it are not read"),
        (small().whole("llama.expert_count", 8).bytes(), "“llama.expert_count”, and models that have it are not read"),
        (small().number("llama.rope.freq_base", -1.0).bytes(), "has -1 under “llama.rope.freq_base”"),
        (small().number("llama.rope.freq_base", f32::NAN).bytes(), "“llama.rope.freq_base”, where a finite number"),
        (small().without("llama.attention.layer_norm_rms_epsilon").bytes(), "does not say “llama.attention.layer_norm_rms_epsilon”"),
        (small().whole("llama.vocab_size", 7).bytes(), "has 7 under “llama.vocab_size”"),
        (small().without("token_embd.weight").bytes(), "lacks the array “token_embd.weight”"),
        (small().array("blk.0.attn_q.bias", &[WIDTH], 0, vec![0; 4 * WIDTH]).bytes(), "do not have here: “blk.0.attn_q.bias”"),
        (
            small().array("blk.1.ffn_up.weight", &[HIDDEN, WIDTH], 8, zeros(HIDDEN * WIDTH)).bytes(),
            "“blk.1.ffn_up.weight” has the extents [512, 256], and the model's has [256, 512]",
        ),
        (small().array("output_norm.weight", &[WIDTH], 10, vec![0; 84]).bytes(), "type with the number 10; F32, F16"),
        (small().array("output_norm.weight", &[WIDTH - 1], 8, zeros(WIDTH)).bytes(), "rows of 255 numbers, of which no whole blocks of 32"),
        (small().array("output_norm.weight", &[usize::MAX / 2], 0, vec![]).bytes(), "“output_norm.weight” of F32 has rows of"),
        (small().array("output_norm.weight", &[WIDTH, 1, 1, 1, 1], 0, vec![0; 4 * WIDTH]).bytes(), "has 5 axes, and arrays of 1 to 4"),
        (
            small().array("output_norm.weight", &[WIDTH], 0, vec![255; 4 * WIDTH]).bytes(),
            "“output_norm.weight” has a number that is not finite, at place 1",
        ),
        (small().without("tokenizer.ggml.model").bytes(), "has “” as its “tokenizer.ggml.model”, and only “gpt2” is read"),
        (small().text("tokenizer.ggml.pre", "qwen2").bytes(), "has “qwen2” as its “tokenizer.ggml.pre”, and only “smollm” is read"),
        (small().without("tokenizer.ggml.merges").bytes(), "has no “tokenizer.ggml.merges”"),
        (small().texts("tokenizer.ggml.merges", &["o n".into(), "Ġ t".into()]).bytes(), "its merge 2, “Ġ t”, does not make the next token"),
        (small().texts("tokenizer.ggml.merges", &["o z".into()]).bytes(), "its merge 1, “o z”"),
        (small().texts("tokenizer.ggml.tokens", &["a".into(), "a b".into()]).bytes(), "its token 1, “a b”, does not stand for bytes"),
        (small().texts("tokenizer.ggml.tokens", &[]).bytes(), "has 0 tokens"),
        (
            small()
                .texts("tokenizer.ggml.tokens", &["o".into(), "n".into(), "on".into()])
                .texts("tokenizer.ggml.merges", &["o n".into()])
                .bytes(),
            "has 3 under “tokenizer.ggml.tokens”",
        ),
        (small().whole("tokenizer.ggml.eos_token_id", 90_000).bytes(), "its “tokenizer.ggml.eos_token_id” is 90000"),
    ];
    for (file, sentence) in expected {
        let said = why(file);
        assert!(said.contains(sentence), "{said} — {sentence}");
    }
}

/// The other language of the page says all of it, to the last clause.
#[test]
fn what_is_refused_is_refused_in_the_language_of_the_page() {
    Language::Chinese.speak(include_str!("../../www/locale/zh.tsv"));
    let whole = small_model().bytes();
    for (file, chinese) in [
        (b"PK\x03\x04 and so on".to_vec(), "这不是 GGUF 文件：它有 14 字节，前四个字节不是“GGUF”"),
        (whole[..100].to_vec(), "字节处就结束了，而那里应当是条目“"),
        (small_model().text("llama.block_count", "2").bytes(), "文件头的“llama.block_count”是文本，而这里应当是从零起的整数"),
        (small_model().whole("llama.block_count", 4_000_000).bytes(), "“llama.block_count”是4000000，而这里应当是1 到 128 之间的数"),
        (small_model().text("tokenizer.ggml.pre", "qwen2").bytes(), "它的分词器的“tokenizer.ggml.pre”是“qwen2”，只能读取“smollm”"),
    ] {
        let said = why(file);
        assert!(said.contains(chinese), "{said} — {chinese}");
    }
}

#[test]
fn a_file_that_is_cut_or_goes_on_is_refused_and_a_beginning_is_told_from_a_whole() {
    let whole = small_model().bytes();
    let size = whole.len() as u64;
    assert!(why([&whole[..], &[0; 64]].concat()).contains("it may have been cut off, or something stands behind it"));
    assert!(why(whole[..whole.len() - 4096].to_vec()).contains("by its header it should have"));
    // The header is enough to know what the file is; with less of it, that it goes on.
    let start = LanguageModel::open(whole.clone()).ok().map_or(0, |model| model.start() as usize);
    assert_eq!(LanguageModel::check(&whole[..start], size), Ok(()));
    for part in [4, 23, 24, 100, start - 100] {
        let why = LanguageModel::check(&whole[..part], size);
        assert!(matches!(why, Err(NoLanguageModel::File(Unreadable::Cut { .. }))), "{part} {why:?}");
    }
    assert_eq!(LanguageModel::check(&whole[..start], 2_000_000_000), Err(NoLanguageModel::Large(2_000_000_000)));
}
