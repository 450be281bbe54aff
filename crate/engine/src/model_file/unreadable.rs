//! Why a file can't be used as a model: one clause for each reason, which names what was found and what would be right.

use glasses_contract::quote::quote;
use glasses_contract::{Sentence, sentence};
use std::fmt;

/// Why a file can't be used as a model. Displayed, it is a clause that goes on from “the file can't be used:”.
#[derive(Clone, Debug, PartialEq)]
pub enum Unreadable {
    /// It has not even a length.
    Short {
        /// Bytes in it.
        bytes: u64,
    },
    /// What should be the length of a header is none.
    NoHeader {
        /// The length of the header, as it says.
        header: u64,
        /// Bytes in the file.
        bytes: u64,
    },
    /// The header is longer than any model's.
    LongHeader {
        /// Bytes in the header.
        header: u64,
        /// Bytes that it may have.
        most: u64,
    },
    /// The header is no JSON.
    Header(String),
    /// The header names something twice.
    Twice(String),
    /// The header's words are no words.
    NoWord(String),
    /// The header does not say what an array is.
    Field {
        /// The array.
        name: String,
        /// What is missing or of another kind.
        field: &'static str,
        /// What should stand there.
        expected: Sentence,
    },
    /// Numbers of a type that is not read.
    Dtype {
        /// The array.
        name: String,
        /// The type, as the header says it.
        dtype: String,
    },
    /// A shape with more elements, or of other bytes, than its place has.
    Extent {
        /// The array.
        name: String,
        /// Its type.
        dtype: String,
        /// Its shape.
        shape: Shape,
        /// The bytes of its place.
        bytes: u64,
    },
    /// Arrays that overlap, or leave a gap.
    Place {
        /// The array.
        name: String,
        /// Where it begins.
        found: u64,
        /// Where it should.
        expected: u64,
    },
    /// The file is shorter or longer than its header says.
    End {
        /// Bytes in the file.
        found: u64,
        /// Bytes by the header.
        expected: u64,
    },
    /// A number that no model can compute with.
    NotFinite {
        /// The array.
        name: String,
        /// The number.
        value: f64,
        /// Its place in the array, from 1.
        place: usize,
    },
    /// An array of another shape.
    OtherShape {
        /// The array.
        name: String,
        /// Its shape.
        found: Shape,
        /// That of the model.
        expected: Shape,
    },
    /// Arrays that the model has and the file has not.
    Missing(Names),
    /// Arrays that the file has and the model has not.
    Surplus(Names),
    /// Both.
    OtherArrays {
        /// Those of the model.
        missing: Names,
        /// Those of the file.
        surplus: Names,
    },
    /// There is no recipe.
    NoRecipe,
    /// The recipe is no JSON object.
    Recipe(String),
    /// The recipe names something twice.
    RecipeTwice(String),
    /// The recipe lacks a field.
    RecipeLacks(String),
    /// A field of the recipe is of another kind.
    RecipeField {
        /// The field.
        field: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: Sentence,
    },
    /// The recipe is of a version that is not known.
    RecipeVersion {
        /// That of the file.
        found: u64,
        /// The one that is known.
        known: u32,
    },
    /// The link of the recipe is not one that Glasses writes.
    RecipeLink(Sentence),
    /// The recipe is of another model than the arrays.
    RecipeModel(Box<Unreadable>),
}

impl Unreadable {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Short { bytes } => {
                sentence!("it has {} bytes, and a safetensors file begins with eight that say how long its header is", *bytes)
            }
            Self::NoHeader { header, bytes } => sentence!(
                "it begins as no safetensors file does: its first eight bytes say that a header of {} bytes follows, and the file has {}",
                *header,
                *bytes
            ),
            Self::LongHeader { header, most } => sentence!("its header has {} bytes, and that of a model has at most {}", *header, *most),
            Self::Header(why) => sentence!("its header can't be read as JSON: {}", why),
            Self::Twice(name) => sentence!("its header says “{}” twice", quote(name)),
            Self::NoWord(name) => sentence!("its header has something else than text under “{}”", quote(name)),
            Self::Field { name, field, expected } => sentence!(
                "its header does not say of the array “{}” what its “{}” is: {} should stand there",
                quote(name),
                *field,
                expected.clone()
            ),
            Self::Dtype { name, dtype } => {
                sentence!("the array “{}” holds numbers of type {}; F32, F16, BF16 and F64 are read, no other", quote(name), quote(dtype))
            }
            Self::Extent { name, dtype, shape, bytes } => sentence!(
                "the array “{}” of {} and shape {} does not fill the {} bytes that its header gives it",
                quote(name),
                dtype,
                shape.to_string(),
                *bytes
            ),
            Self::Place { name, found, expected } => sentence!(
                "the array “{}” begins at byte {} of the numbers, and the one before it ends at {}",
                quote(name),
                *found,
                *expected
            ),
            Self::End { found, expected } => sentence!(
                "it has {} bytes, and by its header it should have {}: it may have been cut off, or something stands behind it",
                *found,
                *expected
            ),
            Self::NotFinite { name, value, place } => sentence!(
                "the array “{}” has {} as its number {}: only finite numbers within the range of fp32 are weights",
                quote(name),
                *value,
                *place
            ),
            Self::OtherShape { name, found, expected } => {
                sentence!("the array “{}” has the shape {}, and the model's has {}", name, found.to_string(), expected.to_string())
            }
            Self::Missing(names) => sentence!("it lacks arrays of the model: {}", names.to_string()),
            Self::Surplus(names) => sentence!("it has arrays that the model has not: {}", names.to_string()),
            Self::OtherArrays { missing, surplus } => sentence!(
                "it lacks arrays of the model: {}; and has others that the model has not: {}",
                missing.to_string(),
                surplus.to_string()
            ),
            Self::NoRecipe => sentence!("it has no recipe in its header: only models that were trained and saved by Glasses can be opened"),
            Self::Recipe(why) => sentence!("its recipe can't be read as JSON: {}", why),
            Self::RecipeTwice(name) => sentence!("its recipe says “{}” twice", quote(name)),
            Self::RecipeLacks(field) => sentence!("its recipe says nothing of “{}”", field),
            Self::RecipeField { field, found, expected } => {
                sentence!("its recipe says {} as its “{}”, where {} should stand", found, field, expected.clone())
            }
            Self::RecipeVersion { found, known } => sentence!(
                "its recipe is of version {}, and this version of Glasses reads version {}: a newer one may open it",
                *found,
                *known
            ),
            Self::RecipeLink(why) => sentence!("the link in its recipe is not one of a model here: {}", why.clone()),
            Self::RecipeModel(why) => sentence!("its recipe is of another model than its arrays: {}", why.sentence()),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for Unreadable {}

/// A shape, as people write one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extents: Vec<String> = self.0.iter().map(usize::to_string).collect();
        write!(f, "[{}]", shortened(&extents))
    }
}

/// Names of arrays; of many, the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(|name| format!("“{}”", quote(name))).collect();
        f.write_str(&shortened(&names))
    }
}

/// “a, b, c, … (12)”.
fn shortened(items: &[String]) -> String {
    const MOST: usize = 4;
    match items.len() {
        0..=MOST => items.join(", "),
        count => format!("{}, … ({count})", items[..MOST - 1].join(", ")),
    }
}
