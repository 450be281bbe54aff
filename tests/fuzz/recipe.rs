//! The recipe in a model's file: any text is read as serde reads it and is of the arrays beside it, or is refused.

use crate::knock;
use glasses_contract::config::Config;
use glasses_contract::recipe::{Accuracy, HEADER, Recipe};
use glasses_contract::task::Task;
use glasses_contract::{admit, open};
use glasses_engine::model_file::Header;
use glasses_engine::weights::Weights;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

fn config() -> Config {
    let mut config = Config::default();
    (config.model.layers, config.model.heads, config.model.width) = (1, 1, 4);
    config
}

fn whole() -> Value {
    let accuracy = Accuracy { task: Task::Ones, trained: 0.5, n: vec![1, 2], exact: vec![1.0, 0.0], examples: 4 };
    serde_json::to_value(Recipe::new(&config(), &[2.0, 1.0], vec![accuracy])).unwrap_or_default()
}

/// Values that nearly fit, and some that do not.
fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..300_i64).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has finite numbers only", |number| number.is_finite()).prop_map(Value::from),
        (0.0..=1.0).prop_map(Value::from),
        vec(0.0..3.0, 0..110).prop_map(Value::from),
        vec(0..5000_u64, 0..3).prop_map(Value::from),
        select(vec![
            "ones",
            "sum",
            "",
            "v=1&layers=1&heads=1&d=4",
            "#v=1&layers=1&heads=1&d=4&steps=1",
            "v=1&layers=1&heads=1&d=4&n=7&theme=dark",
            "v=1&layers=2&heads=1&d=4",
            "v=1&layers=1&heads=1&d=4&pos=learned",
            "v=1&layers=1&heads=1&d=4&nonsense",
            "v=1&weights=rotary",
            "v=1&weights=own&layers=1&heads=1&d=4",
        ])
        .prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!({})),
        Just(json!([{"task": "ones", "trained": 1, "n": [], "exact": [], "examples": 0, "more": 1}])),
    ]
}

/// A recipe with some of its values in the place of others, gone, or twice; or with other characters.
fn texts() -> impl Strategy<Value = String> {
    let path = select(vec![
        "/version",
        "/link",
        "/command",
        "/steps",
        "/final_loss",
        "/loss",
        "/loss/0",
        "/accuracy",
        "/accuracy/0",
        "/accuracy/0/task",
        "/accuracy/0/trained",
        "/accuracy/0/n",
        "/accuracy/0/n/0",
        "/accuracy/0/exact",
        "/accuracy/0/exact/1",
        "/accuracy/0/examples",
        "/notes",
    ]);
    let replaced = vec((path, values()), 0..3).prop_map(|changes| {
        let mut recipe = whole();
        for (path, value) in changes {
            if let Some(place) = recipe.pointer_mut(path) {
                *place = value;
            }
        }
        recipe.to_string()
    });
    let written = (replaced, vec((any::<Index>(), "[{}\\[\\]\",:0-9a-z]{0,4}", 0..3_usize), 0..2)).prop_map(|(text, changes)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, put, taken) in changes {
            let at = at.index(characters.len());
            let end = characters.len().min(at + taken);
            characters.splice(at..end, put.chars());
        }
        characters.into_iter().collect()
    });
    prop_oneof![9 => written, 1 => "\\PC{0,40}"]
}

#[test]
fn any_recipe_is_one_of_the_arrays_beside_it_or_is_refused() {
    let weights = Weights::draw(&config().model);
    knock(2_000, texts(), |text| {
        let file = weights.to_safetensors([(HEADER.to_string(), text.clone())]);
        let file = file.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let header = Header::of(&file).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let Ok(recipe) = header.recipe() else { return Ok(()) };
        let read = serde_json::from_str::<Recipe>(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&recipe, &read);
        let (config, warnings) = open::decode(&recipe.link);
        prop_assert_eq!(warnings, vec![]);
        prop_assert_eq!(admit(config.experiment).1, vec![]);
        prop_assert_eq!(header.fit(&recipe.used().model), Ok(()));
        Ok(())
    });
}
