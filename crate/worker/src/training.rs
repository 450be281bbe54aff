//! Training in the worker: a run takes steps until it is done or stopped, and is kept on the way.

use crate::{scope, store};
use glasses_contract::config::Config;
use glasses_contract::link;
use glasses_contract::message::{Event, Run};
use glasses_contract::recipe::{Accuracy, HEADER, Recipe, made_of};
use glasses_engine::device::{Compute, Memory};
use glasses_engine::train::{self, Point, Trainer, TrainingFailed};
use glasses_engine::transformer::Transformer;
use glasses_engine::{Progress, Stopped};
use std::cell::Cell;

/// How often a run that goes on is kept, in milliseconds: what a closed page may lose.
const KEEP_MS: f64 = 5_000.0;
/// How often the page is told of steps, in milliseconds.
const TELL_MS: f64 = 150.0;
/// In how many parts of a run the model is judged.
const JUDGED: usize = 8;

/// The run that is kept, as the page is told of it.
///
/// # Errors
/// A sentence, where the browser keeps nothing.
pub async fn kept() -> Result<Option<Run>, String> {
    Ok(stored().await?.map(|(point, link)| Run { link, losses: point.losses }))
}

/// Where the run that is kept is, and the link of its recipe.
async fn stored() -> Result<Option<(Point, String)>, String> {
    Ok(store::read(store::RUN).await?.and_then(|bytes| Point::from_bytes(&bytes).ok()))
}

/// Trains until the end, or until another request comes; says whether it was stopped.
///
/// # Errors
/// A sentence.
pub async fn train(compute: &Compute, id: u64, config: &Config, newest_id: &Cell<u64>) -> Result<bool, String> {
    let config = made_of(config);
    let link = link::encode(&config);
    let trainer = match stored().await?.filter(|(_, of)| *of == link) {
        Some((point, _)) => Trainer::from_point(&config, &compute.device, point),
        None => Trainer::new(&config, &compute.device),
    };
    let mut trainer = trainer.map_err(|error| error.to_string())?;
    scope::send(&Event::Stepped { id, from: 0, losses: trainer.losses().to_vec() });
    let (mut told, mut told_ms, mut kept_ms) = (trainer.steps_done(), scope::now(), scope::now());
    let every = config.training.steps.div_ceil(JUDGED);
    while !trainer.is_done() {
        let wanted = Wanted { id, newest_id };
        match trainer.step(&wanted).await {
            // A step that is stopped leaves the run behind the one before.
            Ok(_) | Err(TrainingFailed::Stopped) => {}
            Err(error) => return Err(error.to_string()),
        }
        let now = scope::now();
        if now - told_ms > TELL_MS || trainer.is_done() {
            scope::send(&Event::Stepped { id, from: told, losses: trainer.losses()[told..].to_vec() });
            (told, told_ms) = (trainer.steps_done(), now);
        }
        if trainer.steps_done().is_multiple_of(every) && !trainer.is_done() && wanted.is_wanted() {
            judge(compute, &wanted, &config, &trainer).await?;
        }
        if now - kept_ms > KEEP_MS {
            keep(&trainer, &link).await?;
            kept_ms = scope::now();
        }
        scope::breathe().await;
        if !wanted.is_wanted() {
            // The page says where the run is: it has to be where the run is kept.
            scope::send(&Event::Stepped { id, from: told, losses: trainer.losses()[told..].to_vec() });
            keep(&trainer, &link).await?;
            return Ok(true);
        }
    }
    let Some(accuracy) = judge(compute, &Wanted { id, newest_id }, &config, &trainer).await? else {
        keep(&trainer, &link).await?;
        return Ok(true);
    };
    let recipe = Recipe::new(&config, trainer.losses(), accuracy);
    let header = serde_json::to_string(&recipe).map_err(|error| error.to_string())?;
    let weights = trainer.weights().await.map_err(|error| error.to_string())?;
    let file = weights.to_safetensors([(HEADER.to_string(), header)]).map_err(|error| error.to_string())?;
    let own = store::keep(&file).await?;
    store::remove(store::RUN).await?;
    scope::send(&Event::Kept { id, own });
    Ok(false)
}

async fn keep(trainer: &Trainer, link: &str) -> Result<(), String> {
    let point = trainer.point().await.map_err(|error| error.to_string())?;
    store::write(store::RUN, &point.to_bytes(link).map_err(|error| error.to_string())?).await
}

/// Judges the model as it is now, and tells the page; none where another request came on the way.
async fn judge(compute: &Compute, wanted: &Wanted<'_>, config: &Config, trainer: &Trainer) -> Result<Option<Vec<Accuracy>>, String> {
    let weights = trainer.weights().await.map_err(|error| error.to_string())?;
    let transformer = Transformer::new(&config.model, weights, &Memory::single(&compute.device)).map_err(|error| error.to_string())?;
    match train::accuracy(&transformer, &config.training, wanted).await {
        Ok(accuracy) => {
            scope::send(&Event::Judged { id: wanted.id, steps: trainer.steps_done(), accuracy: accuracy.clone() });
            Ok(Some(accuracy))
        }
        Err(TrainingFailed::Stopped) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Hears between the parts of a step whether another request has come.
struct Wanted<'a> {
    id: u64,
    newest_id: &'a Cell<u64>,
}

impl Wanted<'_> {
    fn is_wanted(&self) -> bool {
        self.newest_id.get() == self.id
    }
}

impl Progress for Wanted<'_> {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        scope::breathe().await;
        if self.is_wanted() { Ok(()) } else { Err(Stopped) }
    }
}
