//! Pairs worth looking at, each a link with a title and a sentence.

use crate::locale::tr;
use crate::say;

/// A pair worth looking at.
pub struct Preset {
    /// What it is one of.
    pub group: Group,
    /// A short name, in English.
    pub title: &'static str,
    /// What to see in it, in English.
    pub sentence: &'static str,
    /// The part of the link behind `#`.
    pub link: &'static str,
}

impl Preset {
    /// A short name.
    pub fn title(&self) -> &'static str {
        tr(self.title)
    }

    /// What to see in it.
    pub fn sentence(&self) -> &'static str {
        tr(self.sentence)
    }
}

/// What presets are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Two sequences that meet.
    Collapse,
    /// The paper's statements.
    Statements,
    /// What keeps sequences apart.
    Cures,
    /// Right and wrong answers of trained models.
    Answers,
    /// The paper's pictures.
    Figures,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Answers, Self::Collapse, Self::Statements, Self::Cures, Self::Figures];

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Collapse => say!("Collapse"),
            Self::Statements => say!("Theorems"),
            Self::Cures => say!("Cures"),
            Self::Answers => say!("Answers"),
            Self::Figures => say!("Figures"),
        }
    }
}

/// 10 and 1100 at n = 1: without positions and mask, one and the same.
pub const RATIO: &str = "v=1&a=1%5En0%5En&b=1%5E%282n%290%5E%282n%29&bos=none&n=1&max=24&mask=both";

/// Ones counted by a trained model, which the instrument that looks at answers offers where nothing is asked.
pub const COUNTING: &str = "v=1&n=20&task=ones&weights=alibi&tool=answers";

/// A token that a language model takes for the first one of its text, once it is repeated often enough.
pub const TAKEN_FOR_THE_FIRST: &str = "v=1&a=%28%20the%29%5En&b=%28%20the%29%5E%28n+1%29&prefix=How%20many%20ones%20are%20in%20the%20following%20sequence%3F%20&bos=none&n=420&max=500&model=b179c952";

/// What the first token gets of a language model's attention.
pub const SINKS_OF_LANGUAGE: &str =
    "v=1&prefix=How%20many%20ones%20are%20in%20the%20following%20sequence%3F%20&bos=none&n=50&max=64&model=b179c952";

/// Cures of a language model at n = 200, beside how well it still reads with them.
pub const CURES_OF_LANGUAGE: &str = "v=1&prefix=How%20many%20ones%20are%20in%20the%20following%20sequence%3F%20&bos=none&n=200&max=200&model=b179c952&tool=cures&cures=adaptive,log,log-relative,entmax,sigmoid";

