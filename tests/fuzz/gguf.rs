//! A language model's file: whatever was done to it, it is the model that its bytes say, or is refused in a sentence; and costs no more memory than it has
//! bytes.

use crate::knock;
use glasses_engine::language_model::{LanguageModel, NoLanguageModel};
use glasses_engine::tokenizer::Tokenizer;
use glasses_engine::transformer::parameters;
use glasses_tests::gguf::small_model;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;
use std::sync::LazyLock;

/// What reading a file may hold at once beside it: names, shapes and tokens, some hundred bytes for each that takes some ten in it.
const TIMES_ITS_HEADER: u64 = 40;
const BESIDES: u64 = 256 << 10;

/// What is done to a file.
#[derive(Clone, Debug)]
enum Change {
    /// One byte of the header is another.
    Byte(Index, u8),
    /// Four or eight bytes of the header are a number.
    Number(Index, u64, bool),
    /// One text in place of another of the same length, where it is met first behind some place.
    Text(Index, &'static str, &'static str),
    /// A piece of the header once more, somewhere.
    Again(Index, usize, Index),
    /// A piece of the header is left out.
    Out(Index, usize),
    /// The end is cut off.
    Cut(Index),
    /// Something stands behind the end.
    Behind(usize),
    /// One byte of the numbers is another.
    Weight(Index, u8),
}

fn changes() -> impl Strategy<Value = Change> {
    let texts = vec![
        ("blk.0", "blk.1"),
        ("blk.1", "blk.2"),
        ("attn_q", "attn_k"),
        ("ffn_up", "ffn_uq"),
        ("llama", "gemma"),
        ("block_count", "block_counu"),
        ("head_count_kv", "head_count_kw"),
        ("smollm", "qwen-2"),
        ("gpt2", "llam"),
        ("merges", "merger"),
        ("weight", "height"),
        ("tokens", "scores"),
    ];
    let numbers = prop_oneof![0_u64..40, select(vec![255, 256, 512, u64::from(u32::MAX), u64::MAX, 1 << 62, 1 << 40]), any::<u64>()];
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        3 => (any::<Index>(), numbers, any::<bool>()).prop_map(|(at, number, wide)| Change::Number(at, number, wide)),
        3 => (any::<Index>(), select(texts)).prop_map(|(at, (from, to))| Change::Text(at, from, to)),
        1 => (any::<Index>(), 1..200_usize, any::<Index>()).prop_map(|(from, length, to)| Change::Again(from, length, to)),
        1 => (any::<Index>(), 1..200_usize).prop_map(|(from, length)| Change::Out(from, length)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (1..200_usize).prop_map(Change::Behind),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Weight(at, byte)),
    ]
}

struct Small {
    bytes: Vec<u8>,
    header: usize,
}

static SMALL: LazyLock<Small> = LazyLock::new(|| {
    let bytes = small_model().bytes();
    let header = LanguageModel::open(bytes.clone()).map_or(0, |model| model.start() as usize);
    Small { bytes, header }
});

fn changed(changes: &[Change]) -> Vec<u8> {
    let Small { bytes, header } = &*SMALL;
    let (mut file, header) = (bytes.clone(), *header);
    for change in changes {
        if file.len() <= header {
            break;
        }
        // Beginnings, lengths and kinds come first in a header, and texts are most of it.
        let place = |at: &Index| if at.index(3) == 0 { at.index(600) } else { at.index(header) };
        match change {
            Change::Byte(at, byte) => file[place(at)] = *byte,
            Change::Number(at, number, wide) => {
                let bytes = number.to_le_bytes();
                let bytes = if *wide { &bytes[..] } else { &bytes[..4] };
                file.iter_mut().skip(place(at)).zip(bytes).for_each(|(byte, new)| *byte = *new);
            }
            Change::Text(at, from, to) => {
                let from_bytes = from.as_bytes();
                let places: Vec<usize> = (0..header).filter(|&place| file[place..].starts_with(from_bytes)).collect();
                if !places.is_empty() {
                    let place = *at.get(&places);
                    file[place..place + to.len()].copy_from_slice(to.as_bytes());
                }
            }
            Change::Again(from, length, to) => {
                let piece: Vec<u8> = file[place(from)..header].iter().copied().take(*length).collect();
                let to = place(to);
                file.splice(to..to, piece);
            }
            Change::Out(from, length) => {
                let from = place(from);
                file.drain(from..(from + length).min(header));
            }
            Change::Cut(at) => file.truncate(at.index(file.len())),
            Change::Behind(count) => file.extend(vec![0; *count]),
            Change::Weight(at, byte) => {
                let at = header + at.index(file.len() - header);
                file[at] = *byte;
            }
        }
    }
    file
}

#[test]
fn a_file_is_the_model_that_it_says_or_is_refused() {
    knock(10_000, vec(changes(), 0..4), |changes| {
        let file = changed(&changes);
        let size = file.len() as u64;
        let mut read = None;
        // The header alone first, as of a file that is still on its way.
        let cost = allocation_counter::measure(|| read = Some(LanguageModel::check(&file[..file.len().min(SMALL.header + 4096)], size)));
        let most = TIMES_ITS_HEADER * SMALL.header as u64 + BESIDES;
        prop_assert!(cost.bytes_max <= most, "{} bytes of memory for a header of {}", cost.bytes_max, SMALL.header);
        let language_model = match LanguageModel::open(file) {
            Ok(language_model) => language_model,
            Err(why) => return is_a_sentence(&why),
        };
        prop_assert!(language_model.arrays().values().all(|array| array.in_file(&SMALL.bytes).len() as u64 <= size));
        is_what_it_says(&language_model, size)
    });
}

/// Whether a refusal is a sentence that people can read.
pub fn is_a_sentence(why: &NoLanguageModel) -> TestCaseResult {
    let said = why.to_string();
    // A quotation has 40 characters, each of which may be one that can't be seen and is named.
    prop_assert!(!said.is_empty() && said.chars().count() < 1500 && !said.contains(|character: char| character.is_control()), "{said:?}");
    Ok(())
}

/// Whether nothing is there that a file of so many bytes does not hold, and all of the model is.
pub fn is_what_it_says(language_model: &LanguageModel, size: u64) -> TestCaseResult {
    let (model, arrays) = (language_model.model(), language_model.arrays());
    let count: u64 = parameters(model).iter().map(|parameter| parameter.count()).sum();
    let held: usize = arrays.values().map(|array| array.extents.iter().product::<usize>()).sum();
    prop_assert_eq!(count, held as u64);
    prop_assert_eq!(arrays.len(), parameters(model).len());
    prop_assert!(arrays.values().all(|array| array.bytes.end <= size));
    let tokenizer = language_model.tokenizer();
    prop_assert_eq!(tokenizer.size(), model.architecture.vocabulary);
    let text = "On the one hand, 12 things";
    let tokens = tokenizer.tokens(text);
    prop_assert!(tokens.iter().all(|token| (token.0 as usize) < tokenizer.size()));
    Ok(())
}
