//! The last tokens' representations, which no figure shows: asked of a worker of its own, which ends when it has given them.

mod supervisor;

use super::handle::{WorkerHandle, WorkerMessage};
use super::input::OwnModel;
use crate::browser::{error, now_ms};
use glasses_contract::device::DeviceKind;
use glasses_contract::report::LastTokenRepresentations;
use glasses_contract::{Admitted, say};
use js_sys::{Function, Promise};
use leptos::prelude::{set_timeout, set_timeout_with_handle};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;
use supervisor::{Effect, Input, Supervisor};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What happened and is not handled yet, and who waits for it.
#[derive(Clone, Default)]
struct Inbox {
    happened: Rc<RefCell<VecDeque<Input>>>,
    waiting: Rc<RefCell<Option<Function>>>,
}

impl Inbox {
    fn put(&self, input: Input) {
        self.happened.borrow_mut().push_back(input);
        if let Some(waiting) = self.waiting.take() {
            // Whoever waited goes on, or is gone.
            drop(waiting.call0(&JsValue::UNDEFINED));
        }
    }

    /// What happens next; that it is so late, where nothing does until then.
    async fn next(&self, wake_ms: Option<f64>) -> Result<Input, String> {
        let inbox = self.clone();
        // What waits to be heard, where the page itself was busy, is heard first.
        let tick = move || set_timeout(move || inbox.put(Input::Tick), Duration::ZERO);
        // A millisecond more, for timers are rounded down.
        let wait = |wake_ms: f64| Duration::from_secs_f64((wake_ms - now_ms() + 1.0).max(0.0) / 1000.0);
        let timer = wake_ms.and_then(|wake_ms| set_timeout_with_handle(tick, wait(wake_ms)).ok());
        loop {
            if let Some(input) = self.happened.borrow_mut().pop_front() {
                timer.iter().for_each(leptos::prelude::TimeoutHandle::clear);
                return Ok(input);
            }
            let promise = Promise::new(&mut |resolve, _| *self.waiting.borrow_mut() = Some(resolve));
            JsFuture::from(promise).await.map_err(|thrown| error::sentence(&thrown))?;
        }
    }
}

/// The representations of both last tokens at every n.
///
/// # Errors
/// Why there are none, as a sentence.
pub async fn representations(config: Admitted, own: OwnModel) -> Result<LastTokenRepresentations, String> {
    if config.model.file.is_some() {
        return Err(say!("The command line writes those of a language model.").into());
    }
    let (inbox, mut supervisor) = (Inbox::default(), Supervisor::new(config, own));
    let mut running = None;
    let mut input = Input::Tick;
    loop {
        for effect in supervisor.handle(input, now_ms()) {
            match effect {
                Effect::Start(generation) => match start(generation, &inbox) {
                    Ok(worker) => running = Some((generation, worker)),
                    Err(why) => inbox.put(Input::Unreachable(generation, why)),
                },
                Effect::Post(request) => {
                    if let Some((generation, worker)) = &running
                        && let Err(why) = worker.post(&request)
                    {
                        inbox.put(Input::Unreachable(*generation, why));
                    }
                }
                Effect::End => running = None,
            }
        }
        if let Some(outcome) = supervisor.outcome() {
            return outcome;
        }
        input = inbox.next(supervisor.wake_ms()).await?;
    }
}

fn start(generation: u64, inbox: &Inbox) -> Result<WorkerHandle, String> {
    let inbox = inbox.clone();
    WorkerHandle::start(DeviceKind::Cpu, move |message| {
        inbox.put(match message {
            WorkerMessage::Event(event) => Input::Heard(generation, event),
            WorkerMessage::Watched => Input::Watched(generation),
            WorkerMessage::Unreadable => Input::Unreadable(generation),
            WorkerMessage::Died(ending) => Input::Died(generation, ending),
        });
    })
}
