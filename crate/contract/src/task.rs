//! The tasks that models are trained on and asked: what the sequence is, how the question is put, what the right answer is.
//!
//! ```text
//! question before   ⟨bos⟩ o:1111=4.        question after   ⟨bos⟩ 1111:o=4.
//! ```
//! A task is a member of [`Task`] and a row of [`RULES`]. Everything is characters of the model's alphabet; an answer ends with [`END`].

use crate::alphabet::{self, BOS, Token};
use crate::choice::choice;
use crate::random::below;
use rand_chacha::ChaCha8Rng;
use rand_core::Rng;

choice! {
    /// What the model is asked about the sequence.
    Task {
        None = "none", "no question", "The typed text is all there is: nothing is asked.";
        Sum = "sum", "sum of ones", "1+1+1=: the sum (the paper's first counting task).";
        Ones = "ones", "ones in ones", "How many ones are there, where there is nothing else?";
        Digits = "digits", "ones in digits", "How many ones are there among zeros and ones, each a one with probability 0.7?";
        Word = "word", "a word in a sentence", "How often does the sentence say “cat”?";
        Last = "last", "copy the last", "Which symbol is the last?";
        First = "first", "copy the first", "Which symbol is the first?";
        Whole = "whole", "copy all", "Say the whole sequence again.";
    }
}

choice! {
    /// Where the question stands.
    QuestionPosition {
        Before = "before", "before", "The question comes first: the model reads the sequence knowing what it is asked.";
        After = "after", "after", "The question comes last: the model has read the sequence before it is asked.";
    }
}

/// Behind every answer.
pub const END: char = '.';

/// The separator that may stand after every k-th element.
pub const SEPARATOR: char = ',';

/// The words of a sentence; the first is the one that is counted.
const WORDS: [&str; 6] = ["cat", "car", "hat", "sun", "sat", "the"];

/// What makes a task: its row in [`RULES`].
struct Rule {
    task: Task,
    /// The letter that asks for it.
    letter: char,
    /// Characters of an element.
    element: usize,
    /// What stands between two elements.
    between: &'static str,
    /// Draws one element.
    draw: fn(&mut ChaCha8Rng, &Tilt) -> &'static str,
    /// Whether all sequences of one length are the same.
    is_fixed: bool,
    /// The right answer to the elements of a sequence; none where there is no such answer.
    answer: fn(&[&str]) -> Option<String>,
    /// Whether answers are numbers.
    counts: bool,
    /// The sequence with the least change that changes the right answer.
    twin: fn(&str) -> String,
    /// Two patterns in n to begin with: see [`Task::patterns`].
    patterns: (&'static str, &'static str),
}

/// How likely a one is in the sequence that is being drawn.
struct Tilt(f64);

static RULES: &[Rule] = &[
    Rule {
        task: Task::Sum,
        letter: 's',
        element: 1,
        between: "+",
        draw: |_, _| "1",
        is_fixed: true,
        answer: sum,
        counts: true,
        twin: |sequence| format!("{sequence}+1"),
        patterns: ("1(+1)^(n-1)", "1(+1)^n"),
    },
    Rule {
        task: Task::Ones,
        letter: 'o',
        element: 1,
        between: "",
        draw: |_, _| "1",
        is_fixed: true,
        answer: |elements| count(elements, "1"),
        counts: true,
        twin: |sequence| format!("{sequence}1"),
        patterns: ("1^n", "1^(n+1)"),
    },
    Rule {
        task: Task::Digits,
        letter: 'd',
        element: 1,
        between: "",
        draw: |random, _| bit(random, 0.7),
        is_fixed: false,
        answer: |elements| count(elements, "1"),
        counts: true,
        twin: |sequence| format!("{sequence}1"),
        patterns: ("[011]^n", "[011]^n1"),
    },
    Rule {
        task: Task::Word,
        letter: 'w',
        element: WORDS[0].len(),
        between: " ",
        draw: word,
        is_fixed: false,
        answer: |elements| count(elements, WORDS[0]),
        counts: true,
        twin: |sequence| format!("{sequence} {}", WORDS[0]),
        patterns: ("(cat sun )^(n-1)cat", "(cat sun )^(n)cat"),
    },
    Rule {
        task: Task::Last,
        letter: 'l',
        element: 1,
        between: "",
        draw: |random, tilt| bit(random, tilt.0),
        is_fixed: false,
        answer: |elements| one(elements.last()),
        counts: false,
        twin: with_another_last,
        patterns: ("1^(n-1)0", "1^n"),
    },
    Rule {
        task: Task::First,
        letter: 'f',
        element: 1,
        between: "",
        draw: |random, tilt| bit(random, tilt.0),
        is_fixed: false,
        answer: |elements| one(elements.first()),
        counts: false,
        twin: |sequence| with_another(sequence, 0),
        patterns: ("01^(n-1)", "1^n"),
    },
    Rule {
        task: Task::Whole,
        letter: 'c',
        element: 1,
        between: "",
        draw: |random, _| letter(random),
        is_fixed: false,
        answer: |elements| Some(elements.concat()),
        counts: false,
        twin: with_another_last,
        patterns: ("[a-z]^(n-1)a", "[a-z]^(n-1)b"),
    },
];

