//! What is on the screen: to which questions, and whether to the end.

use super::scheduler::QueryKey;

/// The answers on the screen, as the questions they answer. A refusal is an answer too.
#[derive(Debug, Default)]
pub struct Displayed {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    asked: QueryKey,
    is_whole: bool,
}

impl Displayed {
    /// An answer is shown, perhaps in part. It takes the place of what was shown before.
    pub fn show(&mut self, asked: QueryKey) {
        self.entries.retain(|entry| entry.asked == asked || !takes_the_place(&asked, &entry.asked));
        if !self.entries.iter().any(|entry| entry.asked == asked) {
            self.entries.push(Entry { asked, is_whole: false });
        }
    }

    /// Nothing more will come to a question.
    pub fn complete(&mut self, asked: QueryKey) {
        self.show(asked.clone());
        for entry in self.entries.iter_mut().filter(|entry| entry.asked == asked) {
            entry.is_whole = true;
        }
    }

    /// The questions whose answers are shown, perhaps in part.
    pub fn shown(&self) -> Vec<QueryKey> {
        self.entries.iter().map(|entry| entry.asked.clone()).collect()
    }

    /// The questions to which nothing more will come.
    pub fn known(&self) -> Vec<QueryKey> {
        self.entries.iter().filter(|entry| entry.is_whole).map(|entry| entry.asked.clone()).collect()
    }
}

/// What is more exact stands beside the same as it was before: it may have been refused.
fn takes_the_place(new: &QueryKey, old: &QueryKey) -> bool {
    new.question.topic() == old.question.topic() && !new.refines(old) && !old.refines(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::Experiment;
    use glasses_contract::config::Which;
    use glasses_contract::device::DeviceKind;
    use glasses_contract::question::{Pair, Question, Sensitivity, Sweep};
    use glasses_contract::report::JacobianMethod;

    fn asked(question: impl Into<Question>, seed: u32) -> QueryKey {
        let mut config = Experiment::default();
        config.model.seed = seed;
        QueryKey::new(DeviceKind::Cpu, question, &config)
    }

    const EXACT: Sensitivity = Sensitivity { sequence: Which::A, method: JacobianMethod::Exact };
    const ESTIMATE: Sensitivity = Sensitivity { sequence: Which::A, method: JacobianMethod::Estimate { probes: 8 } };

    #[test]
    fn what_is_shown_in_part_is_not_known_and_hides_what_was() {
        let mut screen = Displayed::default();
        screen.complete(asked(Pair, 1));
        assert_eq!(screen.known(), [asked(Pair, 1)]);
        screen.show(asked(Pair, 2));
        assert_eq!((screen.shown(), screen.known()), (vec![asked(Pair, 2)], vec![]));
        screen.show(asked(Sweep, 1));
        assert_eq!(screen.shown().len(), 2);
    }

    #[test]
    fn an_exact_sensitivity_stays_beside_its_own_estimate_only() {
        let mut screen = Displayed::default();
        screen.complete(asked(ESTIMATE, 1));
        screen.complete(asked(EXACT, 1));
        assert_eq!(screen.known().len(), 2);
        screen.show(asked(ESTIMATE, 2));
        assert_eq!(screen.shown(), [asked(ESTIMATE, 2)]);
    }
}
