//! The chapters of the story: what each opens, and which parts of the page it needs.
//!
//! A chapter is a place, and a place is a link: all that can be done on the bench can be done in a chapter, with less around it. Its text
//! stands in www/locale.

use crate::config::{Config, Frame, Part, Parts, Place, Tool};
use crate::drawing::Drawing;
use crate::sequence;

/// One chapter.
pub struct Chapter {
    /// Where it stands.
    pub place: Place,
    /// The state that it opens with, as the part of a link behind `#`.
    pub link: &'static str,
    /// The figures beside its text.
    pub figures: &'static [Part],
    /// The controls that it is about, by key.
    pub controls: &'static [&'static str],
}

/// What the address without anything behind it opens.
pub const HOME: Place = Place::Spread;

/// The chapters, in the order of the story.
pub static CHAPTERS: &[Chapter] = &[
    Chapter {
        place: Place::Spread,
        link: "v=1&n=20&max=512&task=ones&weights=alibi&head=3",
        figures: &[Part::Meeting, Part::Answers, Part::Attention],
        controls: &[],
    },
    Chapter { place: Place::Collapse, link: "", figures: &[Part::ByN, Part::ByLayer], controls: &["suffix", "pos"] },
    Chapter {
        place: Place::Precision,
        link: "v=1&n=4&layers=2&d=8&seed=57&pos=alibi&cell=bf16",
        figures: &[Part::Rounding, Part::ByN],
        controls: &["cell", "fw", "fa", "fp"],
    },
    Chapter {
        place: Place::Counting,
        link: "v=1&n=20&max=512&task=ones&weights=alibi&tool=answers",
        figures: &[Part::Answers, Part::Game, Part::Instruments],
        controls: &["task", "weights"],
    },
    Chapter {
        place: Place::Language,
        link: "v=1&suffix=%20How%20many%20ones%20are%20in%20the%20sequence%20above%3F&bos=none&n=40&max=100&model=b179c952",
        figures: &[Part::ByN, Part::Next, Part::Attention],
        controls: &["prefix", "suffix", "reach"],
    },
    Chapter {
        place: Place::Early,
        link: "v=1&layers=8&units=normalised&depth=64",
        figures: &[Part::Sensitivity, Part::Instruments],
        controls: &["layers", "pos"],
    },
    Chapter {
        place: Place::Glasses,
        link: "v=1&a=1%5En%7B,/k%7D&b=1%5E%28n+1%29%7B,/k%7D&pos=alibi&tool=separators&paper=5d",
        figures: &[Part::Instruments],
        controls: &["pos"],
    },
    Chapter {
        place: Place::Yours,
        link: "v=1&a=10110&b=10111&suffix=%3D",
        figures: &[Part::Answers, Part::ByLayer, Part::Next, Part::Sensitivity, Part::ByN, Part::Attention],
        controls: &["prefix", "suffix", "weights", "task"],
    },
];

/// The chapter at a place, if there is one.
pub fn chapter(place: Place) -> Option<&'static Chapter> {
    CHAPTERS.iter().find(|chapter| chapter.place == place)
}

/// The parts of the page that belong to a place, in the order of the page.
pub fn parts(place: Place) -> Vec<Part> {
    use Part::{
        Answers, Attention, ByLayer, ByN, Engine, Extras, Gallery, Instruments, Language, Lesson, Meeting, Model, Next, Presets,
        Sensitivity, Sequences, Share, Story,
    };
    match (place, chapter(place)) {
        (Place::Language, Some(chapter)) => [&[Story, Language, Sequences, Extras], chapter.figures].concat(),
        (_, Some(chapter)) => [&[Story, Sequences, Extras], chapter.figures].concat(),
        (Place::Gallery, None) => vec![Gallery],
        (Place::Teach, None) => vec![Lesson],
        _ => vec![
            Sequences,
            Presets,
            Language,
            Model,
            Share,
            Engine,
            Meeting,
            Answers,
            ByN,
            ByLayer,
            Next,
            Sensitivity,
            Attention,
            Instruments,
        ],
    }
}

/// Whether a part of the page is shown.
pub fn shows(frame: &Frame, part: Part) -> bool {
    match frame.embed {
        Part::Page => parts(frame.at).contains(&part) && !frame.hide.contains(part),
        embedded => part == embedded,
    }
}

/// The parts of the page that are shown.
pub fn shown(frame: &Frame) -> Parts {
    Parts::all().filter(|&part| shows(frame, part)).fold(Parts::NONE, Parts::toggled)
}

