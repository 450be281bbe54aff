//! The bare shape of a kind of figure, without a number in it: what stands for a picture that nobody has computed.

use glasses_contract::drawing::Drawing;

/// The size of the box that a shape is drawn in.
pub const SHAPE_SIZE: (u32, u32) = (32, 20);

/// The lines of a shape, as the path of an SVG element; of a state without a figure, lines of words.
pub fn shape(drawing: Option<Drawing>) -> &'static str {
    use Drawing::{
        AttentionA, AttentionB, AttentionRow, CuresByLoss, CuresByToken, Histogram, Meeting, MeetingFilm, MeetingSteps, NextTokens, Paths,
        Sensitivity, Separators, Shares,
    };
    match drawing {
        None => "M4 5H28M4 10H28M4 15H18",
        Some(Meeting | MeetingSteps | MeetingFilm) => {
            "M3 4L12 9M29 16L20 11M12 9a2 2 0 1 0 4 0a2 2 0 1 0-4 0M16 11a2 2 0 1 0 4 0a2 2 0 1 0-4 0"
        }
        Some(NextTokens) => "M4 4H27M4 8H15M4 12H10M4 16H7",
        Some(AttentionA | AttentionB | Separators) => "M6 2V18H28ZM6 10H17V18",
        Some(Sensitivity | AttentionRow | CuresByToken | CuresByLoss | Shares | Histogram) => {
            "M4 17V6M9 17V11M14 17V13M19 17V14M24 17V13M29 17V5"
        }
        Some(Paths) => "M4 17L28 3M12 17L28 3M20 17L28 3M28 17V3",
        Some(_) => "M3 2V17H30M5 4C11 5 12 13 29 14",
    }
}
