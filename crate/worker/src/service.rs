//! Answering requests: a new one stops the answer or the run under way, and takes the place of one that waits.

use crate::files::Files;
use crate::inbox::{Inbox, Sorted};
use crate::store::idb::Idb;
use crate::store::{Store, Told};
use crate::{kept, opening, scope, training};
use glasses_contract::failure::Failure;
use glasses_contract::message::{Command, Event, PROTOCOL, Request};
use glasses_contract::question::{self, Answer, Question};
use glasses_contract::report::ModelInfo;
use glasses_contract::{Admitted, Sentence, sentence};
use glasses_engine::device::{Compute, Unavailable};
use glasses_engine::experiment::{Engine, NoAnswer, Progress, Stopped, model_info};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Blob;

/// How long a WebGPU device is waited for, in milliseconds.
#[cfg(feature = "webgpu")]
const DEVICE_PATIENCE_MS: u32 = 15_000;

/// The engine and what it is asked.
struct Service {
    /// None while a request is being answered.
    engine: RefCell<Option<Engine<Files>>>,
    compute: Compute,
    files: Files,
    store: Store<Idb>,
    inbox: Inbox,
}

/// Finds a device, says so, and answers from then on.
pub async fn serve() {
    let compute = match compute().await {
        Ok(compute) => compute,
        Err(Unavailable(sentence)) => return scope::send(&Event::Unavailable { sentence }),
    };
    let adapter = compute.adapter;
    let files = Files::default();
    let engine = Engine::with_library(compute.clone(), files.clone());
    let info = engine.info();
    let store = Store::new(Idb, |told| {
        scope::send(&match told {
            Told::Keeping(fault) => Event::Keeping { fault },
            Told::Held((name, file)) => Event::Held { name, file },
        });
    });
    let service = Rc::new(Service { engine: RefCell::new(Some(engine)), compute, files, store, inbox: Inbox::default() });
    scope::on_request(move |request, file| match request.map(|request| service.inbox.sort(request)) {
        Ok(Sorted::Hold(file)) => service.files.hold(file),
        Ok(Sorted::Restore(files)) => service.store.restore(files),
        Ok(Sorted::Aside(Request { id, command: Command::OpenLanguageModel })) => {
            let service = service.clone();
            wasm_bindgen_futures::spawn_local(async move { end(id, service.open(id, file).await.map(|()| false)) });
        }
        Ok(Sorted::Aside(Request { id, command })) => {
            let service = service.clone();
            wasm_bindgen_futures::spawn_local(async move { end(id, with_store(&service.store, id, command, file).await.map(|()| false)) });
        }
        // Where one is being answered, it finds the newer one when it stops.
        Ok(Sorted::Waits) => {
            if let Some(engine) = service.engine.take() {
                wasm_bindgen_futures::spawn_local(work(service.clone(), engine));
            }
        }
        Err(sentence) => scope::send(&Event::Unavailable { sentence }),
    });
    scope::send(&Event::Ready { protocol: PROTOCOL, engine: info, adapter, holds_lock: scope::holds_lock() });
}

#[cfg(all(feature = "cpu", not(feature = "webgpu")))]
async fn compute() -> Result<Compute, Unavailable> {
    Ok(glasses_engine::device::cpu())
}

#[cfg(feature = "webgpu")]
async fn compute() -> Result<Compute, Unavailable> {
    // A browser that does not answer would be waited for for ever.
    let asked = scope::within(DEVICE_PATIENCE_MS, glasses_engine::device::webgpu()).await;
    let compute = asked.ok_or_else(|| Unavailable(sentence!("The browser does not answer when asked for a WebGPU device.")))??;
    match glasses_engine::precision::count_mismatches(&compute).await {
        Ok(0) => Ok(compute),
        Ok(mismatches) => Err(Unavailable(sentence!("This WebGPU device rounds {} test numbers to float formats wrongly.", mismatches))),
        Err(error) => Err(Unavailable(sentence!("WebGPU failed in its first test: {}.", error.sentence()))),
    }
}

impl Service {
    /// Reads the language model in a file, and answers with it from then on.
    async fn open(&self, id: u64, file: Option<Blob>) -> Result<(), Sentence> {
        let file = file.ok_or_else(|| sentence!("No file to open."))?;
        let language = opening::language_model(&file, |bytes| scope::send(&Event::Reading { id, bytes })).await?;
        if let Some(why) = language.too_large_for(&self.compute) {
            return Err(why);
        }
        let model = language.info().map(Box::new);
        self.files.take(language);
        model.into_iter().for_each(|model| scope::send(&Event::LanguageModel { id, model }));
        Ok(())
    }
}

