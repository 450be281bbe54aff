//! The figures of the paper, one row each: what it shows, the state that shows ours, and which of our figures is its picture.
//!
//! The page's gallery and its list of the paper's figures read this table, and the command line draws the pictures of www/gallery by it.

use crate::Choice;
use crate::drawing::{Drawing, Side};
use crate::locale::{later, tr};
use crate::say;

/// A figure of the paper, and what stands for it here.
pub struct Exhibit {
    /// Its number in the paper.
    pub name: &'static str,
    /// What it shows there, in English.
    pub paper: &'static str,
    /// What ours shows, in English; its numbers are those of the picture.
    pub ours: &'static str,
    /// The state that shows ours, as the part of a link behind `#`.
    pub link: &'static str,
    /// The figure of ours that is its picture.
    pub drawn: Drawing,
}

/// Every figure of the paper, in its order.
pub static EXHIBITS: &[Exhibit] = &[
    Exhibit {
        name: "1a",
        paper: later("1…10 for growing n: the last tokens’ vectors merge."),
        ours: later("with random weights they stay below bf16’s line from n = 53 on."),
        link: "v=1&a=1%5En0&b=1%5E%28n+1%290",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "1b",
        paper: later("of five tokens, the first has the most paths to the last through three layers."),
        ours: later("15, 10, 6, 3 and 1 paths."),
        link: "v=1&n=4&layers=3",
        drawn: Drawing::Paths,
    },
    Exhibit {
        name: "2",
        paper: later("Gemini 1.5 copies the last element wrong from n = 300 on."),
        ours: later("right up to n = 103; at n = 512 it most often says 1."),
        link: "v=1&n=20&max=512&task=last&weights=rotary&tool=answers",
        drawn: Drawing::Error,
    },
    Exhibit {
        name: "3",
        paper: later("when Gemini 1.5 counts, its errors grow with n."),
        ours: later("right up to n = 64; at n = 256 it says 99."),
        link: "v=1&n=20&task=ones&weights=alibi&tool=answers",
        drawn: Drawing::Error,
    },
    Exhibit {
        name: "4",
        paper: later("100 is by far Gemini 1.5’s most frequent answer."),
        ours: later("99, said 15 times of 40, and never right."),
        link: "v=1&n=20&task=ones&weights=alibi&tool=answers",
        drawn: Drawing::Histogram,
    },
    Exhibit {
        name: "5a",
        paper: later("Gemma 7B counts ones in ones: the distance falls to bf16’s line."),
        ours: later("it falls from 0.610 to 0.0207 at n = 512; least 0.0148, at n = 487."),
        link: "v=1&prefix=count:&max=512&pos=rotary&norm=rms&paper=5a",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "5b",
        paper: later("Gemma 7B counts ones in random digits: it falls more slowly."),
        ours: later("more slowly here too, from 0.538 to 0.0624 at n = 512; least 0.0437, at n = 313."),
        link: "v=1&a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11&prefix=count:&max=512&pos=rotary&norm=rms&paper=5b",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "5c",
        paper: later("Gemma 7B copies from ones: it falls."),
        ours: later("it falls from 0.443 to 0.0209 at n = 512; least 0.0145, at n = 490."),
        link: "v=1&prefix=copy:&max=512&pos=rotary&norm=rms&paper=5c",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "5d",
        paper: later("a comma after every third digit, and Gemma 7B’s does not fall."),
        ours: later(
            "with rotary positions, random weights have no use for commas (with ALiBi they have): from 0.443 to 0.0207; least 0.00995, at n = 431.",
        ),
        link: "v=1&a=1%5En%7B,/3%7D&b=1%5E%28n+1%29%7B,/3%7D&prefix=copy:&max=512&pos=rotary&norm=rms&paper=5d",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "6",
        paper: later("Gemma 7B counts as in Figure 3, and is much worse."),
        ours: later("right up to n = 32; at n = 128 it most often says 47."),
        link: "v=1&n=20&max=128&task=digits&weights=rotary&tool=answers",
        drawn: Drawing::Error,
    },
    Exhibit {
        name: "7",
        paper: later("Gemma 7B’s answers, as in Figure 4."),
        ours: later("33 is said most often, 8 times of 160."),
        link: "v=1&n=20&max=128&task=digits&weights=rotary&tool=answers",
        drawn: Drawing::Histogram,
    },
    Exhibit {
        name: "8",
        paper: later("one layer with sinusoidal positions: its output converges."),
        ours: later("the distance falls from 0.0765 to 0.00134."),
        link: "v=1&tool=paper&paper=8",
        drawn: Drawing::Paper,
    },
    Exhibit {
        name: "9",
        paper: later("the total variation of two softmaxes vanishes."),
        ours: later("it falls from 0.0262 to 0.00203."),
        link: "v=1&tool=paper&paper=9",
        drawn: Drawing::Paper,
    },
    Exhibit {
        name: "10",
        paper: later("one head converges with four kinds of positions."),
        ours: later("without positions from 0.958 to 0.00128, with ALiBi to 0.00343."),
        link: "v=1&tool=paper&paper=10",
        drawn: Drawing::Paper,
    },
    Exhibit {
        name: "11",
        paper: later("Gemini does better with the question before the sequence."),
        ours: later("after it, a model that you train is right at least half the time up to n = 512."),
        link: "v=1&layers=2&pos=rotary&tasks=last&question=after&tool=train",
        drawn: Drawing::Accuracy,
    },
    Exhibit {
        name: "12",
        paper: later("Gemma 7B with the question in front: the distance falls."),
        ours: later("it falls from 0.720 to 3.77 × 10⁻⁴ at n = 470 and is 0.00178 at n = 1024."),
        link: "v=1&a=1%5En&b=1%5E%28n+1%29&max=1024&task=last&weights=alibi&paper=12",
        drawn: Drawing::DistanceByN,
    },
];

impl Exhibit {
    /// The figure of the paper with this number.
    pub fn named(name: &str) -> Option<&'static Self> {
        EXHIBITS.iter().find(|exhibit| exhibit.name == name)
    }

    /// What it shows in the paper, and what ours does.
    pub fn shows(&self) -> [String; 2] {
        [say!("Paper: {}", tr(self.paper)), say!("Ours: {}", tr(self.ours))]
    }

    /// The name of its picture in the site's folder `gallery`.
    pub fn file(&self, side: Side) -> String {
        format!("{}-{}.svg", self.name, side.word())
    }
}
