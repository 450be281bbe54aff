//! The state of the page: one configuration as the reader left it, and what follows from it.

mod action;
mod draft;
mod drafts;
mod grow;
mod history;
pub mod lesson;
pub mod notes;
mod pending;
mod preview;
pub mod sketch;
pub mod undo;
mod unfinished;
pub mod url;

pub use action::{Action, own_texts};
pub use draft::Draft;
pub use drafts::{Drafts, Unstored};
pub use grow::grown;
pub use unfinished::completed;

use self::lesson::Read;
use self::preview::Preview;
use crate::state::notes::Notes;
use crate::worker::Wanted;
use glasses_contract::config::{DeviceChoice, Frame, WeightsSource, Which};
use glasses_contract::device::DeviceKind;
use glasses_contract::language_model::LanguageModelInfo;
use glasses_contract::locale::together;
use glasses_contract::question::{Ask, Search};
use glasses_contract::sequence::{Parsed, Sequences};
use glasses_contract::{Admitted, Claim, Config, Experiment, Sentence, Warning, admit, admit_on, chapters, say};
use leptos::prelude::*;
use std::sync::Arc;

/// The state. Everything but the first field follows from it, and [`State::apply`] alone changes that; a claim is the address's.
#[derive(Clone, Copy)]
pub struct State {
    /// What the reader asks for: what the form shows and the link holds.
    pub asked: ReadSignal<Config>,
    set_asked: WriteSignal<Config>,
    on_commit: StoredValue<Vec<Callback<()>>>,
    /// The numbers that the address's link says were seen, for as long as texts and model are its own.
    pub claim: ReadSignal<Option<Claim>>,
    set_claim: WriteSignal<Option<Claim>>,
    /// How the page is set, and the reader's device: what goes along to another question.
    pub around: Memo<(Frame, DeviceChoice)>,
    /// What the engine is asked: the same, with what does not fit together replaced.
    pub admitted: Memo<Admitted>,
    /// A sentence for each replacement.
    pub replaced: Memo<Vec<Warning>>,
    /// What was made of something other than what was asked for.
    pub notes: Notes,
    /// The lesson, read.
    pub lesson: Memo<Arc<Read>>,
    /// Sequence A at n.
    pub preview_a: Memo<Preview>,
    /// Sequence B at n.
    pub preview_b: Memo<Preview>,
    /// Whether either sequence changes with n; as it was, while one can't be read.
    pub depends_on_n: Memo<bool>,
    /// Whether either changes with k; as it was, while one can't be read: nothing comes or goes under the fingers of whoever types.
    pub depends_on_k: Memo<bool>,
    /// What there is to compute; nothing while a sequence can't be read.
    pub wanted: Memo<Option<Wanted>>,
    /// Whether the language model that is asked about is not here.
    pub is_missing: Memo<bool>,
    /// What the reader asked a search about, with what a search does not look at at its default; another model or another pair is
    /// searched only when the reader says so again.
    pub searched: RwSignal<Option<Experiment>>,
}

impl State {
    /// Begins with what a link says; `revision` counts the models of the reader's own, `language_model` is the one that is here.
    pub fn new(asked: Config, notes: Notes, revision: Signal<u32>, language_model: Signal<Option<LanguageModelInfo>>) -> Self {
        let (asked, set_asked) = signal(asked);
        let (claim, set_claim) = signal(None);
        let settled = Memo::new(move |_| {
            let mut experiment = asked.with(|asked| asked.experiment.clone());
            if experiment.model.weights == WeightsSource::Own {
                experiment.model.revision = revision.get();
            }
            let of = experiment.model.file;
            language_model.with(|here| match here.as_ref().filter(|here| of == Some(here.file)) {
                Some(here) => admit_on(experiment, &here.model()),
                None => admit(experiment),
            })
        });
        let is_missing = Memo::new(move |_| {
            let of = asked.with(|asked| asked.model.file);
            of.is_some() && language_model.with(|here| here.as_ref().map(|here| here.file) != of)
        });
        let admitted = Memo::new(move |_| settled.with(|(admitted, _)| admitted.clone()));
        let shown = Memo::new(move |_| asked.with(|asked| chapters::shown(&asked.frame)));
        let input = Memo::new(move |_| admitted.with(|config| config.input.clone()));
        let parsed = Memo::new(move |_| input.with(Parsed::new));
        let n = Memo::new(move |_| input.with(|input| input.n));
        let characters = Memo::new(move |_| input.with(|input| input.characters));
        let preview = move |which| Memo::new(move |_| parsed.with(|parsed| preview::of(parsed, which, n.get(), characters.get())));
        let (preview_a, preview_b) = (preview(Which::A), preview(Which::B));
        let sequences =
            Memo::new(move |before: Option<&Option<Sequences>>| parsed.with(Parsed::both).ok().or_else(|| before.cloned().flatten()));
        let lesson = Memo::new_with_compare(
            move |before: Option<&Arc<Read>>| asked.with(|asked| Read::again(before, &asked.frame.lesson)),
            |before, now| !before.zip(now).is_some_and(|(before, now)| Arc::ptr_eq(before, now)),
        );
        let searched = RwSignal::new(None);
        let wanted = Memo::new(move |_| {
            let tokens = |preview: Memo<Preview>| preview.with(|preview| preview.as_ref().map(Vec::len).ok());
            let tokens = tokens(preview_a)?.max(tokens(preview_b)?);
            // No other model is shown in the place of a language model that is not here.
            if is_missing.get() {
                return None;
            }
            let (sequences, config) = (parsed.with(Parsed::both).ok()?, admitted.get());
            Some(Wanted {
                searches: searched.with(|searched| searched.as_ref() == Some(&Search.key(&config))),
                sequences,
                tokens,
                shown: shown.get(),
                config,
            })
        });
        Self {
            asked,
            set_asked,
            on_commit: StoredValue::default(),
            claim,
            set_claim,
            around: Memo::new(move |_| asked.with(|asked| (asked.frame.clone(), asked.view.device))),
            admitted,
            replaced: Memo::new(move |_| settled.with(|(_, warnings)| warnings.clone())),
            notes,
            lesson,
            preview_a,
            preview_b,
            depends_on_n: Memo::new(move |_| sequences.with(|read| read.as_ref().is_none_or(Sequences::depend_on_n))),
            depends_on_k: Memo::new(move |_| sequences.with(|read| read.as_ref().is_some_and(Sequences::depend_on_k))),
            wanted,
            searched,
            is_missing,
        }
    }