/// By group, and there in the order in which a newcomer learns from them.
pub static PRESETS: &[Preset] = &[
    Preset {
        group: Group::Answers,
        title: "Counting ones",
        sentence: "A tiny model that we trained on sequences of up to 64: it counts them right at 20. Make n larger, and watch the two last tokens meet.",
        link: COUNTING,
    },
    Preset {
        group: Group::Answers,
        title: "Two hundred ones",
        sentence: "The same model, further than it was trained: wrong, and the same answer for n and n + 1. The distance of their last tokens says why.",
        link: "v=1&n=200&max=512&task=ones&weights=alibi&tool=answers",
    },
    Preset {
        group: Group::Answers,
        title: "The last of many",
        sentence: "Copying the last element of 1…10, as in the paper's Figure 2: right while the sequence is short.",
        link: "v=1&n=20&max=512&task=last&weights=rotary&tool=answers",
    },
    Preset {
        group: Group::Answers,
        title: "The first of many",
        sentence: "Copying the first element of 01…1: what stands early keeps being heard for longer.",
        link: "v=1&n=20&max=512&task=first&weights=rotary&tool=answers",
    },
    Preset {
        group: Group::Answers,
        title: "Counting in fp8",
        sentence: "The same weights and activations, stored in eight bits: what the model still knows is lost in rounding, at lengths that it was trained on.",
        link: "v=1&n=60&max=64&task=ones&weights=alibi&fw=e4m3&fa=e4m3&fp=e4m3&tool=answers",
    },
    Preset {
        group: Group::Answers,
        title: "With a cure",
        sentence: "A model with scalable softmax, trained in the same way, beside the plain one: it copies the first of many up to twice the length.",
        link: "v=1&n=20&task=first&weights=scalable&tool=answers&beside=rotary",
    },
    Preset {
        group: Group::Collapse,
        title: "n ones or n + 1?",
        sentence: "The pair of the paper's Theorem 4.2: one more copy of the last token. The distance falls faster than 1/n.",
        link: "",
    },
    Preset {
        group: Group::Collapse,
        title: "A zero at the end",
        sentence: "The last token differs from the ones before it, and still the two last tokens meet, as in the paper's Figure 1a.",
        link: "v=1&a=1%5En0&b=1%5E%28n+1%290",
    },
    Preset {
        group: Group::Collapse,
        title: "One extra token",
        sentence: "The sequences end in 0 and in 1, but one more token follows: what it knows of the difference fades.",
        link: "v=1&a=1%5En0&b=1%5En1&suffix=%3D",
    },
    Preset {
        group: Group::Collapse,
        title: "Random digits",
        sentence: "Digits drawn at random, ending in one or in two ones: the collapse is slower.",
        link: "v=1&a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11",
    },
    Preset {
        group: Group::Collapse,
        title: "Nothing in front",
        sentence: "Without a BOS token, n ones and n + 1 ones are the same to the model unless positions are added to the embedding: what is left is rounding.",
        link: "v=1&bos=none",
    },
    Preset {
        group: Group::Collapse,
        title: "Stored in bf16",
        sentence: "Weights, activations and attention weights rounded to bf16: the distance falls to what the format can tell apart, and what is left is rounding.",
        link: "v=1&fw=bf16&fa=bf16&fp=bf16",
    },
    Preset {
        group: Group::Collapse,
        title: "Taken for the first",
        sentence: "A real language model reads a question and n times “ the”. From n = 420 to 422 the last one comes to be taken for a text’s first token: at layer 3 their cosine leaps from 0.46 to 0.98.",
        link: TAKEN_FOR_THE_FIRST,
    },
    Preset {
        group: Group::Collapse,
        title: "Attention sinks by layer",
        sentence: "A real language model reads a question and 50 ones. In layer 23 its last token gives the first one 75.3% of its attention, mean of the heads, from 0.12% to 97.3% by head; in layer 12 next to nothing.",
        link: SINKS_OF_LANGUAGE,
    },
    Preset {
        group: Group::Statements,
        title: "Sixteen layers deep",
        sentence: "Theorem 5.1 and Proposition 5.2: what is left of each token at the end of a deep model, and the share of the first one.",
        link: "v=1&layers=16&units=normalised&depth=64",
    },
    Preset {
        group: Group::Statements,
        title: "Lost in the middle",
        sentence: "Of a long text under ALiBi the last token is heard, for it is near, and the first, for it has the most ways: what lies between is lost. Behind it, what GPT-3.5 answers by the place of the document.",
        link: "v=1&n=200&layers=8&pos=alibi&units=normalised&paper=lost",
    },
    Preset {
        group: Group::Statements,
        title: "1010… and 0101…",
        sentence: "Proposition B.4: a difference that does not fade with distance. However large n is, the reader attends to the two differently.",
        link: "v=1&a=%2810%29%5En&b=%2801%29%5En&suffix=%3D",
    },
    Preset {
        group: Group::Statements,
        title: "10 = 1100",
        sentence: "Proposition 6.1: without positions and without a causal mask only the ratio of zeros and ones survives; what is left is rounding.",
        link: RATIO,
    },
    Preset {
        group: Group::Statements,
        title: "Hard to tell apart",
        sentence: "Press “Search” below the figures to find two sequences of equal length that this model can barely tell apart.",
        link: "v=1&tool=search",
    },
    Preset {
        group: Group::Cures,
        title: "A comma every third",
        sentence: "The same ones with separators, the paper's first cure: under ALiBi, where the near counts most, the two stay apart however long they grow. Without separators they meet.",
        link: "v=1&a=1%5En%7B,/3%7D&b=1%5E%28n+1%29%7B,/3%7D&pos=alibi",
    },
    Preset {
        group: Group::Cures,
        title: "A comma every k-th",
        sentence: "The paper tried a comma after every third digit. Which period keeps the two furthest apart?",
        link: "v=1&a=1%5En%7B,/k%7D&b=1%5E%28n+1%29%7B,/k%7D&tool=separators",
    },
    Preset {
        group: Group::Cures,
        title: "Cures side by side",
        sentence: "Other attention formulas on the same two sequences and the same seed, beside the plain one.",
        link: "v=1&tool=cures",
    },
    Preset {
        group: Group::Cures,
        title: "What a cure costs",
        sentence: "Of a real language model that was trained without it, log-n relative keeps 200 ones and 201 4.7 times as far apart for 0.002 nats a token more on a plain text, scalable softmax 7.2 times for 0.10; sigmoid takes 10.8 more, which is worse than guessing.",
        link: CURES_OF_LANGUAGE,
    },
    Preset {
        group: Group::Figures,
        title: "5a: ones in ones",
        sentence: "A question and n ones, with the curve that the paper measured on Gemma 7B behind ours.",
        link: "v=1&prefix=count:&max=1024&pos=rotary&norm=rms&paper=5a",
    },
    Preset {
        group: Group::Figures,
        title: "5b: ones in digits",
        sentence: "A question and random digits that end in one or two ones, with Gemma 7B's curve behind ours.",
        link: "v=1&a=%5B0-9%5D%5En1&b=%5B0-9%5D%5En11&prefix=count:&max=1024&pos=rotary&norm=rms&paper=5b",
    },
    Preset {
        group: Group::Figures,
        title: "5c: copying ones",
        sentence: "Another question and n ones, with Gemma 7B's curve behind ours.",
        link: "v=1&prefix=copy:&max=1024&pos=rotary&norm=rms&paper=5c",
    },
    Preset {
        group: Group::Figures,
        title: "5d: with commas",
        sentence: "A comma after every third: Gemma 7B's curve stays up.",
        link: "v=1&a=1%5En%7B,/3%7D&b=1%5E%28n+1%29%7B,/3%7D&prefix=copy:&max=1024&pos=rotary&norm=rms&paper=5d",
    },
    Preset {
        group: Group::Figures,
        title: "5a, trained",
        sentence: "Ones counted by our tiny trained model, n and n + 1, with Gemma 7B's curve behind.",
        link: "v=1&max=1024&task=ones&weights=rotary&paper=5a",
    },
    Preset {
        group: Group::Figures,
        title: "5b, trained",
        sentence: "Ones among random digits, read by our tiny trained model, with Gemma 7B's curve behind.",
        link: "v=1&max=1024&task=digits&weights=rotary&paper=5b",
    },
    Preset {
        group: Group::Figures,
        title: "5c, trained",
        sentence: "Our tiny trained model is asked for the last of n ones, and of n + 1, with Gemma 7B's curve behind.",
        link: "v=1&a=1%5En&b=1%5E%28n+1%29&max=1024&task=last&weights=rotary&paper=5c",
    },
    Preset {
        group: Group::Figures,
        title: "5d, trained",
        sentence: "A comma after every third, read by a tiny model that was trained with commas, with Gemma 7B's curve behind.",
        link: "v=1&a=1%5En%7B,/3%7D&b=1%5E%28n+1%29%7B,/3%7D&max=1024&task=ones&weights=commas&paper=5d",
    },
    Preset {
        group: Group::Figures,
        title: "8: one layer",
        sentence: "One attention layer with sinusoidal positions and random weights, simulated as the paper describes it.",
        link: "v=1&tool=paper&paper=8",
    },
    Preset {
        group: Group::Figures,
        title: "9: two softmaxes",
        sentence: "Total variation of two softmaxes over more and more entries, simulated as the paper describes it.",
        link: "v=1&tool=paper&paper=9",
    },
    Preset {
        group: Group::Figures,
        title: "10: four positions",
        sentence: "One untrained head with four kinds of positions, simulated as the paper describes it.",
        link: "v=1&tool=paper&paper=10",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;
    use crate::sequence::Sequences;

    #[test]
    fn presets_stand_by_group_and_every_group_has_some() {
        let groups: Vec<Group> = PRESETS.chunk_by(|one, next| one.group == next.group).map(|run| run[0].group).collect();
        assert_eq!(groups, Group::ALL);
    }

    #[test]
    fn every_preset_opens_without_a_note_and_has_its_own_link() {
        for preset in PRESETS {
            let (config, warnings) = open::decode(preset.link);
            assert_eq!(warnings, vec![], "{}", preset.title);
            assert_eq!(open::encode(&config), preset.link, "{}", preset.title);
            assert_eq!(Sequences::parse(&config.input).map(|sequences| sequences.depend_on_n()), Ok(true), "{}", preset.title);
            assert!(PRESETS.iter().filter(|other| other.link == preset.link).count() == 1, "{}", preset.title);
        }
    }
}
