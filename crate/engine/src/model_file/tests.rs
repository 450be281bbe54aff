//! Files that are read, and files that are refused in a sentence each.

use super::{Header, Names, Number, Unreadable};
use crate::weights::Weights;
use glasses_contract::config::{Attention, Experiment, Language, Mix, Model, Position};
use glasses_contract::limits::MAX_HEADER_BYTES;
use glasses_contract::recipe::{Accuracy, HEADER, Recipe};
use glasses_contract::sentence;
use glasses_contract::task::Task;
use serde_json::{Value, json};

/// A file with this header and these bytes behind it.
fn file(header: &str, numbers: &[u8]) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(numbers);
    file
}

/// A file with one array.
fn one(dtype: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    file(&format!(r#"{{"w": {{"dtype": "{dtype}", "shape": {shape}, "data_offsets": [0, {}]}}}}"#, numbers.len()), numbers)
}

fn values(file: &[u8]) -> Result<Vec<f32>, Unreadable> {
    let (weights, _) = Weights::from_safetensors(file)?;
    Ok(weights.get("w").map(|array| array.values.clone()).unwrap_or_default())
}

fn why(file: &[u8]) -> String {
    values(file).map_or_else(|why| why.to_string(), |values| format!("read: {values:?}"))
}

fn small() -> Experiment {
    let mut config = Experiment::default();
    (config.model.layers, config.model.heads, config.model.width) = (1, 2, 8);
    config
}

fn recipe() -> Recipe {
    let accuracy = Accuracy { task: Task::Ones, trained: 0.5, n: vec![1, 2], exact: vec![1.0, 0.0], examples: 4 };
    Recipe::new(&small(), &[2.0, 1.0], vec![accuracy])
}

/// The header of a small model with this recipe.
fn with_recipe(recipe: &str) -> Result<Header, Box<dyn std::error::Error>> {
    let file = Weights::draw(&small().model).to_safetensors([(HEADER.to_string(), recipe.to_string())])?;
    Ok(Header::of(&file)?)
}

#[test]
fn floats_of_every_width_are_read() {
    let numbers = [0.0, -0.0, 1.0, -2.5, 65_504.0, 6e-8];
    let bytes = |of: fn(f64) -> Vec<u8>| numbers.iter().flat_map(|&number| of(number)).collect::<Vec<u8>>();
    let shape = format!("[2, {}]", numbers.len() / 2);
    let f32s: Vec<f32> = numbers.iter().map(|&number| number as f32).collect();
    assert_eq!(values(&one("F32", &shape, &bytes(|x| (x as f32).to_le_bytes().to_vec()))), Ok(f32s.clone()));
    assert_eq!(values(&one("F64", &shape, &bytes(|x| x.to_le_bytes().to_vec()))), Ok(f32s));
    let halves: Vec<f32> = numbers.iter().map(|&number| half::f16::from_f64(number).to_f32()).collect();
    assert_eq!(values(&one("F16", &shape, &bytes(|x| half::f16::from_f64(x).to_le_bytes().to_vec()))), Ok(halves));
    let brains: Vec<f32> = numbers.iter().map(|&number| half::bf16::from_f64(number).to_f32()).collect();
    assert_eq!(values(&one("BF16", &shape, &bytes(|x| half::bf16::from_f64(x).to_le_bytes().to_vec()))), Ok(brains));
}

#[test]
fn every_number_of_sixteen_bits_is_itself() {
    for bits in 0..=u16::MAX {
        for (dtype, value) in [("F16", half::f16::from_bits(bits).to_f64()), ("BF16", half::bf16::from_bits(bits).to_f64())] {
            let read = values(&one(dtype, "[1]", &bits.to_le_bytes()));
            match read {
                Ok(read) => assert_eq!(f64::from(read[0]).to_bits(), value.to_bits(), "{dtype} {bits:04x}"),
                Err(_) => assert!(!value.is_finite(), "{dtype} {bits:04x}"),
            }
        }
    }
}

#[test]
fn doubles_are_rounded_to_the_nearest_and_a_tie_to_the_even_one() {
    let ulp = f64::from(f32::EPSILON);
    for (double, single) in [
        (1.0 + 0.5 * ulp, 1.0),
        (1.0 + 0.500_001 * ulp, 1.0 + f32::EPSILON),
        (1.0 + 1.5 * ulp, 1.0 + 2.0 * f32::EPSILON),
        (1e-46, 0.0),
        (f64::from(f32::MAX), f32::MAX),
    ] {
        assert_eq!(values(&one("F64", "[1]", &double.to_le_bytes())), Ok(vec![single]), "{double}");
    }
}

#[test]
fn what_is_read_otherwise_than_it_stands_there_is_said() -> Result<(), Unreadable> {
    let notes = |dtype: &str, bytes: usize| {
        Header::of(&one(dtype, "[1]", &vec![0; bytes])).map(|header| header.notes().iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(notes("F32", 4)?, Vec::<String>::new());
    let of = |rest: &str| vec![format!("1 of the 1 arrays of the model's file are of {rest}")];
    assert_eq!(notes("F16", 2)?, of("F16: read as fp32, which holds each number exactly."));
    assert_eq!(notes("BF16", 2)?, of("BF16: read as fp32, which holds each number exactly."));
    assert_eq!(notes("F64", 8)?, of("F64: each number is rounded to the nearest of fp32."));
    Ok(())
}

#[test]
fn other_numbers_are_refused_by_their_name_and_their_array_s() {
    for dtype in ["I32", "I64", "U8", "BOOL", "F8_E4M3", "F4", "C64", "f32", "", "X 1"] {
        let why = why(&one(dtype, "[1]", &[0; 4]));
        let expected = format!("the array “w” holds numbers of type {dtype}; F32, F16, BF16 and F64 are read, no other");
        assert_eq!(why, expected);
    }
}

#[test]
fn a_number_that_is_not_finite_is_refused_by_its_place() {
    let nan: Vec<u8> = [1.0, f32::NAN].iter().flat_map(|number| number.to_le_bytes()).collect();
    assert!(why(&one("F32", "[2]", &nan)).starts_with("the array “w” has NaN as its number 2"));
    assert!(why(&one("F64", "[1]", &1e39_f64.to_le_bytes())).starts_with("the array “w” has 1000000000"));
    assert!(why(&one("F16", "[1]", &half::f16::NEG_INFINITY.to_le_bytes())).starts_with("the array “w” has -inf as its number 1"));
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let entry = r#""w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}"#;
    assert_eq!(why(&file(&format!("{{{entry}, {entry}}}"), &[0; 4])), "its header says “w” twice");
    let words = r#"{"__metadata__": {"recipe": "a", "recipe": "b"}}"#;
    assert_eq!(why(&file(words, &[])), "its header says “recipe” twice");
    let dtype = r#"{"w": {"dtype": "F32", "dtype": "F64", "shape": [1], "data_offsets": [0, 4]}}"#;
    assert_eq!(why(&file(dtype, &[0; 4])), "its header says “dtype” twice");
}

#[test]
fn each_mangled_header_is_refused_in_a_clause_of_its_own() {
    let entry = |rest: &str| file(&format!(r#"{{"w": {rest}}}"#), &[0; 4]);
    let end = "its header does not say of the array “w” what its";
    for (file, expected) in [
        (vec![], "it has 0 bytes, and a safetensors file begins"),
        (b"no".to_vec(), "it has 2 bytes, and a safetensors file begins"),
        (vec![0; 100], "it begins as no safetensors file does: its first eight bytes say that a header of 0 bytes follows"),
        (b"\x89PNG\r\n\x1a\n and so on".to_vec(), "it begins as no safetensors file does"),
        (u64::MAX.to_le_bytes().to_vec(), "it begins as no safetensors file does"),
        (file(&" ".repeat(MAX_HEADER_BYTES as usize + 1), &[]), "its header has 1048577 bytes, and that of a model has at most 1048576"),
        (file("{]", &[]), "its header can't be read as JSON: "),
        (file("[]", &[]), "its header can't be read as JSON: "),
        (file(r#"{"__metadata__": 7}"#, &[]), "its header has something else than text under “__metadata__”"),
        (file(r#"{"__metadata__": {"recipe": 7}}"#, &[]), "its header has something else than text under “recipe”"),
        (entry("7"), &format!("{end} “dtype” is")),
        (entry(r#"{"dtype": 7}"#), &format!("{end} “dtype” is")),
        (entry(r#"{"dtype": "F32", "shape": [1.5]}"#), &format!("{end} “shape” is: a list of whole numbers")),
        (entry(r#"{"dtype": "F32", "shape": [-1]}"#), &format!("{end} “shape” is")),
        (entry(r#"{"dtype": "F32", "shape": [1]}"#), &format!("{end} “data_offsets” is")),
        (entry(r#"{"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}"#), &format!("{end} “data_offsets” is")),
        (entry(r#"{"dtype": "F32", "shape": [1], "data_offsets": [0, 2, 4]}"#), &format!("{end} “data_offsets” is")),
        (
            entry(r#"{"dtype": "F32", "shape": [3], "data_offsets": [0, 4]}"#),
            "the array “w” of F32 and shape [3] does not fill the 4 bytes that its header gives it",
        ),
        (
            entry(r#"{"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 4]}"#),
            "the array “w” of F32 and shape [4294967296, 4294967296] does not fill",
        ),
        (entry(r#"{"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}"#), "the array “w” begins at byte 4 of the numbers"),
        (entry(r#"{"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}"#), "it has 73 bytes, and by its header it should have 77"),
        (entry(r#"{"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}"#), "it has 73 bytes, and by its header it should have 69"),
        (entry(r#"{"dtype": "F32", "shape": [0, 18446744073709551615], "data_offsets": [0, 0]}"#), "it has "),
    ] {
        let why = why(&file);
        assert!(why.starts_with(expected), "{why}\nwhere this was expected: {expected}");
    }
}

#[test]
fn what_is_of_another_model_is_named() -> Result<(), Box<dyn std::error::Error>> {
    let model = small().model;
    let header = Header::of(&Weights::draw(&model).to_safetensors([])?)?;
    assert_eq!(header.fit(&model), Ok(()));
    let refused = |model: Model| header.fit(&model).map_or_else(|why| why.to_string(), |()| "fits".into());
    assert_eq!(
        refused(Model { width: 16, ..model.clone() }),
        "the array “embed.weight” has the shape [96, 8], and the model's has [96, 16]"
    );
    assert_eq!(refused(Model { position: Position::Learned, ..model.clone() }), "it lacks arrays of the model: “position.weight”");
    let deeper = refused(Model { layers: 2, ..model.clone() });
    assert!(
        deeper.starts_with("it lacks arrays of the model: “layers.1.attention.key.weight”, ") && deeper.ends_with("… (12)"),
        "{deeper}"
    );
    let gated = Model { attention: Attention { mix: Mix::Gated, ..model.attention }, ..model.clone() };
    let header = Header::of(&Weights::draw(&gated).to_safetensors([])?)?;
    let surplus = header.fit(&model).map_err(|why| why.to_string());
    let names = "“layers.0.attention.gate.bias”, “layers.0.attention.gate.weight”";
    assert_eq!(surplus, Err(format!("it has arrays that the model has not: {names}")));
    let both = header.fit(&Model { position: Position::Learned, ..model }).map_err(|why| why.to_string());
    assert_eq!(both, Err(format!("it lacks arrays of the model: “position.weight”; and has others that the model has not: {names}")));
    Ok(())
}

#[test]
fn a_recipe_comes_back_as_it_was_written() -> Result<(), Box<dyn std::error::Error>> {
    let recipe = recipe();
    assert_eq!(with_recipe(&serde_json::to_string(&recipe)?)?.recipe(), Ok(recipe));
    let plain = Weights::draw(&small().model).to_safetensors([])?;
    assert_eq!(Header::of(&plain)?.recipe(), Err(Unreadable::NoRecipe));
    Ok(())
}

#[test]
fn each_mangled_recipe_is_refused_in_a_clause_of_its_own() -> Result<(), Box<dyn std::error::Error>> {
    let whole = serde_json::to_value(recipe())?;
    let refused = |recipe: &str| with_recipe(recipe).map(|header| header.recipe().map_or_else(|why| why.to_string(), |_| "read".into()));
    for name in whole.as_object().map(|fields| fields.keys()).into_iter().flatten() {
        let mut without = whole.clone();
        without.as_object_mut().map(|fields| fields.remove(name));
        assert_eq!(refused(&without.to_string())?, format!("its recipe says nothing of “{name}”"));
        // No field is an object.
        let mut wrong = whole.clone();
        wrong[name] = json!({});
        let why = refused(&wrong.to_string())?;
        assert!(why.starts_with(&format!("its recipe says {{}} as its “{name}”, where ")), "{why}");
    }
    let changed = |path: &str, value: Value| {
        let mut recipe = whole.clone();
        if let Some(place) = recipe.pointer_mut(path) {
            *place = value;
        }
        refused(&recipe.to_string())
    };
    for (path, value, expected) in [
        ("/version", json!(2), "its recipe is of version 2, and this version of Glasses reads version 1"),
        ("/version", json!(-1), "its recipe says -1 as its “version”, where a whole number should stand"),
        ("/steps", json!(1_000_000), "its recipe says 1000000 as its “steps”, where a whole number, at most that of its link"),
        ("/loss", json!([1, "x"]), "its recipe says [1,\"x\"] as its “loss”"),
        ("/loss", json!(vec![0.0; 101]), "its recipe says [0.0,0.0,"),
        ("/accuracy/0", json!(null), "its recipe says nothing of “accuracy[0].n”"),
        ("/accuracy/0/task", json!("dance"), "its recipe says \"dance\" as its “accuracy[0].task”, where the word of a task"),
        ("/accuracy/0/trained", json!(1.5), "its recipe says 1.5 as its “accuracy[0].trained”"),
        ("/accuracy/0/n", json!([0]), "its recipe says [0] as its “accuracy[0].n”"),
        ("/accuracy/0/exact", json!([1.0]), "its recipe says [1.0] as its “accuracy[0].exact”"),
        ("/link", json!("v=1&layers=1&heads=2&d=8&nonsense=7"), "the link in its recipe is not one of a model here: "),
        ("/link", json!("v=1&layers=1&heads=3&d=8"), "the link in its recipe is not one of a model here: "),
        ("/link", json!("hello"), "the link in its recipe is not one of a model here: "),
        ("/link", json!("v=1&layers=1&heads=2&d=16"), "its recipe is of another model than its arrays: the array “embed.weight” has"),
    ] {
        let why = changed(path, value)?;
        assert!(why.starts_with(expected), "{why}\nwhere this was expected: {expected}");
    }
    for (text, expected) in [
        ("{}", "its recipe says nothing of “version”"),
        ("", "its recipe can't be read as JSON: "),
        ("[]", "its recipe can't be read as JSON: "),
        (r#"{"version": 1, "version": 1}"#, "its recipe says “version” twice"),
    ] {
        let why = refused(text)?;
        assert!(why.starts_with(expected), "{why}");
    }
    Ok(())
}

#[test]
fn pieces_of_an_array_are_all_of_it() -> Result<(), Unreadable> {
    for (dtype, width, count) in [("F32", 4, 1), ("F64", 8, 1 << 17), ("F16", 2, (1 << 20) + 1), ("BF16", 2, 0)] {
        let header = Header::of(&one(dtype, &format!("[{count}]"), &vec![0; width * count]))?;
        let array = &header.arrays[0];
        let (mut end, mut before) = (array.bytes.start, 0);
        for (bytes, numbers) in array.pieces() {
            assert_eq!((bytes.start, numbers), (end, before));
            assert!((bytes.end - bytes.start).is_multiple_of(width as u64) && bytes.end - bytes.start <= 1 << 20);
            before += ((bytes.end - bytes.start) / width as u64) as usize;
            end = bytes.end;
        }
        assert_eq!((end, before), (array.bytes.end, count));
    }
    Ok(())
}

#[test]
fn every_type_is_named_once() {
    let names: std::collections::BTreeSet<_> = Number::ALL.iter().map(|number| number.dtype()).collect();
    assert_eq!(names.len(), Number::ALL.len());
}

#[test]
fn what_a_file_says_is_quoted_short_and_with_every_character_to_be_seen() {
    let evil = "\u{1b}[2J\u{202e}".to_string() + &"x".repeat(1000);
    let json = serde_json::to_string(&evil).unwrap_or_default();
    let entry = |dtype: &str, bytes: usize| format!(r#"{{"dtype": {dtype}, "shape": [1], "data_offsets": [0, {bytes}]}}"#);
    for header in [
        format!("{{\"w\": {}}}", entry(&json, 4)),
        format!("{{{json}: {}}}", entry("\"F32\"", 3)),
        format!("{{{json}: {}}}", entry("\"I8\"", 4)),
        format!("{{{json}: 1, {json}: 1}}"),
        format!("{{\"__metadata__\": {{{json}: 1}}}}"),
    ] {
        let why = why(&file(&header, &[0; 4]));
        assert!(why.contains("⟨control character (U+001B)⟩[2J⟨mark of direction (U+202E)⟩xxx"), "{why}");
        assert!(why.chars().count() < 400 && !why.contains(['\u{1b}', '\u{202e}']), "{why}");
    }
}

#[test]
fn a_file_holds_what_was_drawn() -> Result<(), Box<dyn std::error::Error>> {
    let weights = Weights::draw(&Model { layers: 1, width: 8, heads: 2, ..Model::default() });
    let bytes = weights.to_safetensors([("link".to_string(), "v=1".to_string())])?;
    let (read, header) = Weights::from_safetensors(&bytes)?;
    assert_eq!((read, header["link"].as_str()), (weights, "v=1"));
    assert!(Weights::from_safetensors(&bytes[1..]).is_err());
    Ok(())
}

#[test]
fn what_is_said_of_a_file_is_translated_to_its_last_clause() {
    let missing = Unreadable::OtherArrays { missing: Names(vec!["a".into(), "b".into()]), surplus: Names(vec!["c".into()]) };
    let field = Unreadable::RecipeField { field: "version".into(), found: "-1".into(), expected: sentence!("a whole number") };
    let opened = |why: &Unreadable| sentence!("This file can't be opened as a model: {}.", why.sentence());
    let own = sentence!("{} can't be used: {}.", sentence!("The file of your own model"), Unreadable::Twice("w".into()).sentence());
    Language::Chinese.speak(include_str!("../../../../www/locale/zh.tsv"));
    for (sentence, chinese) in [
        (
            opened(&Unreadable::Dtype { name: "w".into(), dtype: "I32".into() }),
            "无法将此文件作为模型打开：数组“w”的数值类型是 I32；只能读取 F32、F16、BF16 和 F64。",
        ),
        (
            opened(&Unreadable::RecipeModel(Box::new(missing))),
            "无法将此文件作为模型打开：其配方与其数组不属于同一个模型：文件缺少模型的数组：“a”, “b”；又有模型没有的数组：“c”。",
        ),
        (opened(&field), "无法将此文件作为模型打开：其配方的“version”是 -1，而这里应当是整数。"),
        (own, "你自己的模型的文件无法使用：文件头中“w”出现了两次。"),
    ] {
        assert_eq!(sentence.to_string(), chinese);
    }
}
