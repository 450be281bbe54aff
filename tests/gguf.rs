//! Small GGUF files, as the tests write them.

use glasses_engine::block::BlockType;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A file in the making.
#[derive(Clone, Debug)]
pub struct GgufFile {
    version: u32,
    entries: Vec<(String, Vec<u8>)>,
    arrays: Vec<(String, Vec<u64>, u32, Vec<u8>)>,
}

/// What the small model is.
pub const LAYERS: usize = 2;
/// Width of its residual stream: that of a block of the widest type.
pub const WIDTH: usize = 256;
/// Its heads.
pub const HEADS: usize = 4;
/// Its heads of keys and values.
pub const KEY_VALUE_HEADS: usize = 2;
/// Width of its feed-forward's hidden layer.
pub const HIDDEN: usize = 512;

impl Default for GgufFile {
    fn default() -> Self {
        Self { version: 3, entries: Vec::new(), arrays: Vec::new() }
    }
}

impl GgufFile {
    /// Of another version of the format.
    pub fn of_version(self, version: u32) -> Self {
        Self { version, ..self }
    }

    /// With an entry of whichever kind, by its number, and the bytes of its value.
    pub fn entry(mut self, name: &str, kind: u32, bytes: &[u8]) -> Self {
        self.entries.retain(|(known, _)| known != name);
        self.entries.push((name.into(), [&kind.to_le_bytes(), bytes].concat()));
        self
    }

    /// With a whole number.
    pub fn whole(self, name: &str, number: u32) -> Self {
        self.entry(name, 4, &number.to_le_bytes())
    }

    /// With a number.
    pub fn number(self, name: &str, number: f32) -> Self {
        self.entry(name, 6, &number.to_le_bytes())
    }

    /// With a text.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.entry(name, 8, &written(text))
    }

    /// With a list of texts.
    pub fn texts(self, name: &str, texts: &[String]) -> Self {
        let mut bytes = [8_u32.to_le_bytes().to_vec(), (texts.len() as u64).to_le_bytes().to_vec()].concat();
        texts.iter().for_each(|text| bytes.extend(written(text)));
        self.entry(name, 9, &bytes)
    }

    /// With an array.
    pub fn array(mut self, name: &str, extents: &[usize], of: u32, bytes: Vec<u8>) -> Self {
        self.arrays.retain(|(known, ..)| known != name);
        self.arrays.push((name.into(), extents.iter().map(|&extent| extent as u64).collect(), of, bytes));
        self
    }

    /// Without an entry or an array.
    pub fn without(mut self, name: &str) -> Self {
        self.entries.retain(|(known, _)| known != name);
        self.arrays.retain(|(known, ..)| known != name);
        self
    }

    /// The arrays: name, extents, bytes.
    pub fn arrays(&self) -> impl Iterator<Item = (&str, &[u64], &[u8])> {
        self.arrays.iter().map(|(name, extents, _, bytes)| (name.as_str(), extents.as_slice(), bytes.as_slice()))
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut file = b"GGUF".to_vec();
        file.extend(self.version.to_le_bytes());
        file.extend((self.arrays.len() as u64).to_le_bytes());
        file.extend((self.entries.len() as u64).to_le_bytes());
        for (name, value) in &self.entries {
            file.extend(written(name));
            file.extend(value);
        }
        let mut numbers: Vec<u8> = Vec::new();
        for (name, extents, of, bytes) in &self.arrays {
            file.extend(written(name));
            file.extend((extents.len() as u32).to_le_bytes());
            extents.iter().for_each(|extent| file.extend(extent.to_le_bytes()));
            file.extend(of.to_le_bytes());
            file.extend((numbers.len() as u64).to_le_bytes());
            numbers.extend(bytes);
            numbers.resize(numbers.len().next_multiple_of(32), 0);
        }
        file.resize(file.len().next_multiple_of(32), 0);
        file.extend(numbers);
        file
    }
}

