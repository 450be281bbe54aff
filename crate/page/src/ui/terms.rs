//! The field's terms, explained where a chapter first uses them: a dotted line, and under it a sentence for whoever points at the term, taps it
//! or comes to it by the keyboard. In the text, `<dfn data-term="softmax">`.

use super::document::all;
use glasses_contract::locale::{later, tr};
use leptos::prelude::document;

/// The word in the text, what docs/glossary.md has it under, and the sentence.
const TERMS: [(&str, &str, &str); 10] = [
    ("decoder-only", "Decoder-only", later("It reads in one direction: each token sees itself and those before it, never what follows.")),
    ("token", "Token", later("A piece of text that a model reads as one: often a short word or a part of one, here a character.")),
    (
        "softmax",
        "Softmax",
        later("A function that turns numbers into positive weights that sum to one; a greater number gets a greater weight."),
    ),
    ("head", "Attention head", later("One of several attentions that a layer computes side by side, each with weights of its own.")),
    ("layer", "Block", later("One step of the model: attention, then a small network. The vectors go through all layers in turn.")),
    ("bf16", "Float format", later("A number in 16 bits, half as many as usual. Most large models compute in it.")),
    ("alibi", "ALiBi", later("A way to tell a model where tokens stand: the farther back one is, the less attention it gets.")),
    ("norm", "Frobenius norm", later("The size of a vector or a matrix, as one number that is never negative.")),
    (
        "rollout",
        "Attention rollout",
        later("An estimate of how much of each token reaches the end, from nothing but the attention maps of all layers."),
    ),
    (
        "random-weights",
        "Seed",
        later("Weights drawn by chance, as a model has them before any training. The same seed draws the same ones."),
    ),
];

/// Makes the terms of the chapter that stands on the page tell what they mean.
pub fn explain() {
    for term in all("dfn[data-term]:not([tabindex])") {
        let word = term.get_attribute("data-term").unwrap_or_default();
        let (Some(meaning), Ok(tip)) = (meaning(&word), document().create_element("span")) else { continue };
        let id = format!("term-{word}");
        tip.set_text_content(Some(meaning));
        // Attributes of plain names can always be set.
        for (element, name, value) in
            [(&tip, "id", &*id), (&tip, "role", "tooltip"), (&term, "aria-describedby", &*id), (&term, "tabindex", "0")]
        {
            element.set_attribute(name, value).unwrap_or_default();
        }
        // The element was made for it, and stands nowhere else.
        drop(term.append_child(&tip));
    }
}

fn meaning(word: &str) -> Option<&'static str> {
    TERMS.iter().find(|(term, ..)| *term == word).map(|(.., meaning)| tr(meaning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;
    use glasses_contract::Choice;
    use glasses_contract::chapters::CHAPTERS;
    use glasses_contract::config::Language;

    #[test]
    fn every_term_stands_in_the_glossary_and_is_explained_in_every_language() {
        let glossary = include_str!("../../../../docs/glossary.md");
        for &language in Language::ALL {
            language.speak("");
            let texts: Vec<&str> = CHAPTERS.iter().map(|chapter| i18n::text(&format!("{}.html", chapter.place.word()))).collect();
            for (word, entry, _) in TERMS {
                assert!(glossary.contains(&format!("**{entry}.**")), "{entry}");
                let uses = texts.iter().map(|text| text.matches(&format!("<dfn data-term=\"{word}\">")).count());
                let most = uses.clone().max().unwrap_or(0);
                assert!(most == 1 && uses.sum::<usize>() > 0, "{word} in {language:?}: once in a text, and somewhere");
            }
            for text in texts {
                let marked = text.split("data-term=\"").skip(1).filter_map(|rest| rest.split('"').next());
                assert!(marked.clone().all(|word| meaning(word).is_some()), "{:?}", marked.collect::<Vec<_>>());
            }
        }
    }
}
