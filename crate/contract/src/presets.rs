//! Pairs worth looking at, each a link with a title and a sentence.

/// A pair worth looking at.
pub struct Preset {
    /// A short name.
    pub title: &'static str,
    /// What to see in it.
    pub sentence: &'static str,
    /// The part of the link behind `#`.
    pub link: &'static str,
}

/// In the order in which a newcomer learns from them.
pub static PRESETS: &[Preset] = &[
    Preset {
        title: "n ones or n + 1?",
        sentence: "The pair of the paper's Theorem 4.2: one more copy of the last token. The distance falls faster than 1/n.",
        link: "",
    },
    Preset {
        title: "A zero at the end",
        sentence: "The last token differs from the ones before it, and still the two last tokens meet.",
        link: "v=1&a=1%5En0&b=1%5E%28n+1%290",
    },
    Preset {
        title: "A reader behind",
        sentence: "The sequences end in 0 and in 1, but a reader token follows: what it knows of the difference fades.",
        link: "v=1&a=1%5En0&b=1%5En1&suffix=%3D",
    },
    Preset {
        title: "A comma every third",
        sentence: "The same ones with separators, the paper's first cure.",
        link: "v=1&a=1%5En%7B,/3%7D&b=1%5E%28n+1%29%7B,/3%7D&pos=rotary",
    },
    Preset {
        title: "Random digits",
        sentence: "Digits drawn at random, ending in one or in two ones: the collapse is slower.",
        link: "v=1&a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11&pos=sinusoidal",
    },
    Preset {
        title: "Nothing in front",
        sentence: "Without a BOS token, n ones and n + 1 ones are the same to the model unless positions are sinusoidal: what is left is rounding.",
        link: "v=1&bos=none",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;
    use crate::sequence::Sequences;

    #[test]
    fn every_preset_opens_without_a_note_and_has_its_own_link() {
        for preset in PRESETS {
            let (config, warnings) = link::decode(preset.link);
            assert_eq!(warnings, vec![], "{}", preset.title);
            assert_eq!(link::encode(&config), preset.link, "{}", preset.title);
            assert_eq!(Sequences::parse(&config.input).map(|sequences| sequences.depend_on_n()), Ok(true), "{}", preset.title);
        }
    }
}
