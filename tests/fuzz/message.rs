//! Messages between page and worker: bytes that were changed on their way are a message or are refused, and hold no more than they say.

use crate::knock;
use glasses_contract::{Experiment, admit, sentence};
use glasses_contract::message::{Event, Request, Command, from_bytes, to_bytes};
use glasses_contract::question;
use proptest::collection::vec;
use proptest::prelude::*;

/// Requests and events of each shape: texts, numbers, lists, lists of lists.
fn messages() -> Vec<Vec<u8>> {
    let mut config = Experiment::default();
    config.input.a = "1^n".repeat(50);
    let answer = Command::Answer { config: Box::new(admit(config.clone()).0), questions: vec![question::Pair.into(), question::Sweep.into()] };
    let tasks = [answer, Command::Train { config: Box::new(config) }, Command::Cancel, Command::Hold { file: vec![7; 300] }];
    let requests = tasks.map(|task| to_bytes(&Request { id: 3, command: task }));
    let events = [
        Event::Stepped { id: 3, from: 2, losses: vec![0.5; 40] },
        Event::Unable { id: 3, sentence: sentence!("This file can't be opened as a model: {}.", sentence!("its header says “{}” twice", "w")) },
        Event::Held { name: "run:v=1".into(), file: Some(vec![1; 200]) },
        Event::Progress { id: 3, question: question::Sweep.into(), done: 0.5 },
        Event::Finished { id: 3, cancelled: true },
    ];
    requests.into_iter().chain(events.map(|event| to_bytes(&event))).collect()
}

/// Bytes with some changed, taken out or put in.
fn changed() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..3_u8);
    (proptest::sample::select(messages()), vec(change, 0..6), any::<bool>()).prop_map(|(mut bytes, changes, grows)| {
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        // A length that is far above what follows.
        if grows && !bytes.is_empty() {
            let at = bytes.len() / 3;
            bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x0f]);
        }
        bytes
    })
}

#[test]
fn changed_bytes_are_a_message_or_are_refused() {
    knock(6_000, prop_oneof![3 => changed(), 1 => vec(any::<u8>(), 0..200)], |bytes| {
        // Written again, it takes no more bytes than it was read from: nothing was made of a length alone.
        if let Ok(request) = from_bytes::<Request>(&bytes) {
            prop_assert!(to_bytes(&request).len() <= bytes.len(), "{:?}", request);
        }
        if let Ok(event) = from_bytes::<Event>(&bytes) {
            prop_assert!(to_bytes(&event).len() <= bytes.len(), "{:?}", event);
        }
        Ok(())
    });
}
