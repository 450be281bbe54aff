//! The last tokens' representations, which no figure shows: asked of a worker of its own, which ends when it has given them.

use super::handle::{WorkerHandle, WorkerMessage};
use super::input::OwnModel;
use crate::browser::error;
use glasses_contract::config::WeightsSource;
use glasses_contract::device::DeviceKind;
use glasses_contract::message::{Command, Event, Request};
use glasses_contract::report::LastTokenRepresentations;
use glasses_contract::{Admitted, say};
use js_sys::{Function, Promise};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What came from the worker and is not read yet, and who waits for it.
#[derive(Clone, Default)]
struct Inbox {
    heard: Rc<RefCell<VecDeque<WorkerMessage>>>,
    waiting: Rc<RefCell<Option<Function>>>,
}

impl Inbox {
    fn put(&self, message: WorkerMessage) {
        self.heard.borrow_mut().push_back(message);
        if let Some(waiting) = self.waiting.take() {
            // Whoever waited goes on, or is gone.
            drop(waiting.call0(&JsValue::UNDEFINED));
        }
    }

    async fn next(&self) -> Result<WorkerMessage, String> {
        loop {
            if let Some(message) = self.heard.borrow_mut().pop_front() {
                return Ok(message);
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
    let inbox = Inbox::default();
    let put = inbox.clone();
    let worker = WorkerHandle::start(DeviceKind::Cpu, move |message| put.put(message))?;
    loop {
        match inbox.next().await? {
            WorkerMessage::Event(event) => match *event {
                Event::Ready { .. } => {
                    if let (WeightsSource::Own, OwnModel::Here { file, .. }) = (config.model.weights, &own) {
                        worker.post(&Request { id: 1, command: Command::Hold { file: file.to_vec() } })?;
                    }
                    worker.post(&Request { id: 2, command: Command::Represent { config: Box::new(config.clone()) } })?;
                }
                Event::Represented { last, .. } => return Ok(*last),
                Event::Failed { failure, .. } => return Err(failure.to_string()),
                Event::Unavailable { sentence } => return Err(sentence.to_string()),
                _ => {}
            },
            WorkerMessage::Watched => {}
            WorkerMessage::Unreadable => return Err(say!("The engine and the page are different versions: reload the page.").into()),
            WorkerMessage::Died(ending) => return Err(ending.sentence("CPU", 1)),
        }
    }
}
