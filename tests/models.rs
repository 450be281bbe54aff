//! The trained models that come with the page are the files that their table names, and answer as their recipes say.

// A test ends with a panic where something is wrong.
#![allow(clippy::panic)]

use glasses_contract::models::TRAINED;
use glasses_contract::open;
use glasses_contract::recipe::Recipe;
use glasses_contract::task::Example;
use glasses_engine::NoProgress;
use glasses_engine::device::{self, TensorSpec};
use glasses_engine::library::sha256;
use glasses_engine::model_file::Header;
use glasses_engine::train::exact;
use glasses_engine::transformer::Transformer;
use glasses_tests::weights_file;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

#[test]
fn every_file_is_the_one_that_is_meant_and_holds_its_recipe() -> serde_json::Result<()> {
    for row in TRAINED {
        let bytes = weights_file(&row.file());
        assert_eq!(sha256(&bytes), row.sha256, "{}", row.file());
        let header = Header::of(&bytes).unwrap_or_else(|error| panic!("{}: {error}", row.file()));
        let (weights, recipe) = (header.weights(&bytes), header.recipe());
        let (weights, recipe) = (weights.unwrap_or_else(|error| panic!("{error}")), recipe.unwrap_or_else(|error| panic!("{error}")));
        assert!(header.notes().is_empty());
        assert_eq!(recipe.link, row.recipe);
        assert_eq!(recipe.steps, row.training().steps, "{}", row.file());
        let beside: Recipe = serde_json::from_slice(&weights_file(&row.file().replace("safetensors", "json")))?;
        assert_eq!(Recipe { notes: String::new(), ..beside }, recipe, "the recipe beside {}", row.file());
        assert!(Transformer::new(&row.model(), &weights, &TensorSpec::single(&device::cpu().device)).is_ok(), "{}", row.file());
        assert_eq!(open::encode(&open::decode(row.recipe).0), row.recipe);
    }
    Ok(())
}

#[test]
fn every_model_answers_about_as_often_right_as_its_recipe_says() {
    const EXAMPLES: usize = 16;
    for row in TRAINED {
        let bytes = weights_file(&row.file());
        let header = Header::of(&bytes).unwrap_or_else(|error| panic!("{error}"));
        let (weights, recipe) = (header.weights(&bytes), header.recipe());
        let (weights, recipe) = (weights.unwrap_or_else(|error| panic!("{error}")), recipe.unwrap_or_else(|error| panic!("{error}")));
        let transformer = Transformer::new(&row.model(), &weights, &TensorSpec::single(&device::cpu().device));
        let transformer = transformer.unwrap_or_else(|error| panic!("{error}"));
        let training = row.training();
        for accuracy in &recipe.accuracy {
            let task = accuracy.task;
            // As trained, and far beyond it.
            for tokens in [32, 192] {
                let n = task.elements_within(tokens, training.separators);
                let said = accuracy.n.iter().position(|&at| at == n).map(|at| accuracy.exact[at]);
                let said = said.unwrap_or_else(|| panic!("{} says nothing of {task:?} at {n}", row.file()));
                // Other examples than those of the recipe.
                let mut random = ChaCha8Rng::seed_from_u64(12345);
                let examples: Vec<_> = (0..EXAMPLES)
                    .filter_map(|_| Example::about(task, training.asked, &task.sequence(n, training.separators, &mut random)))
                    .collect();
                let right = pollster::block_on(exact(&transformer, &examples, &NoProgress)).unwrap_or_else(|error| panic!("{error}"));
                let share = right.iter().filter(|&&right| right).count() as f64 / EXAMPLES as f64;
                // Two samples of one share, of 16 and of 32, differ by less than this more than 99 times in a hundred.
                assert!((share - said).abs() < 0.45, "{}: {task:?} at {n}: {share}, the recipe says {said}", row.file());
            }
        }
    }
}
