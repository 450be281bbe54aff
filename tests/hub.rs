//! The small GGUF model once more as the three files of a hub, as the tests write them.

use crate::gguf::{GgufFile, HEADS, HIDDEN, KEY_VALUE_HEADS, LAYERS, WIDTH, small_model_of, vocabulary};
use glasses_contract::hub_files;
use glasses_engine::block::BlockType;
use serde_json::{Map, Value, json};

/// Three files in the making.
#[derive(Clone, Debug)]
pub struct HubFiles {
    /// What `config.json` holds.
    pub config: Value,
    /// What `tokenizer.json` holds.
    pub tokenizer: Value,
    /// The arrays: name, type, shape, bytes.
    pub arrays: Vec<(String, String, Vec<usize>, Vec<u8>)>,
}

/// The small model in one type of numbers, in a GGUF file and in three.
pub fn small_models(of: BlockType) -> (GgufFile, HubFiles) {
    let gguf = small_model_of(&[of]);
    let (tokens, merges) = vocabulary();
    let config = json!({
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "num_hidden_layers": LAYERS,
        "hidden_size": WIDTH,
        "intermediate_size": HIDDEN,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_VALUE_HEADS,
        "rms_norm_eps": 1e-4,
        "rope_theta": 50_000.0,
        "rope_scaling": null,
        "hidden_act": "silu",
        "attention_bias": false,
        "tie_word_embeddings": true,
        "vocab_size": tokens.len(),
        "bos_token_id": 1,
        "eos_token_id": 2,
    });
    let added = |id: usize| json!({ "id": id, "content": tokens[id], "special": true, "normalized": false });
    let vocabulary: Map<String, Value> = tokens.iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
    let tokenizer = json!({
        "version": "1.0",
        "added_tokens": [added(0), added(1), added(2)],
        "normalizer": null,
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Digits", "individual_digits": true },
            { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true },
        ] },
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": { "type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
            "vocab": vocabulary, "merges": merges },
    });
    let arrays = gguf.arrays().map(|(name, extents, bytes)| array(name, extents, bytes, of)).collect();
    (gguf, HubFiles { config, tokenizer, arrays })
}

fn array(name: &str, extents: &[u64], bytes: &[u8], of: BlockType) -> (String, String, Vec<usize>, Vec<u8>) {
    let called = match name {
        "token_embd.weight" => "model.embed_tokens.weight".into(),
        "output_norm.weight" => "model.norm.weight".into(),
        "output.weight" => "lm_head.weight".into(),
        _ => {
            let parts: Vec<&str> = name.split('.').collect();
            let own = match parts[2] {
                "attn_norm" => "input_layernorm",
                "attn_q" => "self_attn.q_proj",
                "attn_k" => "self_attn.k_proj",
                "attn_v" => "self_attn.v_proj",
                "attn_output" => "self_attn.o_proj",
                "ffn_norm" => "post_attention_layernorm",
                "ffn_gate" => "mlp.gate_proj",
                "ffn_up" => "mlp.up_proj",
                _ => "mlp.down_proj",
            };
            format!("model.layers.{}.{own}.weight", parts[1])
        }
    };
    let dtype = if extents.len() == 1 { "F32" } else { of.name() };
    let shape: Vec<usize> = extents.iter().rev().map(|&extent| extent as usize).collect();
    let turns = called.contains("q_proj") || called.contains("k_proj");
    let bytes = if turns { halves(bytes, shape[0]) } else { bytes.to_vec() };
    (called, dtype.into(), shape, bytes)
}

/// Rows of queries or keys whose pairs are 2i and 2i + 1, with the pairs i and i + c/2: of each head first the even ones, then the odd ones.
fn halves(bytes: &[u8], rows: usize) -> Vec<u8> {
    let head = WIDTH / HEADS;
    let rows: Vec<&[u8]> = bytes.chunks_exact(bytes.len() / rows).collect();
    let of_head = |rows: &[&[u8]]| [0, 1].map(|first| rows.iter().skip(first).step_by(2).copied().collect::<Vec<_>>().concat()).concat();
    rows.chunks_exact(head).flat_map(of_head).collect()
}

impl HubFiles {
    /// With an entry of `config.json`.
    pub fn config(mut self, field: &str, value: Value) -> Self {
        self.config[field] = value;
        self
    }

    /// Without one.
    pub fn without(mut self, field: &str) -> Self {
        self.config.as_object_mut().and_then(|config| config.remove(field));
        self
    }

    /// With an entry of `tokenizer.json`, by its path.
    pub fn tokenizer(mut self, path: &str, value: Value) -> Self {
        let (object, field) = path.rsplit_once('/').unwrap_or_default();
        if let Some(object) = self.tokenizer.pointer_mut(object).and_then(Value::as_object_mut) {
            object.insert(field.into(), value);
        }
        self
    }

    /// Without an array.
    pub fn without_array(mut self, name: &str) -> Self {
        self.arrays.retain(|(known, ..)| known != name);
        self
    }

    /// With one more array.
    pub fn array(mut self, name: &str, dtype: &str, shape: &[usize], bytes: Vec<u8>) -> Self {
        self.arrays.retain(|(known, ..)| known != name);
        self.arrays.push((name.into(), dtype.into(), shape.to_vec(), bytes));
        self
    }

    /// The three files.
    pub fn files(&self) -> [Vec<u8>; 3] {
        let (mut header, mut numbers) = (Map::new(), Vec::new());
        header.insert("__metadata__".into(), json!({ "format": "pt" }));
        for (name, dtype, shape, bytes) in &self.arrays {
            let start = numbers.len();
            numbers.extend(bytes);
            header.insert(name.clone(), json!({ "dtype": dtype, "shape": shape, "data_offsets": [start, numbers.len()] }));
        }
        let header = Value::from(header).to_string();
        let weights = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &numbers].concat();
        [self.config.to_string().into_bytes(), self.tokenizer.to_string().into_bytes(), weights]
    }

    /// The three as one.
    pub fn bytes(&self) -> Vec<u8> {
        as_one(&self.files())
    }
}

/// Three files as one.
pub fn as_one(files: &[Vec<u8>; 3]) -> Vec<u8> {
    let head = hub_files::head(files.each_ref().map(|file| file.len() as u64));
    [&head[..], &files[0], &files[1], &files[2]].concat()
}
