//! What a worker says, and what follows from it.

use super::Supervisor;
use crate::worker::gpu_qualification::Qualification;
use crate::worker::input::{Effect, Ending, Provenance};
use crate::worker::notice::About;
use crate::worker::scheduler::QueryKey;
use crate::worker::slot::{Purpose, SlotStatus};
use glasses_contract::device::DeviceKind;
use glasses_contract::failure::Failure;
use glasses_contract::message::{Event, PROTOCOL};
use glasses_contract::question::Answer;
use glasses_contract::say;

impl Supervisor {
    pub(super) fn hear(&mut self, device: DeviceKind, event: Event, now_ms: f64) {
        match event {
            Event::Ready { protocol, .. } if protocol != PROTOCOL => self.outdated(device),
            // What is not waited for any more comes too late.
            Event::Ready { .. } if self.slot(device).status != SlotStatus::Starting => {}
            Event::Ready { engine, adapter, .. } => {
                self.slot_mut(device).status = SlotStatus::Ready { engine, adapter, watched: false };
                match device {
                    DeviceKind::Cpu => self.notices.remove_action(About::Engine(device)),
                    DeviceKind::WebGpu => self.qualification.begin(adapter),
                }
            }
            Event::Unavailable { sentence } => self.refuse_service(device, sentence.to_string()),
            Event::Reading { id, bytes } => self.reads(id, bytes),
            Event::LanguageModel { id, model } => self.has_read(id, model),
            Event::Unable { id, sentence } => self.is_unable(id, sentence.to_string()),
            event => self.hear_about_request(device, event, now_ms),
        }
    }

    fn hear_about_request(&mut self, device: DeviceKind, event: Event, now_ms: f64) {
        self.slot_mut(device).hears(&event);
        if let Some(shard) = self.slot_mut(device).follow_shard(&event, now_ms) {
            return match event {
                Event::Failed { failure: Failure::Device(why), .. } => self.lose(device, &Ending::Crashed(why.to_string()), now_ms),
                event => self.take_shard(shard, event, now_ms),
            };
        }
        let Some(running) = self.slot_mut(device).running.as_mut().filter(|running| running.owns(&event)) else { return };
        running.heard_ms = now_ms;
        let purpose = running.purpose;
        match event {
            Event::Progress { question, done, .. } => {
                let settled = running.reach(question);
                running.advance(done, now_ms);
                self.learn(purpose, settled);
            }
            // What was made of the input is known already: the page admits every configuration before it asks.
            Event::Answered { answer, model, milliseconds, .. } => {
                let asked = running.left.iter().find(|asked| asked.question.topic() == answer.topic()).cloned();
                let Some(asked) = asked else { return };
                let settled = running.reach(asked.question);
                self.learn(purpose, settled);
                self.slot_mut(device).pace.measure(asked.question, &asked.config, milliseconds);
                match (purpose, *answer) {
                    (Purpose::Show, answer) => {
                        self.doubt.answered(device, now_ms);
                        // A request about a language model takes long to come to its end, which the other engine would shorten.
                        self.has_drawn |= asked.config.model.file.is_some();
                        let (question, about) = (asked.question, asked.config.clone());
                        self.screen.show(asked);
                        self.effects
                            .push(Effect::Show(Box::new(answer), Box::new(Provenance { model, question, about, device, milliseconds })));
                    }
                    (Purpose::Check, Answer::Pair(pair)) => {
                        self.check(device, pair, now_ms);
                    }
                    (Purpose::Time, _) => {
                        self.qualification.timed(device, milliseconds);
                        if matches!(self.qualification, Qualification::Proved(_)) {
                            self.notices.remove(About::Engine(DeviceKind::WebGpu));
                        }
                    }
                    (Purpose::CheckFile, Answer::Pair(pair)) => self.check_language_model(device, pair, milliseconds),
                    (Purpose::Check | Purpose::CheckFile | Purpose::Shard(_) | Purpose::Represent, _) => {}
                }
            }
            Event::Failed { failure: Failure::Device(why), .. } => self.lose(device, &Ending::Crashed(why.to_string()), now_ms),
            Event::Failed { question, failure: Failure::Input(_) | Failure::Refused(_) | Failure::Weights(_), .. }
                if purpose != Purpose::Show =>
            {
                running.settle(question);
                let why = say!("The WebGPU engine could not be compared with the CPU.").into();
                match purpose {
                    Purpose::CheckFile => self.language_model.trial.pass_over(why),
                    _ => self.qualification = Qualification::Out(why),
                }
            }
            Event::Failed { question, failure, .. } => {
                let mut settled = running.reach(question);
                settled.extend(running.settle(question));
                self.learn(purpose, settled);
                if let Failure::Weights(why) = &failure {
                    self.effects.push(Effect::FallBackToSeed(why.to_string()));
                }
                self.effects.push(Effect::Refuse(question, failure.to_string()));
            }
            Event::Finished { cancelled, .. } => {
                let running = self.slot_mut(device).running.take();
                if let (Some(running), false) = (running, cancelled) {
                    self.has_drawn |= running.purpose == Purpose::Show;
                    self.learn(running.purpose, running.left);
                }
            }
            // The rest is said to who trains.
            _ => {}
        }
    }

    /// Nothing more will come to these.
    fn learn(&mut self, purpose: Purpose, settled: Vec<QueryKey>) {
        for asked in settled.into_iter().filter(|_| purpose == Purpose::Show) {
            self.screen.complete(asked);
        }
    }
}
