//! The three files of a hub: whatever was done to them, they are the model that their bytes say, or are refused in a sentence.

use crate::gguf::{is_a_sentence, is_what_it_says};
use crate::knock;
use glasses_engine::block::BlockType;
use glasses_engine::language_model::LanguageModel;
use glasses_tests::hub::{as_one, small_models};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;

/// What is done to one of the files.
#[derive(Clone, Debug)]
enum Change {
    /// One byte in front of the numbers is another.
    Byte(usize, Index, u8),
    /// One text in place of another, where it is met first behind some place.
    Text(usize, Index, &'static str, &'static str),
    /// A piece is left out.
    Out(usize, Index, usize),
    /// The end is cut off.
    Cut(usize, Index),
    /// One byte of the head of all is another.
    Head(Index, u8),
}

fn changes() -> impl Strategy<Value = Change> {
    let texts = vec![
        ("256", "255"),
        ("2", "4"),
        ("1", "-1"),
        ("0", "1e99"),
        ("false", "true"),
        ("null", "{}"),
        ("null", "\"a\""),
        ("llama", "gemma"),
        ("q_proj", "k_proj"),
        ("F32", "F16"),
        ("F32", "F64"),
        ("{", "["),
        (":", ","),
        ("\"on\"", "\"no\""),
        ("Ġ", "\u{1}"),
        ("vocab", "merges"),
        ("Digits", "Split"),
        ("content", "id"),
    ];
    prop_oneof![
        4 => (0..3_usize, any::<Index>(), any::<u8>()).prop_map(|(file, at, byte)| Change::Byte(file, at, byte)),
        6 => (0..3_usize, any::<Index>(), select(texts)).prop_map(|(file, at, (from, to))| Change::Text(file, at, from, to)),
        2 => (0..3_usize, any::<Index>(), 1..200_usize).prop_map(|(file, from, length)| Change::Out(file, from, length)),
        1 => (0..3_usize, any::<Index>()).prop_map(|(file, at)| Change::Cut(file, at)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Head(at, byte)),
    ]
}

static SMALL: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| small_models(BlockType::F32).1.files());

/// Bytes of a file in front of its numbers, which are most of the last one.
fn words(file: usize) -> usize {
    let length = SMALL[2].first_chunk().map_or(0, |length| u64::from_le_bytes(*length) as usize);
    if file == 2 { 8 + length } else { SMALL[file].len() }
}

fn changed(changes: &[Change]) -> Vec<u8> {
    let mut files = SMALL.clone();
    let mut heads = Vec::new();
    for change in changes {
        match change {
            Change::Byte(file, at, byte) => {
                let at = at.index(words(*file));
                files[*file].iter_mut().skip(at).take(1).for_each(|place| *place = *byte);
            }
            Change::Text(file, at, from, to) => {
                let text = &mut files[*file];
                let end = words(*file).min(text.len());
                let places: Vec<usize> = (0..end).filter(|&place| text[place..].starts_with(from.as_bytes())).collect();
                if !places.is_empty() {
                    let place = *at.get(&places);
                    text.splice(place..place + from.len(), to.bytes());
                }
            }
            Change::Out(file, from, length) => {
                let text = &mut files[*file];
                let from = from.index(words(*file)).min(text.len());
                text.drain(from..(from + length).min(text.len()));
            }
            Change::Cut(file, at) => files[*file].truncate(at.index(SMALL[*file].len())),
            Change::Head(at, byte) => heads.push((at.index(32), *byte)),
        }
    }
    let mut file = as_one(&files);
    heads.into_iter().for_each(|(at, byte)| file[at] = byte);
    file
}

#[test]
fn three_files_are_the_model_that_they_say_or_are_refused() {
    knock(2_000, vec(changes(), 0..4), |changes| {
        let file = changed(&changes);
        let size = file.len() as u64;
        let language_model = match LanguageModel::open(file) {
            Ok(language_model) => language_model,
            Err(why) => return is_a_sentence(&why),
        };
        is_what_it_says(&language_model, size)
    });
}