/// A question that has been put, with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// BOS, the question and the sequence.
    pub prompt: Vec<Token>,
    /// The right answer, [`END`] included.
    pub answer: Vec<Token>,
}

impl Task {
    /// Every task that asks something.
    pub fn asking() -> impl Iterator<Item = Self> {
        RULES.iter().map(|rule| rule.task)
    }

    /// What stands before and behind the sequence.
    pub fn around(self, asked: QuestionPosition) -> (String, String) {
        match (self.rule(), asked) {
            (None, _) => (String::new(), String::new()),
            (Some(rule), QuestionPosition::Before) => (format!("{}:", rule.letter), "=".into()),
            (Some(rule), QuestionPosition::After) => (String::new(), format!(":{}=", rule.letter)),
        }
    }

    /// The right answer to a sequence, without its end; none where nothing is asked or the sequence is not of this task.
    pub fn answer(self, sequence: &str) -> Option<String> {
        let rule = self.rule()?;
        let bare = sequence.replace(SEPARATOR, "");
        let elements: Vec<&str> = match rule.between {
            "" => bare.split("").filter(|element| !element.is_empty()).collect(),
            between => bare.split(between).filter(|element| !element.is_empty()).collect(),
        };
        (rule.answer)(&elements)
    }

    /// A sequence of n elements, with a separator after every k-th where k is not 0.
    pub fn sequence(self, n: usize, k: usize, random: &mut ChaCha8Rng) -> String {
        let Some(rule) = self.rule() else { return String::new() };
        let tilt = Tilt(f64::from(random.next_u32()) / 4_294_967_296.0);
        let mut text = String::new();
        for place in 0..n {
            if place > 0 {
                if k > 0 && place.is_multiple_of(k) {
                    text.push(SEPARATOR);
                }
                text.push_str(rule.between);
            }
            text.push_str((rule.draw)(random, &tilt));
        }
        text
    }

    /// The sequence with the least change that changes the right answer: one more of what is counted, another symbol where one is copied.
    pub fn twin(self, sequence: &str) -> String {
        self.rule().map_or_else(|| sequence.into(), |rule| (rule.twin)(sequence))
    }

    /// Whether answers are numbers, so that an error has a size.
    pub fn counts(self) -> bool {
        self.rule().is_some_and(|rule| rule.counts)
    }

    /// Whether all sequences of one length are the same.
    pub fn is_fixed(self) -> bool {
        self.rule().is_some_and(|rule| rule.is_fixed)
    }

    /// The most elements of a sequence of so many tokens, at least one.
    pub fn elements_within(self, tokens: usize, k: usize) -> usize {
        let Some(rule) = self.rule() else { return 1 };
        let length = |n: usize| n * rule.element + (n - 1) * rule.between.len() + (n - 1).checked_div(k).unwrap_or(0);
        (1..=tokens).rfind(|&n| length(n) <= tokens).unwrap_or(1)
    }

    /// Two patterns in n to begin with (see [`crate::pattern`]): sequences of the task that have different answers.
    pub fn patterns(self) -> (&'static str, &'static str) {
        self.rule().map_or(("1^n", "1^(n+1)"), |rule| rule.patterns)
    }

    fn rule(self) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.task == self)
    }
}

impl Example {
    /// The question about a sequence; none where the task has no answer to it, or a character is not in the alphabet.
    pub fn about(task: Task, asked: QuestionPosition, sequence: &str) -> Option<Self> {
        let (before, behind) = task.around(asked);
        let characters = |text: &str| text.chars().map(alphabet::token).collect::<Option<Vec<_>>>();
        let mut prompt = vec![BOS];
        prompt.extend(characters(&format!("{before}{sequence}{behind}"))?);
        let answer = characters(&format!("{}{END}", task.answer(sequence)?))?;
        Some(Self { prompt, answer })
    }
}

fn count(elements: &[&str], wanted: &str) -> Option<String> {
    Some(elements.iter().filter(|&&element| element == wanted).count().to_string())
}

/// The sum of whole numbers; none where an element is no number, or the sum is past all that can be counted here.
fn sum(elements: &[&str]) -> Option<String> {
    elements.iter().try_fold(0_u64, |sum, element| sum.checked_add(element.parse().ok()?)).map(|sum| sum.to_string())
}

fn one(element: Option<&&str>) -> Option<String> {
    element.map(|element| (*element).into())
}

