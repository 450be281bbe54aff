//! Training in the worker: a run takes steps until it is done or stopped, and is kept on the way.

use crate::claim::{Claim, elsewhere};
use crate::inbox::Inbox;
use crate::store::Store;
use crate::store::idb::Idb;
use crate::{kept, scope};
use glasses_contract::config::{Config, Experiment};
use glasses_contract::message::Event;
use glasses_contract::recipe::{Accuracy, HEADER, Recipe, training_config};
use glasses_contract::{Sentence, open};
use glasses_engine::device::{Compute, TensorSpec};
use glasses_engine::train::{self, Trainer, TrainingFailed};
use glasses_engine::transformer::Transformer;
use glasses_engine::{Progress, Stopped};

/// How often a run that goes on is kept, in milliseconds: what a closed page may lose.
const KEEP_MS: f64 = 5_000.0;
/// How often the page is told of steps, in milliseconds.
const TELL_MS: f64 = 150.0;
/// In how many parts of a run the model is judged.
const JUDGED: usize = 8;

/// A run on its way.
struct Run<'a> {
    compute: &'a Compute,
    store: &'a Store<Idb>,
    id: u64,
    config: Config,
    link: String,
    claim: Claim,
    trainer: Trainer,
    /// Steps that the page knows of, and steps that are kept.
    told: usize,
    kept: usize,
}

/// Trains until the end, or until another request comes; says whether it was stopped.
///
/// # Errors
/// A sentence.
pub async fn train(compute: &Compute, store: &Store<Idb>, id: u64, config: &Experiment, inbox: &Inbox) -> Result<bool, Sentence> {
    let config = training_config(config);
    let link = open::encode(&config);
    let claim = Claim::new(store, &link).await?;
    let begun = async {
        let trainer = match kept::point(store, &link).await? {
            Some(point) => Trainer::from_checkpoint(&config, &compute.device, point),
            None => Trainer::new(&config, &compute.device),
        };
        trainer.map_err(|error| error.sentence())
    };
    let trainer = match begun.await {
        Ok(trainer) => trainer,
        Err(sentence) => {
            claim.release(store).await;
            return Err(sentence);
        }
    };
    let kept = trainer.steps_done();
    let mut run = Run { compute, store, id, config, link, claim, trainer, told: 0, kept };
    let done = run.go(&Wanted { id, inbox }).await;
    run.claim.release(store).await;
    done
}

impl Run<'_> {
    async fn go(&mut self, wanted: &Wanted<'_>) -> Result<bool, Sentence> {
        // Also where there are none: so the page knows that it has begun.
        scope::send(&Event::Stepped { id: self.id, from: 0, losses: self.trainer.losses().to_vec() });
        self.told = self.trainer.steps_done();
        let (mut told_ms, mut kept_ms) = (scope::now(), scope::now());
        let every = self.config.training.steps.div_ceil(JUDGED);
        while !self.trainer.is_done() {
            match self.trainer.step(wanted).await {
                Ok(_) => {}
                // A step that is stopped leaves the run behind the one before.
                Err(TrainingFailed::Stopped) => return self.stop().await,
                Err(error) => return Err(error.sentence()),
            }
            let now = scope::now();
            if now - told_ms > TELL_MS || self.trainer.is_done() {
                self.tell();
                told_ms = now;
            }
            // Before it is judged, too: that may take as long as many steps.
            let is_judged = self.trainer.steps_done().is_multiple_of(every) && !self.trainer.is_done();
            if now - kept_ms > KEEP_MS {
                self.keep().await?;
                kept_ms = scope::now();
            }
            if is_judged && self.evaluate(wanted).await?.is_none() {
                return self.stop().await;
            }
            scope::yield_to_event_loop().await;
            if !wanted.is_wanted() {
                return self.stop().await;
            }
        }
        self.keep().await?;
        let Some(accuracy) = self.evaluate(wanted).await? else { return self.stop().await };
        let recipe = Recipe::new(&self.config, self.trainer.losses(), accuracy);
        let header = serde_json::to_string(&recipe).map_err(|error| Sentence::verbatim(error.to_string()))?;
        let weights = self.trainer.weights().await.map_err(|error| error.sentence())?;
        let file = weights.to_safetensors([(HEADER.to_string(), header)]).map_err(|error| Sentence::verbatim(error.to_string()))?;
        let own = kept::finish(self.store, &self.link, file).await?;
        scope::send(&Event::Kept { id: self.id, own });
        Ok(false)
    }

    /// Leaves the run for later. The page says where it is: it has to be where it is kept.
    async fn stop(&mut self) -> Result<bool, Sentence> {
        self.tell();
        self.keep().await?;
        Ok(true)
    }

    /// Tells the page of steps that it does not know.
    fn tell(&mut self) {
        scope::send(&Event::Stepped { id: self.id, from: self.told, losses: self.trainer.losses()[self.told..].to_vec() });
        self.told = self.trainer.steps_done();
    }

    async fn keep(&mut self) -> Result<(), Sentence> {
        if !self.claim.renew(self.store).await {
            return Err(elsewhere());
        }
        if self.kept < self.trainer.steps_done() {
            let point = self.trainer.checkpoint().await.map_err(|error| error.sentence())?;
            kept::keep_run(self.store, &self.link, &point).await?;
            self.kept = self.trainer.steps_done();
        }
        Ok(())
    }

    /// Judges the model as it is now, and tells the page; none where another request came on the way.
    async fn evaluate(&self, wanted: &Wanted<'_>) -> Result<Option<Vec<Accuracy>>, Sentence> {
        let weights = self.trainer.weights().await.map_err(|error| error.sentence())?;
        let spec = TensorSpec::single(&self.compute.device);
        let transformer = Transformer::new(&self.config.model, &weights, &spec).map_err(|error| error.sentence())?;
        match train::accuracy(&transformer, &self.config.training, wanted).await {
            Ok(accuracy) => {
                scope::send(&Event::Judged { id: self.id, steps: self.trainer.steps_done(), accuracy: accuracy.clone() });
                Ok(Some(accuracy))
            }
            Err(TrainingFailed::Stopped) => Ok(None),
            Err(error) => Err(error.sentence()),
        }
    }
}

/// Hears between the parts of a step whether another request has come.
struct Wanted<'a> {
    id: u64,
    inbox: &'a Inbox,
}

impl Wanted<'_> {
    fn is_wanted(&self) -> bool {
        self.inbox.is_newest(self.id)
    }
}

impl Progress for Wanted<'_> {
    async fn step(&self, _done: f32) -> Result<(), Stopped> {
        scope::yield_to_event_loop().await;
        if self.is_wanted() { Ok(()) } else { Err(Stopped) }
    }
}
