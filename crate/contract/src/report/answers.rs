//! What a model answers, whether that is right, and how far apart it can hold what has different answers.

use super::Spread;
use crate::config::{Format, WeightsSource};
use crate::real;
use crate::sentence::Sentence;
use crate::task::{QuestionPosition, Task};
use serde::{Deserialize, Serialize};

/// Both sequences at n, answered token by token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// The value of n.
    pub n: usize,
    /// The question.
    pub task: Task,
    /// What is answered about A.
    pub a: Answer,
    /// What is answered about B.
    pub b: Answer,
}

/// What a model answers to one sequence by always saying what is most likely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The answer, without its end.
    pub said: String,
    /// The right answer; none where nothing is asked or the sequence is not of the task.
    pub right: Option<String>,
    /// The tokens of the answer, its end included, each with what else was likely.
    pub steps: Vec<Said>,
}

/// One token of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The most likely tokens, the likeliest first, as people read them.
    pub tokens: Vec<String>,
    /// The probability of each.
    #[serde(with = "real::list")]
    pub probabilities: Vec<f64>,
}

/// What a model writes behind both sequences at n, always the most likely token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continuation {
    /// The value of n.
    pub n: usize,
    /// Behind A.
    pub a: Continued,
    /// Behind B.
    pub b: Continued,
}

/// What a model writes behind one sequence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Continued {
    /// What it writes, without the token that ends it.
    pub text: String,
    /// The tokens, the one that ends it included, each with the runner-up.
    pub steps: Vec<Said>,
    /// Whether the model ended it.
    pub ended: bool,
}

/// How a task is answered at many lengths, by one model or by two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthGeneralization {
    /// The question.
    pub task: Task,
    /// Where it stands.
    pub asked: QuestionPosition,
    /// The model of the configuration first, then the one beside it.
    pub models: Vec<LengthsOf>,
}

/// How one model answers a task at many lengths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthsOf {
    /// Where the model's weights come from.
    pub origin: WeightsSource,
    /// What the model is called.
    pub name: Sentence,
    /// Elements of the longest sequence that it was trained on; none where that is not known.
    pub trained_to: Option<usize>,
    /// One entry a length.
    pub lengths: Vec<Length>,
}

/// Some sequences of one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Length {
    /// Elements of each sequence.
    pub n: usize,
    /// The right answers, one a sequence.
    pub right: Vec<String>,
    /// The model's answers.
    pub said: Vec<String>,
    /// L∞ distance, at the output of the token that reads the question, of each sequence and its twin: the same sequence with the least
    /// change that changes the right answer.
    pub twin: Spread,
    /// The formats in which every sequence and its twin are bit-identical there.
    pub identical_in: Vec<Format>,
    /// Sequences whose twin gets the same first token of an answer.
    pub same_next: usize,
}

impl Answer {
    /// Whether the answer is right; none where there is no right answer.
    pub fn is_right(&self) -> Option<bool> {
        self.right.as_ref().map(|right| *right == self.said)
    }
}

impl Length {
    /// Sequences that are answered exactly right.
    pub fn exact(&self) -> usize {
        self.said.iter().zip(&self.right).filter(|(said, right)| said == right).count()
    }

    /// |answer − truth| of each sequence; not a number where one of the two is none.
    pub fn errors(&self) -> impl Iterator<Item = f64> {
        let number = |text: &String| text.parse::<f64>().unwrap_or(f64::NAN);
        self.said.iter().zip(&self.right).map(move |(said, right)| (number(said) - number(right)).abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_and_wrong_are_told_apart() {
        let length = Length {
            n: 12,
            right: vec!["12".into(), "12".into(), "7".into()],
            said: vec!["12".into(), "10".into(), "1a".into()],
            twin: Spread { min: 0.0, mean: 0.0, max: 0.0 },
            identical_in: vec![],
            same_next: 3,
        };
        assert_eq!(length.exact(), 1);
        let errors: Vec<f64> = length.errors().collect();
        assert_eq!(errors[..2], [0.0, 2.0]);
        assert!(errors[2].is_nan());
        let answer = Answer { said: "1".into(), right: None, steps: vec![] };
        assert_eq!(answer.is_right(), None);
    }
}
