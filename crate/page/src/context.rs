//! What every component of the page is given.

use crate::browser::style::Look;
use crate::language_model::LanguageModels;
use crate::state::sketch::Sketchbook;
use crate::state::undo::UndoHistory;
use crate::state::{Drafts, State};
use crate::worker::training::Training;
use crate::worker::{Answered, Engine, Kept};
use glasses_contract::Choice;
use glasses_contract::config::Part;
use glasses_contract::gallery::Exhibit;
use glasses_contract::question::Topic;
use glasses_plots::View;
use leptos::prelude::*;
use std::sync::Arc;

/// What every component is given.
#[derive(Clone, Copy)]
pub struct Context {
    /// What the reader asks for.
    pub state: State,
    /// What stands in the fields.
    pub drafts: Drafts,
    /// What was done, and the way back.
    pub history: UndoHistory,
    /// Who answers.
    pub engine: Engine,
    /// The language model, and where its file comes from.
    pub language_models: LanguageModels,
    /// The reader's own model, and how it is trained.
    pub training: Training,
    /// How everything is drawn.
    pub look: Signal<Look>,
    /// How figures look at their answers.
    pub view: Memo<View>,
    /// The parts of the page whose figures wait for a guess: they are drawn no further than what is given.
    pub veil: RwSignal<Vec<Part>>,
    /// Where the meeting's film stands, while it is not at the n that everything else is about.
    pub film: RwSignal<Option<usize>>,
    /// What is guessed by hand.
    pub sketchbook: Sketchbook,
    /// What of the bench is scrolled to once it stands there, as a selector.
    pub scroll_target: RwSignal<Option<String>>,
    /// The browser does not let the page write its address: what stands there is of an older state.
    pub is_unwritten: ReadSignal<bool>,
    /// The figures in sight, by the topic that each answers and its name.
    pub in_sight: RwSignal<Vec<(Topic, &'static str)>>,
    /// The figures that stand on the page, by their names, each with what makes its files.
    pub figures: RwSignal<Vec<(&'static str, MakeFiles)>>,
}

/// Makes the files of a figure; nothing where it shows nothing yet.
pub type MakeFiles = Callback<(), Option<Result<FigureFiles, String>>>;

/// A figure as files.
pub struct FigureFiles {
    /// Of which state it is, by which program.
    pub about: String,
    /// The picture.
    pub svg: String,
    /// Its numbers.
    pub csv: String,
    /// The same for programs, with what it says.
    pub json: String,
}

impl Context {
    /// A figure came into sight, or left it.
    pub fn sees(&self, figure: (Topic, &'static str), is_in_sight: bool) {
        // What was put away with the whole page has nowhere to say so.
        let _ = self.in_sight.try_update(|all| {
            all.retain(|other| *other != figure);
            all.extend(is_in_sight.then_some(figure));
        });
    }

    /// Whether the figure of a part waits for a guess.
    pub fn is_veiled(&self, part: Part) -> bool {
        self.veil.with(|veiled| veiled.contains(&part))
    }

    /// The last answer to a question, where it is one to what is asked now.
    pub fn current<Q: Kept>(&self) -> Option<Arc<Answered<Q::Answer>>> {
        let told = self.engine.signals.answers.of::<Q>().with(|shown| shown.told.clone())?;
        self.state.admitted.with(|asked| told.origin.is_of(asked)).then_some(told)
    }

    /// The name of the figure that shows how far its answer is; none where no figure in sight waits for what is computed.
    pub fn shows_progress(&self) -> Option<&'static str> {
        let topic = self.engine.signals.work.with(|work| work.as_ref().and_then(|work| work.topic))?;
        self.in_sight.with(|all| all.iter().find(|(of, _)| *of == topic).map(|(_, name)| *name))
    }
}

/// Where on the bench the figure of an exhibit is, as a selector.
pub fn figure_selector(exhibit: &Exhibit) -> String {
    format!(".box.{}", exhibit.drawn.word())
}
