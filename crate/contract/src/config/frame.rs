//! What stands around the question: which part of the page is shown, how large, and in which language. Changes no answer.

use super::Language;
use crate::choice::choice;
use crate::members::Members;

/// What stands around the question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Where the reader is.
    pub at: Place,
    /// Parts that are left out, such as the controls in front of a class.
    pub hide: Parts,
    /// The one part that is shown, within another page; [`Part::Page`] is all of them.
    pub embed: Part,
    /// Whether it is shown to a room.
    pub present: Presenting,
    /// Light or dark.
    pub theme: Scheme,
    /// The language of the page.
    pub language: Language,
    /// The lesson that is being given (see [`crate::lesson`]); none where it is empty.
    pub lesson: String,
    /// The step of the lesson, from 1; 0 is none of them.
    pub step: usize,
}

/// Some parts of the page.
pub type Parts = Members<Part>;

choice! {
    /// Where the reader is: on the bench, in a chapter of the story, or beside both.
    Place {
        Bench = "bench", "Bench", "Every control and every figure, if you know what you want.";
        Spread = "spread", "Softmax spreads thin", "The more tokens there are, the less attention each one gets.";
        Collapse = "collapse", "The last token collapses", "Two different texts end up with almost the same vector.";
        Precision = "precision", "Low precision makes it final", "Stored in a few bits, “almost the same” becomes “the same”.";
        Counting = "counting", "Counting and copying fail", "What the model can't tell apart gets the same answer.";
        Language = "language", "A real language model", "The same questions, asked of a model that has read the web.";
        Early = "early", "Early tokens shout", "The answer depends on some tokens, and barely on the others.";
        Glasses = "glasses", "Glasses: what helps", "Small changes to the attention formula or to the text.";
        Yours = "yours", "Your own text", "Type two texts and see where the model can't tell them apart.";
        Gallery = "gallery", "Gallery", "The figures of the paper, and the state behind each.";
        Teach = "teach", "Teach", "A lesson is a list of links, each with a sentence.";
    }
}

choice! {
    /// A part of the page.
    Part {
        Page = "page", "the whole page", "Everything on this part of the page.";
        Story = "story", "the story", "The text of a chapter.";
        Sequences = "sequences", "the sequences", "The two texts, and n.";
        Extras = "extras", "the chapter’s controls", "The few controls that a chapter is about.";
        Presets = "presets", "the presets", "Pairs worth a look.";
        Language = "language", "the language model", "A real language model, to be loaded and asked.";
        Model = "model", "the model", "Every control of the model.";
        Share = "share", "sharing", "Links, files, citations.";
        Engine = "engine", "the engine", "Who computes, and why.";
        Answers = "answers", "answers", "What the model answers.";
        Game = "game", "the game", "Count faster and farther than the model.";
        Meeting = "meeting", "the meeting", "Two last tokens become one, as their texts grow.";
        Rounding = "rounding", "rounding", "What one rounding leaves of the distance, and of the bits.";
        ByN = "by-n", "distance over n", "How far apart the last tokens are, at every n.";
        ByLayer = "by-layer", "distance by layer", "The same distance at one n, followed through the model.";
        Next = "next", "next tokens", "What the model would say next.";
        Sensitivity = "sensitivity", "sensitivity", "How much each token still counts.";
        Attention = "attention", "attention", "Where a head looks.";
        Instruments = "instruments", "instruments", "Theory, cures, a search, training, and the paper’s own figures.";
        Gallery = "gallery", "the gallery", "The figures of the paper.";
        Lesson = "lesson", "the lesson", "Where a lesson is written.";
    }
}

choice! {
    /// Whether the page is shown to a room.
    Presenting {
        Off = "off", "off", "As on your own screen.";
        On = "on", "on", "Large type, no controls; use the arrow keys to move on.";
    }
}

choice! {
    /// Light or dark.
    Scheme {
        Auto = "auto", "as the system", "What the system asks for.";
        Light = "light", "light", "Dark on light.";
        Dark = "dark", "dark", "Light on dark.";
    }
}
