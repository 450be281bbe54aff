//! The checkpoint of a training run: what was changed since it was written is refused, and a file of lies costs no memory.

use crate::knock;
use glasses_engine::train::Checkpoint;
use glasses_engine::weights::{Array, Weights};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// What reading a file may hold at once: a copy or two of its numbers, and some hundred bytes for each name that takes some ten in it.
const TIMES_ITS_SIZE: u64 = 16;
const BESIDES: u64 = 64 << 10;

/// A state that a run can be in, of a model that need not be one.
fn points() -> impl Strategy<Value = (Checkpoint, String)> {
    let weights = btree_map("[a-z.0-9]{1,12}", vec(-2.0_f32..2.0, 0..9), 0..5);
    (weights, vec(0.0_f32..9.0, 0..5), "v=1[a-z0-9=&%]{0,20}").prop_map(|(weights, losses, link)| {
        let moments = weights.iter().map(|(name, values)| {
            let second = values.iter().map(|value| value * value).collect();
            (name.clone(), [values.clone(), second])
        });
        let moments = if losses.is_empty() { Default::default() } else { moments.collect() };
        let array = |(name, values): (&String, &Vec<f32>)| (name.clone(), Array { shape: vec![values.len()], values: values.clone() });
        let weights = Weights::from_arrays(weights.iter().map(array));
        (Checkpoint { weights, moments, losses: losses.into_iter().map(f64::from).collect() }, link)
    })
}

/// What happens to a file: at a place, given as a share of its length.
#[derive(Clone, Debug)]
enum Change {
    Flip { at: f64, bit: u8 },
    Cut { at: f64 },
    Insert { at: f64, bytes: Vec<u8> },
    Take { at: f64, bytes: usize },
    Move { from: f64, to: f64, bytes: usize },
    HeaderLength(u64),
    Header(String),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = || 0.0..1.0;
    let header = prop_oneof![
        Just("{}".to_string()),
        "[{}\":,0-9a-z\\[\\]_]{0,60}",
        (0_u64.., 0_u64..).prop_map(|(from, to)| format!(r#"{{"losses":{{"dtype":"F32","shape":[{from},{to}],"data_offsets":[{from},{to}]}}}}"#)),
        (0_u64..100, "F32|F64|F16|BF16|I8|F8_E4M3").prop_map(|(count, dtype)| {
            format!(r#"{{"__metadata__":{{"link":"v=1","sha256":""}},"losses":{{"dtype":"{dtype}","shape":[{count}],"data_offsets":[0,{count}]}}}}"#)
        }),
    ];
    let change = prop_oneof![
        4 => (at(), 0_u8..8).prop_map(|(at, bit)| Change::Flip { at, bit }),
        1 => at().prop_map(|at| Change::Cut { at }),
        1 => (at(), vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Change::Insert { at, bytes }),
        1 => (at(), 1_usize..9).prop_map(|(at, bytes)| Change::Take { at, bytes }),
        1 => (at(), at(), 1_usize..40).prop_map(|(from, to, bytes)| Change::Move { from, to, bytes }),
        1 => prop_oneof![any::<u64>(), 0_u64..2000].prop_map(Change::HeaderLength),
        1 => header.prop_map(Change::Header),
    ];
    vec(change, 0..4)
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &f64, bytes: &[u8]| (at * bytes.len() as f64) as usize;
        match self {
            Self::Flip { at, bit } => {
                let at = place(at, bytes);
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << bit);
            }
            Self::Cut { at } => bytes.truncate(place(at, bytes)),
            Self::Insert { at, bytes: new } => {
                let at = place(at, bytes);
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Take { at, bytes: count } => {
                let at = place(at, bytes);
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Self::Move { from, to, bytes: count } => {
                let (from, to) = (place(from, bytes), place(to, bytes));
                let moved: Vec<u8> = bytes.iter().copied().skip(from).take(*count).collect();
                bytes.iter_mut().skip(to).zip(moved).for_each(|(byte, moved)| *byte = moved);
            }
            Self::HeaderLength(length) => bytes.iter_mut().zip(length.to_le_bytes()).for_each(|(byte, new)| *byte = new),
            Self::Header(text) => {
                let data = bytes.split_off(bytes.len().min(8));
                *bytes = (text.len() as u64).to_le_bytes().to_vec();
                bytes.extend(text.bytes());
                bytes.extend(data);
            }
        }
    }
}

#[test]
fn what_is_read_is_what_was_written() {
    knock(6_000, (points(), changes()), |((point, link), changes)| {
        let written = point.to_bytes(&link)?;
        let mut bytes = written.clone();
        changes.iter().for_each(|change| change.apply(&mut bytes));
        let mut read = None;
        let cost = allocation_counter::measure(|| read = Some(Checkpoint::from_bytes(&bytes)));
        let most = TIMES_ITS_SIZE * bytes.len() as u64 + BESIDES;
        prop_assert!(cost.bytes_max <= most, "{} bytes of memory for a file of {}", cost.bytes_max, bytes.len());
        match read {
            Some(Ok(read)) => prop_assert_eq!(read, (point, link)),
            Some(Err(_)) => prop_assert!(bytes != written, "what was written is refused"),
            None => prop_assert!(false, "nothing was read"),
        }
        Ok(())
    });
}
