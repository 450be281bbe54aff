//! The kinds of figures, by the names that their files have: what the page shows, and what the command line draws.

use crate::choice::choice;

choice! {
    /// A kind of figure.
    Drawing {
        Meeting = "meeting", "the meeting", "The outputs of A and B as two dots in one plane, at one n.";
        MeetingSteps = "meeting-steps", "the meeting, in steps", "Through the lens at a few n, side by side.";
        MeetingFilm = "meeting-film", "the meeting, moving", "The same at every n, one after the other: an SVG file that moves.";
        Rounding = "rounding", "rounding", "The distance of the outputs, rounded once, and the bits of one coordinate.";
        DistanceByN = "distance-by-n", "distance over n", "How far apart the last tokens are, at every n.";
        LikenessByN = "likeness-by-n", "likeness over n", "How like the last token is to the first one, at every n.";
        DistanceByLayer = "distance-by-layer", "distance by layer", "The same distance at one n, layer by layer.";
        NextTokens = "next-tokens", "next tokens", "The most likely next tokens after A and after B.";
        Sensitivity = "sensitivity", "sensitivity", "How much each token still counts, beside what theory says.";
        AttentionA = "attention-a", "attention in A", "One head's attention weights over A.";
        AttentionB = "attention-b", "attention in B", "One head's attention weights over B.";
        AttentionRow = "attention-row", "attention of the last token", "What one head gives to each token of A at the last one, beside an equal share.";
        SinksByLayer = "sinks-by-layer", "attention sinks", "What the first token gets of the last one's attention, layer by layer.";
        Variation = "variation", "total variation", "How far the two last tokens attend differently, layer by layer.";
        Paths = "paths", "the anatomy", "Attention from the tokens up to the answer, and what is left of one token on the way.";
        FirstToken = "first-token", "the first token's share", "The share of the first token at the last one, by depth.";
        Shares = "shares", "shares", "The share of each token at the last one, at the chosen depth.";
        CuresByN = "cures-by-n", "cures over n", "The distance at every n, for the plain model and its cures.";
        CuresByToken = "cures-by-token", "cures by token", "The sensitivity to each token, for the plain model and its cures.";
        CuresByLoss = "cures-by-loss", "cures by loss", "How well a language model still reads with each cure.";
        SeparatorsByN = "separators-by-n", "separators over n", "The distance at every n, with separators and without.";
        Separators = "separators", "separators", "The distance over the period of separators and n.";
        Error = "error-by-length", "errors", "How far answers are off as the sequence grows.";
        Twin = "twin-by-length", "twins", "What is left of the difference that the answer hangs on.";
        Histogram = "answer-histogram", "favourite answers", "How often each answer was given.";
        Paper = "paper", "a synthetic figure", "The paper's Figures 8, 9 and 10, simulated.";
        Loss = "loss-by-step", "loss", "The loss of a training run, step by step.";
        Accuracy = "accuracy-by-length", "accuracy", "How often a trained model is right, by length.";
    }
}

impl Drawing {
    /// The keys of the controls that change what a figure of this kind shows of its two texts: what a lecturer moves in the enlarged figure.
    pub fn controls(self) -> &'static [&'static str] {
        use Drawing::*;
        match self {
            AttentionA | AttentionB | AttentionRow => &["n", "k", "layer", "head"],
            FirstToken | Shares => &["n", "k", "depth"],
            Separators | Histogram | Error | Paper | Loss | Accuracy => &[],
            Twin => &["n"],
            Meeting | MeetingSteps | MeetingFilm | Rounding | DistanceByN | LikenessByN | DistanceByLayer | NextTokens | Sensitivity
            | SinksByLayer | Variation | Paths | CuresByN | CuresByToken | CuresByLoss | SeparatorsByN => &["n", "k"],
        }
    }
}

choice! {
    /// The side of each colour of www/style/tokens.css that a picture is drawn in.
    Side {
        Light = "light", "light", "Dark on light.";
        Dark = "dark", "dark", "Light on dark.";
    }
}
