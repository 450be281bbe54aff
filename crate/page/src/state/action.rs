//! Every way in which the state changes, as a pure function from one configuration to the next.
//!
//! One rule for what survives when a link is opened within the page: the question is the link's, and what is the user's stays, which is the
//! device and how the page is set. An action only says which settings of the link it takes over besides.

use super::grow::grown;
use super::lesson::{self, Read};
use glasses_contract::config::{Frame, Part, Place, Presenting, Tool, WeightsSource};
use glasses_contract::gallery::Exhibit;
use glasses_contract::recipe::Recipe;
use glasses_contract::task::Task;
use glasses_contract::{Config, Warning, chapters, controls, open};

/// A change of the state.
pub enum Action<'a> {
    /// Opens a link within the page, such as a preset; where it names a place, it leads there.
    Open(&'a str),
    /// Opens the state behind a figure of the paper, on the bench.
    OpenFigure(&'a Exhibit),
    /// Gives the lesson from its first step, presented.
    GiveLesson(&'a Read),
    /// Goes to a step of the lesson, from 1; beyond the last there is none.
    GoToStep(&'a Read, usize),
    /// Leaves the lesson where it is; its text is kept. Where it is written there is nothing to present.
    LeaveLesson,
    /// Goes to a place: a chapter brings its own question, the bench takes over the one that is asked.
    GoTo(Place),
    /// Sets some controls, written as `key=value&key=value`; tests see to it that the chapters' can be set.
    Set(&'a str),
    /// Chooses something by one press.
    Choose(Box<dyn FnOnce(&mut Config) + 'a>),
    /// Changes something as part of a burst: a character typed, a slider dragged.
    Edit(Box<dyn FnOnce(&mut Config) + 'a>),
    /// Makes two texts grow that do not change with n, see [`grown`].
    Grow,
    /// Uses the user's own model everywhere, beginning with what it was trained on.
    UseOwn(&'a Recipe),
    /// Goes on with the weights of the seed, where the trained ones can't be had.
    FallBackToSeed,
    /// Takes back a change, or makes it again: the question and the lesson's text are of then. Whoever asks for it ends the bursts around.
    Retrace(&'a Config),
    /// Follows the address, of which there are these notes.
    Follow(Box<Config>, Vec<Warning>),
}

impl Action<'_> {
    /// Whether it is an entry of its own in the histories of the browser and of the page, rather than part of a burst.
    pub fn is_own_entry(&self) -> bool {
        !matches!(self, Self::Edit(_) | Self::FallBackToSeed | Self::Retrace(_) | Self::Follow(..))
    }

    /// The link that it opens, if it opens one.
    pub fn opened(&self) -> Option<&str> {
        let (read, step) = match self {
            Self::Open(link) => return Some(link),
            Self::GiveLesson(read) => (read, 1),
            Self::GoToStep(read, step) => (read, *step),
            _ => return None,
        };
        Some(&read.lesson.steps.get(step.checked_sub(1)?)?.link)
    }

    /// The configuration after it; and the notes of the link that it opens, where it opens one.
    pub fn apply(self, now: &Config) -> (Config, Option<Vec<Warning>>) {
        let mut next = now.clone();
        match self {
            Self::Open(address) => {
                let (opened, notes) = open::decode(address);
                let at = if opened.frame.at == Place::default() { now.frame.at } else { opened.frame.at };
                return (within(opened, now, |frame, _| frame.at = at), Some(notes));
            }
            Self::OpenFigure(exhibit) => {
                return (within(exhibit.config(), now, |frame, _| (frame.at, frame.embed) = (Place::Bench, Part::Page)), Some(vec![]));
            }
            Self::GiveLesson(read) => {
                next.frame.present = Presenting::On;
                return Action::GoToStep(read, 1).apply(&next);
            }
            Self::GoToStep(read, step) => {
                let chosen = step.checked_sub(1).and_then(|index| read.lesson.steps.get(index));
                let Some(chosen) = chosen else { return (next, None) };
                let config = within(open::decode(&chosen.link).0, now, |frame, of| {
                    (frame.at, frame.hide, frame.step) = (of.at, of.hide, step);
                    // The window with the notes stays one.
                    if frame.embed != Part::Lesson {
                        frame.embed = of.embed;
                    }
                });
                let notes = lesson::notes(&config, read);
                return (config, Some(notes));
            }
            Self::Follow(config, notes) => return (*config, Some(notes)),
            Self::Retrace(question) => {
                return (within(question.clone(), now, |frame, of| frame.lesson.clone_from(&of.lesson)), None);
            }
            Self::LeaveLesson => (next.frame.step, next.frame.at, next.frame.present) = (0, Place::Teach, Presenting::Off),
            Self::GoTo(place) => {
                open::at(&mut next, place);
                // The chapter about one's own texts takes them along.
                if let Some((a, b)) = own_texts(now).filter(|_| place == Place::Yours) {
                    (next.input.a, next.input.b) = (a, b);
                }
            }
            Self::Set(changes) => {
                changes.split('&').filter_map(|pair| pair.split_once('=')).for_each(|(key, value)| set(&mut next, key, value));
            }
            Self::Choose(change) | Self::Edit(change) => change(&mut next),
            Self::Grow => grown(&now.input).into_iter().for_each(|input| next.input = input),
            Self::UseOwn(recipe) => use_own(&mut next, recipe),
            Self::FallBackToSeed => next.model.weights = WeightsSource::Seed,
        }
        (next, None)
    }
}

/// The texts of a chapter where they are not those that it opens with.
pub fn own_texts(config: &Config) -> Option<(String, String)> {
    let chapter = chapters::chapter(config.frame.at)?;
    let opens = open::decode(chapter.link).0.experiment.input;
    let input = &config.input;
    let is_own = input.task == Task::None && (&opens.a, &opens.b) != (&input.a, &input.b);
    is_own.then(|| (input.a.clone(), input.b.clone()))
}

/// What a configuration becomes that is opened within the page; `place` takes over what else is the link's.
fn within(opened: Config, now: &Config, place: impl FnOnce(&mut Frame, &Frame)) -> Config {
    let mut frame = now.frame.clone();
    place(&mut frame, &opened.frame);
    let mut config = Config { frame, ..opened };
    config.view.device = now.view.device;
    config
}

fn set(config: &mut Config, key: &str, value: &str) {
    // What can't be read changes nothing.
    controls::find(key).iter().for_each(|control| open::read(control, config, value).unwrap_or_default());
}

fn use_own(config: &mut Config, recipe: &Recipe) {
    let Config { experiment: used, .. } = recipe.used();
    let task = used.training.tasks.chosen().next().unwrap_or_default();
    let longest = task.elements_within(used.training.tokens, used.training.separators);
    // A length that it was trained on, so that it can first be seen to be right.
    config.input.n = longest.div_ceil(2);
    config.input.asked = used.training.asked;
    (config.model, config.training) = (used.model, used.training);
    (config.view.tool, config.view.layer, config.view.head) = (Tool::Answers, 0, 0);
    open::ask(config, task);
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::config::DeviceChoice;
    use glasses_contract::gallery::EXHIBITS;

    /// A state of which everything that may survive is not the default.
    fn now() -> Config {
        let link = "v=1&n=9&seed=7&device=cpu&theme=dark&hide=attention&embed=by-n&present=on";
        let mut config = open::decode(link).0;
        config.view.device = DeviceChoice::Cpu;
        (config.frame.at, config.frame.embed, config.frame.present) = (Place::Teach, Part::ByN, Presenting::On);
        config.frame.lesson = "T\n\nOne.\n#v=1&n=5\n\nTwo.\n#v=1&n=6&at=bench".into();
        config.frame.step = 2;
        config
    }

    #[test]
    fn every_action_keeps_what_is_the_users() {
        let now = now();
        let read = Read::of(&now.frame.lesson);
        let recipe = Recipe {
            version: 1,
            link: "v=1".into(),
            command: String::new(),
            steps: 0,
            final_loss: 0.0,
            loss: vec![],
            accuracy: vec![],
            notes: String::new(),
        };
        let plain = Config::default();
        let same = |change: fn(&mut Frame)| {
            let mut frame = now.frame.clone();
            change(&mut frame);
            frame
        };
        let cases: Vec<(&str, Action<'_>, bool, usize, Frame)> = vec![
            ("preset", Action::Open("v=1&n=3"), true, 3, now.frame.clone()),
            ("link with a place", Action::Open("at=collapse"), true, 0, same(|frame| frame.at = Place::Collapse)),
            ("card", Action::OpenFigure(&EXHIBITS[0]), true, 0, same(|frame| (frame.at, frame.embed) = (Place::Bench, Part::Page))),
            (
                "step",
                Action::GoToStep(&read, 1),
                true,
                5,
                same(|frame| {
                    (frame.at, frame.hide, frame.embed, frame.step) = (Place::Bench, Default::default(), Part::Page, 1);
                }),
            ),
            ("no such step", Action::GoToStep(&read, 3), true, 9, now.frame.clone()),
            (
                "lesson",
                Action::GiveLesson(&read),
                true,
                5,
                same(|frame| {
                    (frame.at, frame.hide, frame.embed, frame.step) = (Place::Bench, Default::default(), Part::Page, 1);
                }),
            ),
            (
                "leave",
                Action::LeaveLesson,
                true,
                9,
                same(|frame| {
                    (frame.at, frame.step, frame.present) = (Place::Teach, 0, Presenting::Off);
                }),
            ),
            ("place", Action::GoTo(Place::Bench), true, 9, same(|frame| frame.at = Place::Bench)),
            ("chapter", Action::GoTo(Place::Collapse), true, 0, same(|frame| frame.at = Place::Collapse)),
            ("set", Action::Set("n=4&seed=1"), true, 4, now.frame.clone()),
            ("choice", Action::Choose(Box::new(|config| config.input.n = 8)), true, 8, now.frame.clone()),
            ("edit", Action::Edit(Box::new(|config| config.input.n = 8)), false, 8, now.frame.clone()),
            ("grows already", Action::Grow, true, 9, now.frame.clone()),
            ("own model", Action::UseOwn(&recipe), true, 0, now.frame.clone()),
            ("seed", Action::FallBackToSeed, false, 9, now.frame.clone()),
            ("undo", Action::Retrace(&plain), false, 0, same(|frame| frame.lesson = String::new())),
        ];
        for (name, action, is_own_entry, n, frame) in cases {
            assert_eq!(action.is_own_entry(), is_own_entry, "{name}");
            let (next, _) = action.apply(&now);
            assert_eq!(next.frame, frame, "{name}");
            assert_eq!(next.view.device, DeviceChoice::Cpu, "{name}");
            // Where 0 stands, the link opened says which n.
            assert!(n == 0 || next.input.n == n, "{name}: {}", next.input.n);
        }
    }

    #[test]
    fn ones_own_texts_come_along_to_the_chapter_about_them() {
        let go = |link: &str, place| Action::GoTo(place).apply(&open::decode(link).0).0.input.a.clone();
        assert_eq!(go("v=1&at=collapse&a=banana", Place::Yours), "banana");
        assert_eq!(go("v=1&at=collapse&a=banana", Place::Precision), "1^n");
        assert_eq!(go("v=1&at=collapse", Place::Yours), "10110", "those that a chapter opens with are nobody's");
    }

    #[test]
    fn the_window_with_the_notes_stays_one_at_every_step() {
        let mut now = now();
        now.frame.embed = Part::Lesson;
        let (next, _) = Action::GoToStep(&Read::of(&now.frame.lesson), 1).apply(&now);
        assert_eq!((next.frame.embed, next.frame.step, next.input.n), (Part::Lesson, 1, 5));
    }

    #[test]
    fn the_address_is_followed_as_it_stands() {
        let (next, notes) = Action::Follow(Box::default(), vec![]).apply(&now());
        assert_eq!((next, notes), (Config::default(), Some(vec![])));
    }

    #[test]
    fn what_a_link_says_is_noted() {
        let (_, notes) = Action::Open("v=1&n=abc").apply(&now());
        assert_eq!(notes.map(|notes| notes.len()), Some(1));
    }
}
