//! The readout under the two sequences: what their last tokens have come to, in four lines that are always there, above them what is answered, where
//! something is asked, and below them whether the numbers are those of the link, where it says what they were.

use crate::context::Context;
use crate::format;
use crate::worker::Provenance;
use glasses_contract::chapters;
use glasses_contract::config::{Part, Which};
use glasses_contract::question;
use glasses_contract::report::{Answer, Pair, Reading, Sensitivity, TokenText};
use glasses_contract::task::Task;
use glasses_contract::{Choice, say};
use glasses_plots as plots;
use leptos::prelude::*;

/// The readout. A line is empty until its answer is there, and faded while it is of something older.
#[component]
pub fn Readout(page: Context) -> impl IntoView {
    let answers = page.engine.signals.answers;
    let is_of_now = move |origin: &Provenance| {
        let can_be_read = page.state.wanted.with(Option::is_some);
        can_be_read && page.film.with(Option::is_none) && page.state.admitted.with(|asked| origin.is_of(asked))
    };
    // Nothing stands in the place of a language model's answers that is not here.
    let is_here = move || !page.state.is_missing.get();
    let pair = move || answers.of::<question::Pair>().with(|shown| shown.told.clone()).filter(|_| is_here());
    let sensitivity = move || answers.of::<question::Sensitivity>().with(|shown| shown.told.clone()).filter(|_| is_here());
    let is_old_pair = Memo::new(move |_| pair().is_some_and(|told| !is_of_now(&told.origin)));
    let is_old_sensitivity = Memo::new(move |_| sensitivity().is_some_and(|told| !is_of_now(&told.origin)));
    let metric = Memo::new(move |_| page.state.admitted.with(|config| config.view.metric));
    let apart = move || {
        let told = pair()?;
        Some(plots::number::short(told.part.stages.last()?.distances.get(metric.get())))
    };
    let same = move || {
        let told = pair()?;
        let formats = &told.origin.model.config.formats;
        let same = &told.part.identical_in;
        Some(if same.is_empty() { say!("no format").into() } else { formats.names(same) })
    };
    let next = move || next(&pair()?.part);
    let least = move || least(&sensitivity()?.part);
    // Only where the figure asks for the answer is there one.
    let has_answers = Memo::new(move |_| page.state.asked.with(|asked| chapters::shows(&asked.frame, Part::Answers)));
    let is_asked = Memo::new(move |_| has_answers.get() && page.state.admitted.with(|config| config.input.task != Task::None));
    // The next token is the first of what is answered: who hides the answers lets readers guess.
    let is_told = Memo::new(move |_| page.state.asked.with(|asked| !asked.frame.hide.contains(Part::Answers)));
    let answers = move || answers.of::<question::Answers>().with(|shown| shown.told.clone()).filter(|_| is_here());
    let is_old_answer = Memo::new(move |_| answers().is_some_and(|told| !is_of_now(&told.origin)));
    let answered = move || {
        let told = answers()?;
        let is_judged = !told.origin.model.config.is_drawn();
        Some(
            [("A", "text-a", &told.part.a), ("B", "text-b", &told.part.b)]
                .map(|(name, class, answer)| said(name, class, answer, is_judged)),
        )
    };
    let is_claimed = Memo::new(move |_| page.state.claim.with(Option::is_some));
    let claimed = move || {
        let told = page.current::<question::Pair>().filter(|_| is_here())?;
        let seen = page.state.claim.get()?.beside(&told.part, &told.origin.model.config)?;
        Some(seen.told(&told.part.labels))
    };
    view! {
        <dl class="results">
            <Show when=move || is_asked.get()>
                <div class="answered" class:old=is_old_answer>
                    <dt>{say!("It answers")}</dt>
                    <dd>{answered}</dd>
                </div>
            </Show>
            <div class:old=is_old_pair>
                <dt>{move || say!("Distance of the last tokens ({})", metric.get().label())}</dt>
                <dd>{apart}</dd>
            </div>
            <div class:old=is_old_pair>
                <dt>{say!("Same bits in")}</dt>
                <dd>{same}</dd>
            </div>
            <Show when=move || is_told.get()>
                <div class:old=is_old_pair>
                    <dt>{say!("Next token")}</dt>
                    <dd>{next}</dd>
                </div>
            </Show>
            <div class:old=is_old_sensitivity>
                <dt>{say!("Counts least")}</dt>
                <dd>{least}</dd>
            </div>
            <Show when=move || is_claimed.get()>
                <div class="claimed">
                    <dt>{say!("The link’s numbers")}</dt>
                    <dd>{claimed}</dd>
                </div>
            </Show>
        </dl>
    }
}

/// What is answered about one of the two, and whether that is right; of random weights it is not judged.
fn said(name: &'static str, class: &'static str, answer: &Answer, is_judged: bool) -> impl IntoView + use<> {
    let said = if answer.said.is_empty() { say!("nothing").to_owned() } else { answer.said.clone() };
    let verdict = match answer.is_right().filter(|_| is_judged) {
        Some(true) => view! { <span class="verdict right">{say!("right")}</span> }.into_any(),
        Some(false) => view! { <span class="verdict wrong">{say!("wrong")}</span> }.into_any(),
        None => ().into_any(),
    };
    view! { <span class="told"><span class=class>{name} " " <code>{said}</code></span> " " {verdict}</span> }
}

/// The most likely next token after each, with its probability.
fn next(pair: &Pair) -> Option<String> {
    let of = |reading: &Reading| {
        let token = reading.likeliest()?;
        Some((TokenText::label(&pair.labels, token), format::percent(reading.next[token])))
    };
    let ((a, likely_a), (b, likely_b)) = (of(&pair.a)?, of(&pair.b)?);
    Some(match a == b {
        true => say!("both {} ({} and {})", plots::number::quoted(&a), likely_a, likely_b),
        false => say!("A: {} {}, B: {} {}", plots::number::quoted(&a), likely_a, plots::number::quoted(&b), likely_b),
    })
}

/// The token to which the last one reacts least.
fn least(sensitivity: &Sensitivity) -> Option<String> {
    let place = plots::counts_least(&sensitivity.full.norm)?;
    let token = plots::number::quoted(sensitivity.tokens.get(place)?);
    let sequence = match sensitivity.sequence {
        Which::A => "A",
        Which::B => "B",
    };
    Some(say!("token {} of {}, {}", place + 1, sequence, token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::report::JacobianMethod;
    use glasses_plots::samples;

    #[test]
    fn the_next_tokens_are_the_same_or_two() {
        let mut pair = samples::pair(2, 5);
        pair.b = pair.a.clone();
        assert!(next(&pair).is_some_and(|words| words.starts_with("both “")));
        let likeliest = pair.b.likeliest().expect("they are numbers");
        pair.b.next[likeliest] = 0.0;
        assert!(next(&pair).is_some_and(|words| words.starts_with("A: “")));
        pair.b.next[0] = f64::NAN;
        assert_eq!(next(&pair), None);
    }

    #[test]
    fn the_token_that_counts_least_is_named_with_its_place() {
        let mut sensitivity = samples::sensitivity(6, JacobianMethod::Exact);
        sensitivity.full.norm[3] = 1e-30;
        assert!(least(&sensitivity).is_some_and(|words| words.starts_with("token 4 of ")));
        sensitivity.full.norm.clear();
        assert_eq!(least(&sensitivity), None);
    }
}
