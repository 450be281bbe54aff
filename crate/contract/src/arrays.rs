//! The arrays that a model's weights are: their names and shapes, for whoever reads, counts or limits them.

use crate::alphabet;
use crate::choice::Choice;
use crate::config::{Attention, FeedForward, Mix, Model, Norm, Position, Sink};
use crate::limits::{HEADS, LAYERS, MAX_HEADER_BYTES, MAX_TOKENS, WIDTH};
use crate::say;

/// An array that a model has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Its extent along each axis.
    pub shape: Vec<usize>,
}

impl Slot {
    /// Numbers in it.
    pub fn count(&self) -> u64 {
        self.shape.iter().map(|&extent| extent as u64).product()
    }
}

/// Every array of a model, and no other.
pub fn of(model: &Model) -> Vec<Slot> {
    let (width, hidden, heads) = (model.width, model.hidden_width(), model.heads);
    let mut slots = Vec::new();
    let mut put = |name: String, shape: &[usize]| slots.push(Slot { name, shape: shape.to_vec() });
    put("embed.weight".into(), &[alphabet::SIZE, width]);
    put("unembed.weight".into(), &[width, alphabet::SIZE]);
    if model.position == Position::Learned {
        put("position.weight".into(), &[MAX_TOKENS, width]);
    }
    let mut norms = vec!["final_norm".to_string()];
    for layer in 0..model.layers {
        let name = |name: &str| format!("layers.{layer}.{name}");
        norms.push(name("attention_norm"));
        for matrix in ["query", "key", "value", "output"] {
            put(name(&format!("attention.{matrix}.weight")), &[width, width]);
        }
        if model.attention.sink == Sink::Logit {
            put(name("attention.sink.logit"), &[heads]);
        }
        match model.attention.mix {
            Mix::Plain | Mix::Centred => {}
            Mix::Gated => {
                put(name("attention.gate.weight"), &[width, heads]);
                put(name("attention.gate.bias"), &[heads]);
            }
            Mix::Differential => {
                put(name("attention.second_query.weight"), &[width, width]);
                put(name("attention.second_key.weight"), &[width, width]);
                put(name("attention.lambda"), &[heads]);
                put(name("attention.head_norm.gain"), &[model.head_width()]);
            }
        }
        if model.block.feed_forward == FeedForward::On {
            norms.push(name("feed_forward_norm"));
            put(name("feed_forward.up.weight"), &[width, hidden]);
            put(name("feed_forward.up.bias"), &[hidden]);
            put(name("feed_forward.down.weight"), &[hidden, width]);
            put(name("feed_forward.down.bias"), &[width]);
        }
    }
    for norm in norms {
        put(format!("{norm}.gain"), &[width]);
        if model.norm == Norm::Layer {
            put(format!("{norm}.bias"), &[width]);
        }
    }
    slots
}

/// Number of weights that a model has.
pub fn count(model: &Model) -> u64 {
    of(model).iter().map(Slot::count).sum()
}

/// Number of weights of the largest model within the limits.
pub fn most() -> u64 {
    let (layers, width) = (*LAYERS.end(), *WIDTH.end());
    let mut most = 0;
    for &position in Position::ALL {
        for &norm in Norm::ALL {
            for &mix in Mix::ALL {
                for &sink in Sink::ALL {
                    // A width of a head is in some arrays, and a number of heads in others.
                    for heads in [*HEADS.start(), *HEADS.end()] {
                        let attention = Attention { mix, sink, ..Attention::default() };
                        let model = Model { layers, width, heads, position, norm, attention, ..Model::default() };
                        most = count(&model).max(most);
                    }
                }
            }
        }
    }
    most
}

/// Bytes of the widest number that a model's file may hold: f64.
const MAX_NUMBER_BYTES: u64 = 8;

/// Bytes of the largest file that can be a model within the limits.
pub fn max_model_file() -> u64 {
    // Eight bytes say how long the header is.
    8 + MAX_HEADER_BYTES + MAX_NUMBER_BYTES * most()
}

/// Why a file of so many bytes can't be a model's, where it can't: known before any of it is read.
pub fn too_large_for_a_model(bytes: u64) -> Option<String> {
    let mega = |bytes: u64| format!("{:.0}", bytes as f64 / 1e6);
    let most = max_model_file();
    (bytes > most).then(|| say!("it has {} MB, and the file of the largest model has {} MB", mega(bytes), mega(most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_array() {
        let attention = Attention { mix: Mix::Differential, sink: Sink::Logit, ..Attention::default() };
        let model = Model { position: Position::Learned, attention, ..Model::default() };
        let names: std::collections::BTreeSet<_> = of(&model).into_iter().map(|slot| slot.name).collect();
        assert_eq!(names.len(), of(&model).len());
    }

    #[test]
    fn no_model_within_the_limits_has_more_weights_than_the_largest() {
        let most = most();
        for layers in [*LAYERS.start(), *LAYERS.end()] {
            for width in [*WIDTH.start(), 256, *WIDTH.end()] {
                for heads in HEADS.filter(|heads| width.is_multiple_of(*heads)) {
                    for &mix in Mix::ALL {
                        let attention = Attention { mix, sink: Sink::Logit, ..Attention::default() };
                        let model = Model { layers, width, heads, attention, position: Position::Learned, ..Model::default() };
                        assert!(count(&model) <= most, "{model:?}");
                    }
                }
            }
        }
        assert!(count(&Model { layers: *LAYERS.end(), width: *WIDTH.end(), ..Model::default() }) < most);
    }

    #[test]
    fn a_file_is_too_large_where_no_model_is() {
        let most = max_model_file();
        assert_eq!(too_large_for_a_model(most), None);
        let why = too_large_for_a_model(1_900_000_000).unwrap_or_default();
        assert_eq!(why, format!("it has 1900 MB, and the file of the largest model has {:.0} MB", most as f64 / 1e6));
        assert!(too_large_for_a_model(most + 1).is_some() && too_large_for_a_model(u64::MAX).is_some());
    }
}
