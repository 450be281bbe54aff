//! From text to a control's value: what a link holds, and what people type.

use super::{Control, Kind};
use crate::config::Config;
use crate::escape;
use crate::number::{self, Unread};
use crate::quote::quote;
use crate::say;
use crate::sentence;
use crate::sentence::Sentence;
use crate::text_file;
use std::borrow::Cow;

impl Control {
    /// Sets this control from text, as a link holds it.
    ///
    /// # Errors
    /// A sentence that says what can be written, if this text can't; the configuration is unchanged then.
    pub fn read(&self, config: &mut Config, text: &str) -> Result<(), Sentence> {
        let refusal = || sentence!("“{}” takes {}, not “{}”", self.key, self.kind.describe(), quote(text));
        match self.take(config, text, 0) {
            Ok(true) => Ok(()),
            Ok(false) | Err(Unread::NoNumber) => Err(refusal()),
            Err(Unread::TwoNumbers { grouped, decimal }) => {
                Err(sentence!("“{}” takes {}, and “{}” could be {} or {}", self.key, self.kind.describe(), quote(text), grouped, decimal))
            }
        }
    }

    /// Sets this control from what a person typed into its field: numbers that are stored from 0 are typed from 1.
    ///
    /// # Errors
    /// A sentence that says what the field takes, if not this text; the configuration is unchanged then.
    pub fn enter(&self, config: &mut Config, text: &str) -> Result<(), String> {
        let refusal = || say!("{} takes {}.", self.label(), self.takes());
        match self.take(config, text, self.shown_plus()) {
            Ok(true) => Ok(()),
            Ok(false) | Err(Unread::NoNumber) => Err(refusal()),
            Err(Unread::TwoNumbers { grouped, decimal }) => {
                Err(say!("{} takes {}; “{}” could be {} or {}.", self.label(), self.takes(), quote(text), grouped, decimal))
            }
        }
    }

    /// Its value as its field shows it, which [`Control::enter`] reads back.
    pub fn shown(&self, config: &Config) -> String {
        let stored = (self.write)(config);
        match stored.parse::<usize>() {
            Ok(number) if self.shown_plus() > 0 => (number + self.shown_plus()).to_string(),
            _ => stored,
        }
    }

    /// What its field takes, in words, as people see it.
    pub fn takes(&self) -> Sentence {
        match &self.kind {
            Kind::Integer { range, shown_plus } => {
                Kind::Integer { range: range.start() + shown_plus..=range.end() + shown_plus, shown_plus: 0 }.describe()
            }
            other => other.describe(),
        }
    }

    fn shown_plus(&self) -> usize {
        if let Kind::Integer { shown_plus, .. } = self.kind { shown_plus } else { 0 }
    }

    /// Sets it, and says whether it can be; `plus` is what a whole number is more than what is stored.
    fn take(&self, config: &mut Config, text: &str, plus: usize) -> Result<bool, Unread> {
        let canonical: Option<Cow<'_, str>> = match &self.kind {
            Kind::Text { max_chars } => (text.chars().count() <= *max_chars).then_some(text.into()),
            Kind::Long { max_written } => Some(text_file::canonical(text)).filter(|text| escape::written(text) <= *max_written),
            Kind::Links { max_written, .. } => (escape::written(text) <= *max_written).then_some(text.into()),
            Kind::Integer { range, .. } => {
                let stored = usize::try_from(number::whole(text)?).ok().and_then(|number| number.checked_sub(plus));
                stored.filter(|stored| range.contains(stored)).map(|stored| stored.to_string().into())
            }
            Kind::Number { range } => {
                let number = number::real(text)?;
                range.contains(&number).then(|| number::write(number).into())
            }
            // Setting tells.
            Kind::Hash | Kind::Words(_) | Kind::Members(_) => Some(text.into()),
        };
        Ok(canonical.and_then(|canonical| (self.set)(config, &canonical)).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::{CONTROLS, find};
    use std::collections::HashSet;

    #[test]
    fn a_number_is_the_same_however_it_is_written_or_is_refused_with_what_it_could_be() {
        for (key, texts) in [
            ("capat", &["1000", "1000.0", "1 000", "1'000", "1,000.0", "1e3", "１０００"][..]),
            ("sinkat", &["0", "-0", "−0.0", "0e5", "+0"]),
            ("sinkat", &["-3", "−3", "–3", "－３", "-3.000", "-30e-1"]),
            ("p", &["0.1", "0.10", "1e-1", ".1", "0,1", "10%", "0.1000000000000000055"]),
            ("n", &["24", "24.0", "+24", "024", "２４", "2.4e1"]),
            ("max", &["1000", "1,000", "1 000", "1_000"]),
        ] {
            let control = find(key).expect(key);
            let written = texts.iter().map(|text| {
                let mut config = Config::default();
                assert_eq!(control.read(&mut config, text), Ok(()), "{key}={text}");
                (control.write)(&config)
            });
            let written: HashSet<String> = written.collect();
            assert_eq!(written.len(), 1, "{key}: {written:?}");
        }
        for (key, text, could_be) in
            [("capat", "1,000", "could be 1000 or 1"), ("n", "1.000", "could be 1000 or 1"), ("c", "1,500", "1500 or 1.5")]
        {
            let mut config = Config::default();
            let refusal = find(key).expect(key).read(&mut config, text).expect_err(text).to_string();
            assert!(refusal.contains(could_be) && refusal.contains(text), "{refusal}");
            assert_eq!(config, Config::default());
        }
    }

    #[test]
    fn what_cannot_be_written_is_refused_in_words_and_changes_nothing() {
        for (key, text) in
            [("layers", "0"), ("layers", "17"), ("layers", "-1"), ("n", "many"), ("pos", "Rotary"), ("seed", "4294967296"), ("d", "")]
        {
            let mut config = Config::default();
            let control = find(key).expect(key);
            let refusal = control.read(&mut config, text).expect_err(text).to_string();
            assert!(refusal.contains(key) && refusal.contains("takes"), "{refusal}");
            assert_eq!(config, Config::default());
        }
    }

    #[test]
    fn what_a_field_shows_is_what_it_takes() {
        for control in CONTROLS {
            let mut config = Config::default();
            let shown = control.shown(&config);
            assert_eq!(control.enter(&mut config, &shown), Ok(()), "{}", control.key);
            assert_eq!(config, Config::default(), "{}", control.key);
        }
        let layer = find("layer").expect("a layer");
        let mut config = Config::default();
        for text in ["3", " 3 ", "３", "3.0", "+3"] {
            assert_eq!((layer.enter(&mut config, text), config.view.layer, layer.shown(&config).as_str()), (Ok(()), 2, "3"), "{text}");
        }
        for text in ["0", "129", "", "three", "-1", "1.5", "3,5"] {
            assert_eq!(layer.enter(&mut config, text), Err("Layer takes a whole number from 1 to 128.".into()), "{text}");
        }
        let cap = find("capat").expect("a cap");
        let refusal = cap.enter(&mut config, "1,000");
        assert_eq!(refusal, Err("cap takes a number from 0.1 to 1000; “1,000” could be 1000 or 1.".into()));
        assert_eq!(config.view.layer, 2);
    }
}
