//! A model's file: any bytes are read as the arrays that another reader finds in them, or refused.

use crate::knock;
use glasses_contract::config::Model;
use glasses_engine::model_file::Header;
use glasses_engine::transformer::parameters;
use glasses_engine::weights::Weights;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use safetensors::SafeTensors;
use std::collections::BTreeMap;

fn model() -> Model {
    Model { layers: 1, heads: 1, width: 4, ..Model::default() }
}

/// The arrays of a small model in one type of numbers, as a header and the bytes behind it.
fn written(dtype: &str, width: usize) -> (String, Vec<u8>) {
    let weights = Weights::draw(&model());
    let mut numbers: Vec<u8> = Vec::new();
    let mut entries = Vec::new();
    for (name, array) in weights.arrays() {
        let start = numbers.len();
        for value in &array.values {
            let bytes = value.to_le_bytes();
            match width {
                // The upper half of a number of f32 is one of bf16, and some number of f16.
                2 => numbers.extend(&bytes[2..]),
                4 => numbers.extend(bytes),
                _ => numbers.extend(f64::from(*value).to_le_bytes()),
            }
        }
        entries.push(format!(r#""{name}":{{"dtype":"{dtype}","shape":{:?},"data_offsets":[{start},{}]}}"#, array.shape, numbers.len()));
    }
    entries.insert(0, r#""__metadata__":{"link":"v=1"}"#.into());
    (format!("{{{}}}", entries.join(",")), numbers)
}

/// What is done to a header, or to the whole file.
#[derive(Clone, Debug)]
enum Change {
    /// One text in the place of another, where it is met first behind some place.
    Text(Index, &'static str, &'static str),
    /// A piece of the header once more, somewhere.
    Again(Index, usize, Index),
    /// One byte of the file.
    Byte(Index, u8),
    /// The end is cut off.
    Cut(Index),
    /// Something stands behind the end.
    Behind(Vec<u8>),
    /// Another length of the header.
    Length(u64),
}

fn changes() -> impl Strategy<Value = Change> {
    let texts: Vec<(&str, &str)> = vec![
        ("F32", "I32"),
        ("F32", "F64"),
        ("F16", "BF16"),
        ("F32", "F8_E4M3"),
        ("F32", "f32"),
        ("weight", "bias"),
        ("bias", "gain"),
        ("query", "key"),
        ("[4", "[-4"),
        ("[4", "[4.5"),
        ("[4,", "[2,2,"),
        ("[4", "[18446744073709551615"),
        (", 4]", "]"),
        ("dtype", "shape"),
        ("data_offsets", "offsets"),
        ("{", "[{"),
        ("}", ""),
        (",", ",,"),
        ("\"v=1\"", "7"),
        ("link", "recipe"),
    ];
    prop_oneof![
        6 => (any::<Index>(), select(texts)).prop_map(|(at, (from, to))| Change::Text(at, from, to)),
        2 => (any::<Index>(), 1..120_usize, any::<Index>()).prop_map(|(from, length, to)| Change::Again(from, length, to)),
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => vec(any::<u8>(), 1..20).prop_map(Change::Behind),
        1 => prop_oneof![any::<u64>(), 0..4000_u64].prop_map(Change::Length),
    ]
}

fn changed((mut header, numbers): (String, Vec<u8>), changes: &[Change]) -> Vec<u8> {
    for change in changes {
        match change {
            Change::Text(at, from, to) => {
                // The header is ASCII until a change that is not made here.
                let places: Vec<usize> = header.match_indices(from).map(|(place, _)| place).collect();
                if !places.is_empty() {
                    let place = *at.get(&places);
                    header.replace_range(place..place + from.len(), to);
                }
            }
            Change::Again(from, length, to) => {
                let from = from.index(header.len());
                let piece = header[from..header.len().min(from + length)].to_string();
                header.insert_str(to.index(header.len()), &piece);
            }
            _ => {}
        }
    }
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(numbers);
    for change in changes {
        match change {
            // Most of what can go wrong is in the header.
            Change::Byte(at, byte) if byte % 4 > 0 => file[at.index(8 + header.len())] = *byte,
            Change::Byte(at, byte) => {
                let at = at.index(file.len());
                file[at] = *byte;
            }
            Change::Cut(at) => file.truncate(at.index(file.len()).max(1)),
            Change::Behind(bytes) => file.extend(bytes),
            Change::Length(length) => file.splice(..8.min(file.len()), length.to_le_bytes()).for_each(drop),
            Change::Text(..) | Change::Again(..) => {}
        }
        if file.len() <= 8 + header.len() {
            break;
        }
    }
    file
}

fn files() -> impl Strategy<Value = Vec<u8>> {
    let kinds = select(vec![("F32", 4), ("F16", 2), ("BF16", 2), ("F64", 8)]);
    prop_oneof![
        9 => (kinds, vec(changes(), 0..4)).prop_map(|((dtype, width), changes)| changed(written(dtype, width), &changes)),
        1 => vec(any::<u8>(), 0..200),
    ]
}

#[test]
fn any_file_is_read_as_another_reader_reads_it_or_is_refused() {
    knock(2_000, files(), |file| {
        let Ok(header) = Header::of(&file) else { return Ok(()) };
        // What is taken for a file here is one for the library of the format, with the same arrays and words.
        let other = SafeTensors::deserialize(&file);
        prop_assert!(other.is_ok(), "{other:?}");
        let Ok(other) = other else { return Ok(()) };
        prop_assert_eq!(header.arrays.len(), other.len());
        for array in &header.arrays {
            let view = other.tensor(&array.name).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&array.shape[..], view.shape());
            prop_assert_eq!(array.number.dtype(), view.dtype().to_string());
            prop_assert_eq!(&file[array.bytes.start as usize..array.bytes.end as usize], view.data());
        }
        let Ok(weights) = header.weights(&file) else { return Ok(()) };
        prop_assert!(weights.arrays().all(|(_, array)| array.values.iter().all(|value| value.is_finite())));
        // No number takes less than two bytes: nothing was made that the file does not hold.
        prop_assert!(2 * weights.count() <= file.len() as u64);
        if header.fit(&model()).is_ok() {
            let found: BTreeMap<_, _> = weights.arrays().map(|(name, array)| (name.to_string(), array.shape.clone())).collect();
            let asked: BTreeMap<_, _> = parameters(&model()).into_iter().map(|asked| (asked.name, asked.shape)).collect();
            prop_assert_eq!(found, asked);
        }
        Ok(())
    });
}