/// With another symbol at one place.
fn with_another(sequence: &str, at: usize) -> String {
    let other = |symbol: char| match symbol {
        '0' => '1',
        '1' => '0',
        'z' => 'a',
        letter => char::from_u32(u32::from(letter) + 1).unwrap_or('a'),
    };
    sequence.chars().enumerate().map(|(place, symbol)| if place == at { other(symbol) } else { symbol }).collect()
}

fn with_another_last(sequence: &str) -> String {
    with_another(sequence, sequence.chars().count().saturating_sub(1))
}

fn bit(random: &mut ChaCha8Rng, share: f64) -> &'static str {
    if f64::from(random.next_u32()) < share * 4_294_967_296.0 { "1" } else { "0" }
}

/// The counted word two times in five, so that the sentence has something to count, any other as often as the next.
fn word(random: &mut ChaCha8Rng, _: &Tilt) -> &'static str {
    match below(random, 5) {
        0 | 1 => WORDS[0],
        _ => WORDS[1 + below(random, WORDS.len() - 1)],
    }
}

fn letter(random: &mut ChaCha8Rng) -> &'static str {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    let at = below(random, LETTERS.len());
    &LETTERS[at..at + 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;
    use rand_core::SeedableRng;

    fn text(tokens: &[Token]) -> String {
        tokens.iter().map(|&token| alphabet::label(token)).collect()
    }

    #[test]
    fn a_question_is_put_before_or_after() {
        let example = |asked| Example::about(Task::Ones, asked, "1111").expect("an example");
        assert_eq!(text(&example(QuestionPosition::Before).prompt), "⟨bos⟩o:1111=");
        assert_eq!(text(&example(QuestionPosition::After).prompt), "⟨bos⟩1111:o=");
        assert_eq!(text(&example(QuestionPosition::After).answer), "4.");
    }

    #[test]
    fn answers_are_right_with_and_without_separators() {
        for (task, sequence, answer) in [
            (Task::Sum, "1+1+1", "3"),
            (Task::Sum, "1+1,+12", "14"),
            (Task::Ones, "111,11", "5"),
            (Task::Digits, "1011", "3"),
            (Task::Word, "the cat sat, cat car", "2"),
            (Task::Last, "110,", "0"),
            (Task::First, "0111", "0"),
            (Task::Whole, "abc,d", "abcd"),
        ] {
            assert_eq!(task.answer(sequence).as_deref(), Some(answer), "{sequence}");
        }
        assert_eq!(Task::Sum.answer("1+x"), None);
        assert_eq!(Task::None.answer("1"), None);
        assert_eq!(Task::Last.answer(""), None);
    }

    #[test]
    fn every_task_has_a_row_and_a_letter_of_its_own_and_draws_what_it_can_answer() {
        let letters: std::collections::BTreeSet<char> = RULES.iter().map(|rule| rule.letter).collect();
        assert_eq!(letters.len(), RULES.len());
        assert_eq!(Task::asking().collect::<Vec<_>>(), Task::ALL[1..]);
        let mut random = ChaCha8Rng::seed_from_u64(5);
        for task in Task::asking() {
            for k in [0, 3] {
                for tokens in [1, 3, 17, 64] {
                    let n = task.elements_within(tokens, k);
                    let sequence = task.sequence(n, k, &mut random);
                    assert!(sequence.len() <= tokens.max(3), "{sequence}");
                    assert!(task.sequence(n + 1, k, &mut random).len() > tokens, "{sequence}");
                    assert!(Example::about(task, QuestionPosition::Before, &sequence).is_some(), "{sequence}");
                }
            }
        }
    }

    #[test]
    fn a_twin_has_another_answer() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        for task in Task::asking() {
            for n in [1, 2, 9] {
                let sequence = task.sequence(n, 0, &mut random);
                let twin = task.twin(&sequence);
                assert_ne!(task.answer(&sequence), task.answer(&twin), "{sequence} {twin}");
                let numbers = [&sequence, &twin].map(|text| task.answer(text).and_then(|answer| answer.parse::<u64>().ok()));
                assert!(!task.counts() || numbers[1] == numbers[0].map(|number| number + 1), "{sequence} {twin}");
            }
        }
    }

    #[test]
    fn the_patterns_to_begin_with_are_sequences_of_the_task_with_different_answers() {
        for task in Task::asking() {
            for n in [1, 2, 5] {
                let (a, b) = task.patterns();
                let answers = [a, b].map(|text| {
                    let pattern = crate::pattern::Pattern::parse(text, 0, 3).expect("a pattern");
                    let typed: String = pattern.tokens(n, 1).into_iter().filter_map(alphabet::character).collect();
                    task.answer(&typed)
                });
                assert!(answers[0].is_some() && answers[1].is_some() && answers[0] != answers[1], "{task:?}, n = {n}: {answers:?}");
            }
        }
    }
}
