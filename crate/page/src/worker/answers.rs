//! The last answer to each question.

use super::input::Provenance;
use glasses_contract::question::{self, Answer, Ask, Question};
use leptos::prelude::*;
use std::sync::Arc;

/// The last answer to a question, and why there is no newer one.
#[derive(Clone, Debug, PartialEq)]
pub struct Latest<T> {
    /// The last answer.
    pub told: Option<Arc<Answered<T>>>,
    /// Why the newest question has none.
    pub refusal: Option<String>,
    /// Why the answer is not made more exact, where it might be.
    pub unrefined: Option<String>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { told: None, refusal: None, unrefined: None }
    }
}

/// An answer and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered<T> {
    /// The answer, which figures share.
    pub part: Arc<T>,
    /// Where it came from.
    pub origin: Provenance,
}

impl<T> Latest<T> {
    fn new(part: T, origin: Provenance) -> Self {
        Self { told: Some(Arc::new(Answered { part: Arc::new(part), origin })), refusal: None, unrefined: None }
    }

    fn refuse(&mut self, question: impl Ask, sentence: String) {
        let refusal = if question.is_refinement() { &mut self.unrefined } else { &mut self.refusal };
        *refusal = Some(sentence);
    }
}

/// A question whose last answer is kept.
pub trait Kept: Ask {
    /// Where.
    fn latest(answers: &Answers) -> RwSignal<Latest<Self::Answer>>;
}

macro_rules! answers {
    ($($field:ident: $name:ident,)*) => {
        /// The last answer to each question.
        #[derive(Clone, Copy, Default)]
        pub struct Answers {
            $($field: RwSignal<Latest<<question::$name as Ask>::Answer>>,)*
        }

        $(impl Kept for question::$name {
            fn latest(answers: &Answers) -> RwSignal<Latest<Self::Answer>> {
                answers.$field
            }
        })*

        impl Answers {
            /// Shows an answer.
            pub fn show(&self, answer: Answer, origin: Provenance) {
                match answer { $(Answer::$name(answer) => self.$field.set(Latest::new(answer, origin)),)* }
            }

            /// Says why a question has no answer.
            pub fn refuse(&self, question: Question, sentence: String) {
                match question { $(Question::$name(question) => self.$field.update(|latest| latest.refuse(question, sentence)),)* }
            }
        }
    };
}

glasses_contract::for_each_question!(answers);

impl Answers {
    /// The last answer to one of them.
    pub fn of<Q: Kept>(&self) -> RwSignal<Latest<Q::Answer>> {
        Q::latest(self)
    }
}
