//! What is kept of training: for each recipe its run, or its finished model, or both; and which model is the reader's own.

use crate::claim::Claim;
use crate::store::Store;
use crate::store::idb::Idb;
use glasses_contract::message::{Kept, KeptStage, Own, Run};
use glasses_contract::recipe::{Recipe, training_config};
use glasses_contract::{Sentence, open, sentence};
use glasses_engine::model_file::Header;
use glasses_engine::train::Checkpoint;

/// Before the link of a recipe: the file of its run, and the losses of its steps, which are read without the rest.
const RUN: &str = "run:";
const LOSSES: &str = "losses:";
/// Before the link of a recipe: the file of its finished model.
const MODEL: &str = "model:";
/// Holds the link of the recipe whose model is the reader's own.
const CURRENT: &str = "current";
/// Where versions before kept the only run, the only model, and how many models there were.
const OLD: [&str; 3] = ["run", "own", "revision"];

/// All that is kept, a row for each recipe and stage.
pub async fn all(store: &Store<Idb>) -> Vec<Kept> {
    let mut all = Vec::new();
    for name in store.names(RUN).await {
        let link = name[RUN.len()..].to_string();
        let steps = losses(store, &link).await.len();
        all.push(Kept { link, stage: KeptStage::Run, steps });
    }
    for name in store.names(MODEL).await {
        let link = name[MODEL.len()..].to_string();
        let steps = open::decode(&link).0.training.steps;
        all.push(Kept { link, stage: KeptStage::Model, steps });
    }
    all
}

/// The run of a recipe, as the page is told of it.
pub async fn run(store: &Store<Idb>, link: &str) -> Option<Run> {
    let losses = losses(store, link).await;
    (!losses.is_empty()).then(|| Run { link: link.into(), losses })
}

/// Where the run of a recipe is.
///
/// # Errors
/// A sentence, where its file can't be read.
pub async fn point(store: &Store<Idb>, link: &str) -> Result<Option<Checkpoint>, Sentence> {
    let Some(bytes) = store.read(&format!("{RUN}{link}")).await else { return Ok(None) };
    match Checkpoint::from_bytes(&bytes) {
        Ok((point, of)) if canonical(&of) == link => Ok(Some(point)),
        Ok(_) => Err(sentence!("The saved run belongs to a different recipe: discard it and train again.")),
        Err(error) => Err(sentence!("The run that is kept of this recipe is damaged: {}. Discard it, and train anew.", error.sentence())),
    }
}

/// Keeps a run, in the place of what was kept of the same recipe.
///
/// # Errors
/// A sentence, where it can't be made a file.
pub async fn keep_run(store: &Store<Idb>, link: &str, point: &Checkpoint) -> Result<(), Sentence> {
    let bytes = point.to_bytes(link).map_err(|damaged| damaged.sentence())?;
    store.change(run_files(link, bytes, &point.losses)).await;
    Ok(())
}

/// Keeps the model that a run came to as the reader's own; the run is over.
///
/// # Errors
/// A sentence, where the file is no model.
pub async fn finish(store: &Store<Idb>, link: &str, file: Vec<u8>) -> Result<Own, Sentence> {
    let (recipe, notes) = said(&file)?;
    store.change(vec![model_file(link, &file), current(link), (format!("{RUN}{link}"), None), (format!("{LOSSES}{link}"), None)]).await;
    Ok(Own { recipe, file, notes })
}

/// Keeps a file as the reader's own model, which its recipe and notes are of.
pub async fn keep_model(store: &Store<Idb>, file: Vec<u8>, recipe: Recipe, notes: Vec<Sentence>) -> Own {
    let link = canonical(&recipe.link);
    store.change(vec![model_file(&link, &file), current(&link)]).await;
    Own { recipe, file, notes }
}

/// Makes the model that is kept of a recipe the reader's own.
///
/// # Errors
/// A sentence, where there is none that can be read.
pub async fn use_model(store: &Store<Idb>, link: &str) -> Result<Own, Sentence> {
    let file = store.read(&format!("{MODEL}{link}")).await.ok_or_else(|| sentence!("This model is no longer saved in this browser."))?;
    let (recipe, notes) = said(&file)?;
    store.change(vec![current(link)]).await;
    Ok(Own { recipe, file, notes })
}

