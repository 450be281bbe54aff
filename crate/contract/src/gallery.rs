//! The figures of the paper, one row each: what it shows, the state that shows ours, and which of our figures is its picture.
//!
//! The page's gallery and its list of the paper's figures read this table, and the command line draws the pictures of www/gallery by it.

use crate::Choice;
use crate::drawing::{Drawing, Side};
use crate::locale::{later, tr};

/// A figure of the paper, and what stands for it here.
pub struct Exhibit {
    /// Its number in the paper.
    pub name: &'static str,
    /// What it shows there, in English.
    pub shows: &'static str,
    /// The state that shows ours, as the part of a link behind `#`.
    pub link: &'static str,
    /// The figure of ours that is its picture.
    pub drawn: Drawing,
}

/// Every figure of the paper, in its order.
pub static EXHIBITS: &[Exhibit] = &[
    Exhibit {
        name: "1a",
        shows: later("1…10 for growing n: last tokens merge."),
        link: "v=1&a=1%5En0&b=1%5E%28n+1%290",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "1b",
        shows: later("Paths from each of five tokens through three layers."),
        link: "v=1&n=4&layers=3",
        drawn: Drawing::Paths,
    },
    Exhibit {
        name: "2",
        shows: later("Gemini 1.5 copies one element of a sequence: the last one wrong from n = 300."),
        link: "v=1&n=20&max=512&task=last&weights=rotary&tool=answers",
        drawn: Drawing::Error,
    },
    Exhibit {
        name: "3",
        shows: later("Gemini 1.5 counts: errors grow with n."),
        link: "v=1&n=20&task=ones&weights=alibi&tool=answers",
        drawn: Drawing::Error,
    },
    Exhibit {
        name: "4",
        shows: later("Gemini 1.5 counts: 100 is by far the most frequent answer."),
        link: "v=1&n=20&task=ones&weights=alibi&tool=answers",
        drawn: Drawing::Histogram,
    },
    Exhibit {
        name: "5a",
        shows: later("Gemma 7B, counting ones in ones: the distance falls to bf16's line."),
        link: "v=1&prefix=count:&max=512&pos=rotary&norm=rms&paper=5a",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "5b",
        shows: later("Gemma 7B, counting ones in random digits: it falls more slowly."),
        link: "v=1&a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11&prefix=count:&max=512&pos=rotary&norm=rms&paper=5b",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "5c",
        shows: later("Gemma 7B, copying from ones."),
        link: "v=1&prefix=copy:&max=512&pos=rotary&norm=rms&paper=5c",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "5d",
        shows: later("Gemma 7B, a comma after every third digit: it does not fall."),
        link: "v=1&a=1%5En%7B,/3%7D&b=1%5E%28n+1%29%7B,/3%7D&prefix=copy:&max=512&pos=rotary&norm=rms&paper=5d",
        drawn: Drawing::DistanceByN,
    },
    Exhibit {
        name: "6",
        shows: later("Gemma 7B counts, as in Figure 3, and is much worse."),
        link: "v=1&n=20&max=128&task=digits&weights=rotary&tool=answers",
        drawn: Drawing::Error,
    },
    Exhibit {
        name: "7",
        shows: later("Gemma 7B's answers, as in Figure 4."),
        link: "v=1&n=20&max=128&task=digits&weights=rotary&tool=answers",
        drawn: Drawing::Histogram,
    },
    Exhibit { name: "8", shows: later("One layer with sinusoidal positions."), link: "v=1&tool=paper&paper=8", drawn: Drawing::Paper },
    Exhibit { name: "9", shows: later("Total variation of two softmaxes."), link: "v=1&tool=paper&paper=9", drawn: Drawing::Paper },
    Exhibit { name: "10", shows: later("One head with four kinds of positions."), link: "v=1&tool=paper&paper=10", drawn: Drawing::Paper },
    Exhibit {
        name: "11",
        shows: later("Gemini, the question before or after the sequence."),
        link: "v=1&layers=2&pos=rotary&tasks=last&question=after&tool=train",
        drawn: Drawing::Accuracy,
    },
    Exhibit {
        name: "12",
        shows: later("Gemma 7B, the question in front."),
        link: "v=1&a=1%5En&b=1%5E%28n+1%29&max=1024&task=last&weights=alibi&paper=12",
        drawn: Drawing::DistanceByN,
    },
];

impl Exhibit {
    /// The figure of the paper with this number.
    pub fn named(name: &str) -> Option<&'static Self> {
        EXHIBITS.iter().find(|exhibit| exhibit.name == name)
    }

    /// What it shows in the paper.
    pub fn shows(&self) -> &'static str {
        tr(self.shows)
    }

    /// The name of its picture in the site's folder `gallery`.
    pub fn file(&self, side: Side) -> String {
        format!("{}-{}.svg", self.name, side.word())
    }
}
