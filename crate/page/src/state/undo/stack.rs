//! The states that were left, and those that were gone back from: what follows fast upon a change of the same thing is one with it.

use crate::state::Unstored;
use glasses_contract::Config;
use glasses_contract::config::{DeviceChoice, Frame, Place};
use glasses_contract::controls::{self, CONTROLS};

/// So many changes can be taken back: a lesson of the greatest length in each would be 20 MB.
const MOST: usize = 200;
/// A pause after which the next change is another.
const PAUSE_MS: f64 = 1000.0;

/// What can be taken back: the question, the lesson's text, and what stands in fields alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The question; of the frame, only the lesson's text.
    pub question: Config,
    /// What stands in fields and nowhere else.
    pub unstored: Unstored,
    /// Where the reader is. Who goes to another chapter, or step, has another question there.
    page: (Place, usize),
}

impl Snapshot {
    /// Of a state.
    pub fn of(asked: &Config, unstored: Unstored) -> Self {
        let mut question = Config { frame: Frame::default(), ..asked.clone() };
        question.frame.lesson = asked.frame.lesson.clone();
        question.view.device = DeviceChoice::default();
        Self { question, unstored, page: (asked.frame.at, asked.frame.step) }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.question == other.question && self.unstored == other.unstored
    }

    /// What is not the same, by name.
    fn differing(&self, other: &Self) -> Vec<&'static str> {
        let in_question = CONTROLS.iter().filter(|control| (control.write)(&self.question) != (control.write)(&other.question));
        let mut names: Vec<_> = in_question.map(|control| control.key).collect();
        let both = self.unstored.keys().chain(other.unstored.keys());
        names.extend(both.filter(|name| self.unstored.get(*name) != other.unstored.get(*name)));
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The history of one page.
#[derive(Default)]
pub struct UndoStack {
    now: Option<Snapshot>,
    before: Vec<Snapshot>,
    behind: Vec<Snapshot>,
    /// What changed last, and when.
    burst: Option<(Vec<&'static str>, f64)>,
}

impl UndoStack {
    /// The state may have changed.
    pub fn record(&mut self, new: Snapshot, now_ms: f64) {
        let Some(now) = self.now.as_mut() else {
            self.now = Some(new);
            return;
        };
        if now.is_same(&new) {
            now.page = new.page;
            return;
        }
        // Another chapter has another history, the same question in another place has not.
        if now.page != new.page && now.differing(&new).iter().any(|name| is_of_question(name)) {
            *self = Self { now: Some(new), ..Self::default() };
            return;
        }
        let what = now.differing(&new);
        let is_burst = self.burst.as_ref().is_some_and(|(last, at)| *last == what && now_ms - at < PAUSE_MS);
        let old = std::mem::replace(now, new);
        if !is_burst {
            self.before.push(old);
            if self.before.len() > MOST {
                self.before.remove(0);
            }
        }
        self.behind.clear();
        self.burst = Some((what, now_ms));
    }

    /// The next change is one by itself.
    pub fn cut(&mut self) {
        self.burst = None;
    }

    /// To the state before the last change.
    pub fn undo(&mut self) -> Option<Snapshot> {
        let to = self.before.pop()?;
        self.behind.extend(self.now.replace(to.clone()));
        self.cut();
        Some(to)
    }

    /// To the state that was gone back from.
    pub fn redo(&mut self) -> Option<Snapshot> {
        let to = self.behind.pop()?;
        self.before.extend(self.now.replace(to.clone()));
        self.cut();
        Some(to)
    }
}

/// Whether it is a control, and not of the frame.
fn is_of_question(name: &str) -> bool {
    controls::find(name).is_some_and(|control| control.group != controls::Group::Frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(n: usize, a: &str) -> Config {
        let mut config = Config::default();
        (config.input.n, config.input.a) = (n, a.into());
        config
    }

    fn snapshot(n: usize, a: &str) -> Snapshot {
        Snapshot::of(&asking(n, a), Unstored::new())
    }

    #[test]
    fn each_change_is_taken_back_and_made_again_whoever_made_it() {
        let mut stack = UndoStack::default();
        stack.record(snapshot(1, "1"), 0.0);
        stack.record(snapshot(1, "12"), 10.0);
        stack.record(snapshot(1, "123"), 20.0);
        // An arrow on n, at once.
        stack.record(snapshot(2, "123"), 30.0);
        assert_eq!(stack.undo(), Some(snapshot(1, "123")));
        assert_eq!(stack.undo(), Some(snapshot(1, "1")), "what is typed in one go goes in one go");
        assert_eq!(stack.undo(), None);
        assert_eq!((stack.redo(), stack.redo(), stack.redo()), (Some(snapshot(1, "123")), Some(snapshot(2, "123")), None));
        stack.undo();
        stack.record(snapshot(9, "123"), 40.0);
        assert_eq!(stack.redo(), None, "from another state there is no way on");
    }

    #[test]
    fn a_pause_and_a_press_begin_another_change() {
        let mut stack = UndoStack::default();
        for (n, at) in [(1, 0.0), (2, 10.0), (3, 900.0), (4, 1901.0)] {
            stack.record(snapshot(n, "1"), at);
        }
        stack.cut();
        stack.record(snapshot(5, "1"), 1902.0);
        assert_eq!([stack.undo(), stack.undo(), stack.undo()].map(|to| to.map(|to| to.question.input.n)), [Some(4), Some(3), Some(1)]);
    }

    #[test]
    fn what_was_refused_comes_back_too() {
        let mut stack = UndoStack::default();
        let refused = Snapshot::of(&asking(1, "1"), Unstored::from([("n", "1,0".into())]));
        stack.record(snapshot(1, "1"), 0.0);
        stack.record(refused.clone(), 10.0);
        stack.cut();
        stack.record(snapshot(7, "1"), 20.0);
        assert_eq!((stack.undo(), stack.undo(), stack.undo()), (Some(refused), Some(snapshot(1, "1")), None));
    }

    #[test]
    fn another_chapter_has_another_history_and_another_light_has_not() {
        let at = |n: usize, change: fn(&mut Frame)| {
            let mut config = asking(n, "1");
            change(&mut config.frame);
            Snapshot::of(&config, Unstored::new())
        };
        let mut stack = UndoStack::default();
        stack.record(at(1, |_| {}), 0.0);
        stack.record(at(2, |_| {}), 10.0);
        stack.record(at(2, |frame| frame.at = Place::Teach), 20.0);
        stack.record(at(2, |frame| (frame.at, frame.lesson) = (Place::Teach, "T".into())), 30.0);
        assert_eq!([stack.undo(), stack.undo()].map(|to| to.map(|to| to.question.input.n)), [Some(2), Some(1)]);
        stack.record(at(3, |frame| frame.at = Place::Collapse), 40.0);
        assert_eq!(stack.undo(), None);
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut stack = UndoStack::default();
        for n in 1..=2 * MOST {
            stack.record(snapshot(n, "1"), 1e4 * n as f64);
        }
        assert_eq!(std::iter::from_fn(|| stack.undo()).count(), MOST);
    }
}