/// The reader's own model, if there is one that can be read.
pub async fn own(store: &Store<Idb>) -> Option<Own> {
    let link = String::from_utf8(store.read(CURRENT).await?).ok()?;
    let file = store.read(&format!("{MODEL}{link}")).await?;
    let (recipe, notes) = said(&file).ok()?;
    Some(Own { recipe, file, notes })
}

/// Forgets what is kept of a recipe.
///
/// # Errors
/// A sentence, where another tab is at it.
pub async fn forget(store: &Store<Idb>, link: &str, stage: KeptStage) -> Result<(), Sentence> {
    match stage {
        KeptStage::Run => {
            let claim = Claim::new(store, link).await?;
            store.change(vec![(format!("{RUN}{link}"), None), (format!("{LOSSES}{link}"), None)]).await;
            claim.release(store).await;
        }
        KeptStage::Model => store.change(vec![(format!("{MODEL}{link}"), None)]).await,
    }
    Ok(())
}

/// Gives what earlier versions kept the place that it has now: of its recipe, by the link that this version writes.
pub async fn migrate(store: &Store<Idb>) {
    let names = store.names("").await;
    let has = |name: &str| names.iter().any(|found| found == name);
    let [run, own, revision] = OLD;
    if has(run) {
        adopt_run(store, run).await;
    }
    if has(own)
        && let Some(file) = store.read(own).await
        && let Ok((recipe, _)) = said(&file)
    {
        let link = canonical(&recipe.link);
        store.change(vec![model_file(&link, &file), current(&link), (own.into(), None), (revision.into(), None)]).await;
    }
    for name in &names {
        match (name.strip_prefix(RUN), name.strip_prefix(MODEL)) {
            (Some(link), _) if canonical(link) != link => adopt_run(store, name).await,
            (_, Some(link)) if canonical(link) != link => {
                let Some(file) = store.read(name).await else { continue };
                store.change(vec![model_file(&canonical(link), &file), (name.clone(), None)]).await;
            }
            _ => {}
        }
    }
}

/// Moves a run from another place to the one of its recipe, unless a longer one is there. A file that can't be read stays where it is.
async fn adopt_run(store: &Store<Idb>, name: &str) {
    let Some(bytes) = store.read(name).await else { return };
    let Ok((point, of)) = Checkpoint::from_bytes(&bytes) else { return };
    let link = canonical(&of);
    let mut changes = vec![(name.to_string(), None)];
    if let Some(old) = name.strip_prefix(RUN) {
        changes.push((format!("{LOSSES}{old}"), None));
    }
    if losses(store, &link).await.len() < point.losses.len() {
        // The file names its recipe itself, by the link of now.
        let Ok(bytes) = point.to_bytes(&link) else { return };
        changes.extend(run_files(&link, bytes, &point.losses));
    }
    store.change(changes).await;
}

fn run_files(link: &str, bytes: Vec<u8>, losses: &[f64]) -> Vec<(String, Option<Vec<u8>>)> {
    let losses = losses.iter().flat_map(|&loss| (loss as f32).to_le_bytes()).collect();
    vec![(format!("{RUN}{link}"), Some(bytes)), (format!("{LOSSES}{link}"), Some(losses))]
}

fn model_file(link: &str, file: &[u8]) -> (String, Option<Vec<u8>>) {
    (format!("{MODEL}{link}"), Some(file.to_vec()))
}

fn current(link: &str) -> (String, Option<Vec<u8>>) {
    (CURRENT.into(), Some(link.as_bytes().to_vec()))
}

async fn losses(store: &Store<Idb>, link: &str) -> Vec<f64> {
    let bytes = store.read(&format!("{LOSSES}{link}")).await.unwrap_or_default();
    let (losses, _) = bytes.as_chunks::<4>();
    losses.iter().map(|&loss| f64::from(f32::from_le_bytes(loss))).collect()
}

/// The link of a recipe as this version writes it.
fn canonical(of: &str) -> String {
    open::encode(&training_config(&open::decode(of).0))
}

/// What a file's header says: the recipe, and what a reader should know.
fn said(file: &[u8]) -> Result<(Recipe, Vec<Sentence>), Sentence> {
    let said = Header::of(file).and_then(|header| Ok((header.recipe()?, header.notes())));
    said.map_err(|why| sentence!("The model that is kept can't be used: {}.", why.sentence()))
}