    /// Changes the state: nothing else does.
    pub fn apply(&self, action: Action) {
        let is_own_entry = action.is_own_entry();
        if is_own_entry {
            self.commit();
        }
        // What is opened claims anew.
        let claim = action.opened().map(Claim::of);
        let (next, notes) = self.asked.with_untracked(|now| action.apply(now));
        if self.asked.with_untracked(|now| *now != next) {
            self.set_asked.set(next);
        }
        self.keep(claim.unwrap_or_else(|| self.claim.get_untracked()));
        if let Some(notes) = notes {
            self.notes.opened(notes);
        }
        if is_own_entry {
            self.commit();
        }
    }

    /// Keeps what the address claims, or else the link of the step that is given: an address with a lesson says nothing of its own.
    pub fn keep_of(&self, address: &str) {
        let of_step = || {
            let step = untrack(|| self.given()).checked_sub(1)?;
            self.lesson.with_untracked(|read| Claim::of(&read.lesson.steps.get(step)?.link))
        };
        self.keep(Claim::of(address).or_else(of_step));
    }

    /// Keeps what a link claims, where it is about what is asked.
    fn keep(&self, claim: Option<Claim>) {
        let claim = claim.filter(|claim| self.asked.with_untracked(|asked| claim.is_about(asked)));
        if self.claim.with_untracked(|now| *now != claim) {
            self.set_claim.set(claim);
        }
    }

    /// Changes something by one press.
    pub fn choose(&self, change: impl FnOnce(&mut Config)) {
        self.apply(Action::Choose(Box::new(change)));
    }

    /// Changes something as part of a burst: a character typed, a slider dragged.
    pub fn edit(&self, change: impl FnOnce(&mut Config)) {
        self.apply(Action::Edit(Box::new(change)));
    }

    /// Ends a burst: the next change is an entry of its own in every history.
    pub fn commit(&self) {
        self.on_commit.with_value(|hooks| hooks.iter().for_each(|hook| hook.run(())));
    }

    /// A history that is to be told when a burst ends.
    pub fn on_commit(&self, hook: Callback<()>) {
        self.on_commit.update_value(|hooks| hooks.push(hook));
    }

    /// The state to which an action leads from here.
    pub fn after(&self, action: Action) -> Config {
        self.asked.with(|now| action.apply(now).0)
    }

    /// The step of the lesson that is given, from 1; 0 where none is.
    pub fn given(&self) -> usize {
        self.lesson.with(|lesson| lesson.given(self.asked.with(|asked| asked.frame.step)))
    }

    /// Asks for a search in what is shown.
    pub fn search(&self) {
        self.searched.set(Some(self.admitted.with_untracked(|config| Search.key(config))));
    }

    /// Goes on with the weights of the seed, where the trained ones can't be had, and says why.
    pub fn fall_back_to_seed(&self, why: &str) {
        if self.asked.with_untracked(|asked| asked.model.weights == WeightsSource::Seed) {
            return;
        }
        self.apply(Action::FallBackToSeed);
        let sentence = together([why, say!("Shown with random weights of the same shape instead.")]);
        self.notes.add(Warning::about("weights", Sentence::verbatim(sentence)));
    }

    /// Why a question has no answer here, whoever is asked; nothing while a sequence can't be read.
    pub fn inapplicable(&self, question: impl Ask) -> Memo<Option<String>> {
        let wanted = self.wanted;
        let why = move |wanted: &Wanted| question.applies(&wanted.about(DeviceKind::Cpu)).err().map(|failure| failure.to_string());
        Memo::new(move |_| wanted.with(|wanted| wanted.as_ref().and_then(why)))
    }

    /// The preview of one of the two.
    pub fn preview(&self, which: Which) -> Memo<Preview> {
        match which {
            Which::A => self.preview_a,
            Which::B => self.preview_b,
        }
    }
}