/// Answers until nothing waits any more.
async fn work(service: Rc<Service>, mut engine: Engine<Files>) {
    while let Some(request) = service.inbox.take() {
        let id = request.id;
        let done = match request.command {
            Command::Answer { config, questions } => Ok(answer(&service, &mut engine, id, &config, &questions, None).await),
            Command::AnswerShard { config, question, shard } => {
                Ok(answer(&service, &mut engine, id, &config, &[question], Some(shard)).await)
            }
            Command::Represent { config } => Ok(represent(&service, &mut engine, id, &config).await),
            Command::Train { config } => training::train(engine.compute(), &service.store, id, &config, &service.inbox).await,
            Command::Cancel => Ok(true),
            other => with_store(&service.store, id, other, None).await.map(|()| false),
        };
        end(id, done);
    }
    *service.engine.borrow_mut() = Some(engine);
}

/// Says what became of a request: whether it was cancelled, or why it could not be done.
fn end(id: u64, done: Result<bool, Sentence>) {
    scope::send(&match done {
        Ok(cancelled) => Event::Finished { id, cancelled },
        Err(sentence) => Event::Unable { id, sentence },
    });
}

/// What concerns only what is kept in this browser; a file comes with [`Command::SaveModel`].
async fn with_store(store: &Store<Idb>, id: u64, command: Command, file: Option<Blob>) -> Result<(), Sentence> {
    let event = match command {
        Command::LoadSaved { link, own } => {
            store.flush().await;
            kept::migrate(store).await;
            let own = if own { kept::own(store).await } else { None };
            Event::Recalled { id, kept: kept::all(store).await, run: kept::run(store, &link).await, own }
        }
        Command::SaveModel => Event::Kept { id, own: opening::open(store, &file.ok_or_else(|| sentence!("No file to open."))?).await? },
        Command::Use { link } => Event::Kept { id, own: kept::use_model(store, &link).await? },
        Command::DiscardRun { link, stage } => return kept::forget(store, &link, stage).await,
        Command::Answer { .. }
        | Command::AnswerShard { .. }
        | Command::Represent { .. }
        | Command::Train { .. }
        | Command::Cancel
        | Command::Hold { .. }
        | Command::OpenLanguageModel
        | Command::Restore { .. } => return Ok(()),
    };
    scope::send(&event);
    Ok(())
}

/// Answers one request's questions, or a shard of each; says whether it was cancelled.
async fn answer(
    service: &Service,
    engine: &mut Engine<Files>,
    id: u64,
    config: &Admitted,
    questions: &[Question],
    shard: Option<usize>,
) -> bool {
    for &question in questions {
        let started = scope::now();
        let model = model_info(&config.model);
        let report = Report { id, question, inbox: &service.inbox, model: &model, started };
        // Before the first step, however long that takes: so the page knows that this is what is being worked on.
        scope::send(&Event::Progress { id, question, done: 0.0 });
        let answer = match shard {
            Some(shard) => engine.answer_shard(config, question, shard, &report).await,
            None => engine.answer(config, question, &report).await,
        };
        let failure = match answer {
            Ok(answer) => {
                let milliseconds = scope::now() - started;
                let warnings = engine.notes(&config.model);
                scope::send(&Event::Answered { id, answer: Box::new(answer), model, warnings, milliseconds });
                continue;
            }
            Err(NoAnswer::Stopped) => return true,
            Err(NoAnswer::Failed(failure)) => failure,
        };
        let lost = matches!(failure, Failure::Device(_));
        scope::send(&Event::Failed { id, question, failure });
        if lost {
            break;
        }
    }
    false
}

/// Gives the last tokens' representations; says whether it was cancelled.
async fn represent(service: &Service, engine: &mut Engine<Files>, id: u64, config: &Admitted) -> bool {
    let model = model_info(&config.model);
    // They are what a sweep measures, and take as long.
    let report = Report { id, question: question::Sweep.into(), inbox: &service.inbox, model: &model, started: scope::now() };
    scope::send(&match engine.representations(config, &report).await {
        Ok(last) => Event::Represented { id, last: Box::new(last) },
        Err(NoAnswer::Stopped) => return true,
        Err(NoAnswer::Failed(failure)) => Event::Failed { id, question: report.question, failure },
    });
    false
}

/// Tells the page how far an answer is, and hears whether a newer request has come.
struct Report<'a> {
    id: u64,
    question: Question,
    inbox: &'a Inbox,
    model: &'a ModelInfo,
    /// When it was begun, in milliseconds of the worker's clock.
    started: f64,
}

impl Progress for Report<'_> {
    fn show(&self, so_far: Answer) {
        let (answer, milliseconds) = (Box::new(so_far), scope::now() - self.started);
        scope::send(&Event::Answered { id: self.id, answer, model: self.model.clone(), warnings: Vec::new(), milliseconds });
    }

    async fn step(&self, done: f32) -> Result<(), Stopped> {
        // Not at each of its many steps: the page's own thread would be kept from other work by hearing of them.
        if scope::is_time_to_yield() {
            scope::send(&Event::Progress { id: self.id, question: self.question, done });
            scope::yield_to_event_loop().await;
        }
        if self.inbox.is_newest(self.id) { Ok(()) } else { Err(Stopped) }
    }
}