/// The figure that a state is about, as far as it shows one: of a chapter the first of its figures, of the bench the instrument that was chosen
/// or else the distance.
pub fn main_figure(config: &Config) -> Option<Drawing> {
    use Part::{Attention, ByLayer, ByN, Instruments, Meeting, Next, Rounding, Sensitivity};
    let tool = config.view.tool;
    let grows = sequence::n_of(&config.input).is_some();
    let drawing = |part: Part| match part {
        Meeting if grows => Some(Drawing::Meeting),
        Rounding if grows => Some(Drawing::Rounding),
        ByN if grows => Some(Drawing::DistanceByN),
        ByLayer => Some(Drawing::DistanceByLayer),
        Next => Some(Drawing::NextTokens),
        Sensitivity => Some(Drawing::Sensitivity),
        Attention => Some(Drawing::AttentionA),
        Instruments => match tool {
            Tool::Theory => Some(Drawing::Paths),
            Tool::Cures => Some(Drawing::CuresByN),
            Tool::Separators => Some(Drawing::SeparatorsByN),
            Tool::Answers => Some(Drawing::Error),
            Tool::Train => Some(Drawing::Loss),
            Tool::Paper => Some(Drawing::Paper),
            Tool::Search => None,
        },
        _ => None,
    };
    let chosen: &[Part] = if tool == Tool::default() { &[ByN, ByLayer] } else { &[Instruments] };
    let own = chapter(config.frame.at).map_or(chosen, |chapter| chapter.figures);
    let rest = [ByN, ByLayer, Meeting, Next, Sensitivity, Attention, Instruments, Rounding];
    own.iter().chain(&rest).filter(|&&part| shows(&config.frame, part)).find_map(|&part| drawing(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls;
    use crate::{Choice, open};

    #[test]
    fn every_chapter_opens_by_its_place_alone_and_its_controls_exist() {
        for chapter in CHAPTERS {
            let (own, warnings) = open::decode(chapter.link);
            assert_eq!(warnings, vec![], "{:?}", chapter.place);
            assert_eq!(open::encode(&own), chapter.link, "{:?}", chapter.place);
            let address = format!("v=1&at={}", chapter.place.word());
            let (config, warnings) = open::decode(&address);
            assert_eq!(warnings, vec![]);
            assert_eq!(config.experiment, own.experiment, "{:?}", chapter.place);
            assert_eq!(open::encode(&config), address);
            assert!(chapter.controls.iter().all(|key| controls::find(key).is_some()), "{:?}", chapter.place);
        }
        assert!(chapter(HOME).is_some());
    }

    #[test]
    fn a_part_that_is_embedded_stands_alone_and_one_that_is_hidden_goes() {
        let (config, _) = open::decode("v=1&at=collapse&hide=sequences,by-layer");
        assert!(shows(&config.frame, Part::ByN) && shows(&config.frame, Part::Story));
        assert!(!shows(&config.frame, Part::Sequences) && !shows(&config.frame, Part::ByLayer) && !shows(&config.frame, Part::Attention));
        let (config, _) = open::decode("v=1&embed=attention");
        assert_eq!(Part::ALL.iter().filter(|&&part| shows(&config.frame, part)).collect::<Vec<_>>(), [&Part::Attention]);
    }

    #[test]
    fn a_state_is_about_what_it_shows_first() {
        let about = |link: &str| main_figure(&open::decode(link).0);
        for (link, figure) in [
            ("v=1", Some(Drawing::DistanceByN)),
            ("v=1&a=10&b=11", Some(Drawing::DistanceByLayer)),
            ("v=1&tool=cures", Some(Drawing::CuresByN)),
            ("v=1&tool=cures&hide=instruments", Some(Drawing::DistanceByN)),
            ("v=1&embed=attention", Some(Drawing::AttentionA)),
            ("v=1&embed=story", None),
            ("v=1&at=spread", Some(Drawing::Meeting)),
            ("v=1&at=counting", Some(Drawing::Error)),
            ("v=1&at=glasses", Some(Drawing::SeparatorsByN)),
            ("v=1&at=gallery", None),
        ] {
            assert_eq!(about(link), figure, "{link}");
        }
        assert!(CHAPTERS.iter().all(|chapter| about(&format!("v=1&at={}", chapter.place.word())).is_some()));
    }

    #[test]
    fn every_part_is_shown_somewhere() {
        for &part in &Part::ALL[1..] {
            assert!(Place::ALL.iter().any(|&place| parts(place).contains(&part)), "{part:?}");
        }
    }
}
