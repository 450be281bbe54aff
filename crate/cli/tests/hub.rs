//! A language model in the three files of a hub: named by its folder or by its weights, and kept from being written over.

mod program;

use program::{folder, run};
use std::fs;
use std::path::Path;

const CONFIG: &str = r#"{"model_type": "llama", "num_hidden_layers": 1, "hidden_size": 2, "intermediate_size": 2, "num_attention_heads": 1,
    "rms_norm_eps": 1e-5, "tie_word_embeddings": true}"#;
const TOKENIZER: &str = r#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true}, {"type": "ByteLevel"}]}}"#;
const LINK: &str = "v=1&bos=none&a=ba^n&b=ba^nb&n=2&max=3";

/// Weights that are all one half.
fn weights() -> Vec<u8> {
    let arrays = [
        ("embed_tokens", "3,2"),
        ("layers.0.input_layernorm", "2"),
        ("layers.0.self_attn.q_proj", "2,2"),
        ("layers.0.self_attn.k_proj", "2,2"),
        ("layers.0.self_attn.v_proj", "2,2"),
        ("layers.0.self_attn.o_proj", "2,2"),
        ("layers.0.post_attention_layernorm", "2"),
        ("layers.0.mlp.gate_proj", "2,2"),
        ("layers.0.mlp.up_proj", "2,2"),
        ("layers.0.mlp.down_proj", "2,2"),
        ("norm", "2"),
    ];
    let (mut entries, mut end) = (Vec::new(), 0);
    for (name, shape) in arrays {
        let start = end;
        end += 4 * shape.split(',').map(|extent| extent.parse::<usize>().expect("an extent")).product::<usize>();
        entries.push(format!(r#""model.{name}.weight":{{"dtype":"F32","shape":[{shape}],"data_offsets":[{start},{end}]}}"#));
    }
    let header = format!("{{{}}}", entries.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &0.5_f32.to_le_bytes().repeat(end / 4)].concat()
}

fn write(folder: &Path) {
    fs::create_dir(folder).expect("a folder");
    for (name, bytes) in [("config.json", CONFIG.into()), ("tokenizer.json", TOKENIZER.into()), ("model.safetensors", weights())] {
        fs::write(folder.join(name), bytes).expect("a file");
    }
}

#[test]
fn a_folder_is_the_model_of_its_three_files() {
    let folder = folder();
    write(&folder.path().join("model"));
    let tokens = |model: &str| run(folder.path(), ["tokens", LINK, "--model", model]).succeeds().said;
    let said = tokens("model");
    assert!(said.contains("ab") && said == tokens("model/model.safetensors") && said == tokens("model/"), "{said}");
    let report = run(folder.path(), ["report", LINK, "--model", "model"]).succeeds().said;
    assert!(report.contains("a language model, file "), "{report}");
}

#[test]
fn what_is_missing_is_named_and_none_of_them_is_written_over() {
    let folder = folder();
    let model = folder.path().join("model");
    write(&model);
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        let out = format!("model/{name}");
        run(folder.path(), ["draw", LINK, "--figure", "distance-by-n", "--out", &out, "--model", "model"]).refuses(&["--model"]);
    }
    run(folder.path(), ["draw", LINK, "--figure", "distance-by-n", "--out", "model/a.svg", "--model", "model"]).succeeds();
    fs::remove_file(model.join("tokenizer.json")).expect("it was there");
    run(folder.path(), ["tokens", LINK, "--model", "model"]).refuses(&["can't be read", "tokenizer.json is missing"]);
    fs::write(model.join("tokenizer.json"), TOKENIZER.replace("Digits", "Digitz")).expect("a file");
    run(folder.path(), ["tokens", LINK, "--model", "model"]).refuses(&["“Digitz(individual_digits), ByteLevel(use…”"]);
}