fn written(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// Blocks of random numbers of about so much size, as many as make `count` numbers.
pub fn random_blocks(of: BlockType, count: usize, size: f32, random: &mut ChaCha8Rng) -> Vec<u8> {
    let uniform = |random: &mut ChaCha8Rng| (random.next_u32() as f32 / u32::MAX as f32) * 2.0 - 1.0;
    match of {
        BlockType::F32 => (0..count).flat_map(|_| (size * 1.7 * uniform(random)).to_le_bytes()).collect(),
        BlockType::Bf16 => (0..count).flat_map(|_| (((size * 1.7 * uniform(random)).to_bits() >> 16) as u16).to_le_bytes()).collect(),
        BlockType::F16 => (0..count).flat_map(|_| to_half(size * 1.7 * uniform(random)).to_le_bytes()).collect(),
        _ => {
            let mut bytes: Vec<u8> = (0..count / of.values() * of.bytes()).map(|_| random.next_u32() as u8).collect();
            for block in bytes.chunks_exact_mut(of.bytes()) {
                // The steps of the type, and where zero is among them.
                let (places, step, minimum): (&[usize], f32, f32) = match of {
                    BlockType::Q4_0 => (&[0], 0.2, 0.0),
                    BlockType::Q4_1 => (&[0, 2], 0.2, -1.5),
                    BlockType::Q5_0 => (&[0], 0.1, 0.0),
                    BlockType::Q5_1 => (&[0, 2], 0.1, -1.5),
                    BlockType::Q8_0 => (&[0], 0.013, 0.0),
                    BlockType::Q4K => (&[0, 2], 0.006, 0.05),
                    BlockType::Q5K => (&[0, 2], 0.003, 0.05),
                    _ => (&[208], 0.0007, 0.0),
                };
                for (&at, value) in places.iter().zip([step, minimum]) {
                    block[at..at + 2].copy_from_slice(&to_half(size * value).to_le_bytes());
                }
            }
            bytes
        }
    }
}

/// The bits of a number in half precision, cut off; of the small numbers here, which are in its range.
fn to_half(value: f32) -> u16 {
    let bits = value.to_bits();
    let exponent = (bits >> 23 & 255) as i32 - 127 + 15;
    if exponent <= 0 {
        return 0;
    }
    (bits >> 16 & 0x8000) as u16 | (exponent as u16) << 10 | (bits >> 13 & 0x3ff) as u16
}

/// The tokens of the small model: three that no text becomes, one for each byte but NUL, and what merges make of them.
pub fn vocabulary() -> (Vec<String>, Vec<String>) {
    let letter = |byte: u8| match byte {
        b'!'..=b'~' | 0xa1..=0xac | 0xae.. => char::from(byte),
        // Those in front of it that are not themselves, in their order.
        _ => {
            char::from_u32(256 + (0..byte).filter(|byte| !matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..)).count() as u32).unwrap_or(' ')
        }
    };
    let mut tokens: Vec<String> = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"].map(String::from).to_vec();
    tokens.extend((1..=255).map(|byte| letter(byte).to_string()));
    let merges = ["Ġ t", "h e", "Ġt he", "o n", "on e", "Ġ one", "i n", "in g", "Ġ Ġ", "ĠĠ ĠĠ"].map(String::from).to_vec();
    tokens.extend(merges.iter().map(|merge| merge.replace(' ', "")));
    (tokens, merges)
}

/// A small model of the family that is read, with blocks of every type.
pub fn small_model() -> GgufFile {
    small_model_of(&BlockType::ALL)
}

/// The same with matrices of these types in turns.
pub fn small_model_of(types: &[BlockType]) -> GgufFile {
    let (tokens, merges) = vocabulary();
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut file = GgufFile::default()
        .text("general.architecture", "llama")
        .text("general.name", "small")
        .whole("llama.block_count", LAYERS as u32)
        .whole("llama.context_length", 512)
        .whole("llama.embedding_length", WIDTH as u32)
        .whole("llama.feed_forward_length", HIDDEN as u32)
        .whole("llama.attention.head_count", HEADS as u32)
        .whole("llama.attention.head_count_kv", KEY_VALUE_HEADS as u32)
        .whole("llama.rope.dimension_count", (WIDTH / HEADS) as u32)
        .number("llama.rope.freq_base", 50_000.0)
        .number("llama.attention.layer_norm_rms_epsilon", 1e-4)
        .whole("llama.vocab_size", tokens.len() as u32)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "smollm")
        .texts("tokenizer.ggml.tokens", &tokens)
        .texts("tokenizer.ggml.merges", &merges)
        .whole("tokenizer.ggml.bos_token_id", 1)
        .whole("tokenizer.ggml.eos_token_id", 2);
    let mut kinds = types.iter().copied().cycle();
    let mut matrix = |file: GgufFile, name: &str, inputs: usize, outputs: usize, size: f32| {
        let of = kinds.next().unwrap_or(BlockType::F32);
        let bytes = random_blocks(of, inputs * outputs, size, &mut random);
        file.array(name, &[inputs, outputs], of.id(), bytes)
    };
    let of_keys = WIDTH / HEADS * KEY_VALUE_HEADS;
    file = matrix(file, "token_embd.weight", WIDTH, tokens.len(), 1.0);
    for layer in (0..LAYERS).rev() {
        let at = |name: &str| format!("blk.{layer}.{name}.weight");
        for (name, inputs, outputs) in [
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", WIDTH, of_keys),
            ("attn_v", WIDTH, of_keys),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", WIDTH, HIDDEN),
            ("ffn_up", WIDTH, HIDDEN),
            ("ffn_down", HIDDEN, WIDTH),
        ] {
            file = matrix(file, &at(name), inputs, outputs, 0.06);
        }
        for name in ["attn_norm", "ffn_norm"] {
            file = file.array(&at(name), &[WIDTH], 0, gains(layer));
        }
    }
    file.array("output_norm.weight", &[WIDTH], 0, gains(7))
}

/// Numbers around one.
fn gains(seed: usize) -> Vec<u8> {
    (0..WIDTH).flat_map(|at| (0.75 + ((at * 7 + seed) % 11) as f32 / 20.0).to_le_bytes()).collect()
}
