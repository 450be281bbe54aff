//! A draft: what stands in a field, also where it is nothing that the control takes. Nothing that was typed is taken away.

use crate::page::Page;
use glasses_contract::controls::{Control, Kind};
use glasses_contract::{Config, say};
use leptos::prelude::*;
use std::ops::RangeInclusive;

/// What stands in a field.
#[derive(Clone, Copy)]
pub struct Draft {
    /// As typed.
    pub text: RwSignal<String>,
    /// Why the control does not take it.
    pub refusal: RwSignal<Option<String>>,
    control: &'static Control,
    page: Page,
}

impl Draft {
    /// Begins with the state, and follows it where it changes by other means than this field.
    pub fn new(page: Page, control: &'static Control) -> Self {
        let stored = Memo::new(move |_| page.state.asked.with(control.write));
        let text = RwSignal::new(shown(control, &stored.get_untracked()));
        let refusal = RwSignal::new(None);
        Effect::new(move || {
            let stored = stored.get();
            let is_typed = text.with_untracked(|text| means(control, text, &stored));
            if !is_typed || refusal.with_untracked(Option::is_some) {
                text.set(shown(control, &stored));
                refusal.set(None);
            }
        });
        Self { text, refusal, control, page }
    }

    /// The reader typed: the state takes it, or stays as it is.
    pub fn enter(&self, text: String) {
        let mut config = self.page.state.asked.get_untracked();
        let refusal = enter(self.control, &mut config, &text).err();
        self.text.set(text);
        if refusal.is_none() && self.page.state.asked.with_untracked(|asked| *asked != config) {
            self.page.state.asked.set(config);
        }
        self.refusal.set(refusal);
    }

    /// The reader pressed an arrow: a number goes up or down, and stays within its range.
    pub fn step(&self, by: i64) {
        let now = self.page.state.asked.with_untracked(self.control.write);
        match &self.control.kind {
            Kind::Integer { range, shown_plus } => {
                let next = (now.parse::<i64>().unwrap_or_default() + by).clamp(*range.start() as i64, *range.end() as i64);
                self.enter((next + *shown_plus as i64).to_string());
            }
            Kind::Number { range } => self.enter(stepped(now.parse().unwrap_or_default(), by, range)),
            _ => {}
        }
    }
}

/// A number one step of its range further: a hundredth of it, or the next smaller power of ten.
fn stepped(now: f64, by: i64, range: &RangeInclusive<f64>) -> String {
    let digits = (-((range.end() - range.start()) / 99.0).log10().floor()).max(0.0);
    let step = 10.0_f64.powf(-digits);
    let next = ((now / step).round() + by as f64) * step;
    let text = format!("{:.*}", digits as usize, next.clamp(*range.start(), *range.end()));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// Sets a control from what people type: numbers that are stored from 0 are typed from 1.
pub fn enter(control: &Control, config: &mut Config, text: &str) -> Result<(), String> {
    let refusal = || say!("{} takes {}.", control.label(), describe(control));
    let stored = read(control, text).ok_or_else(refusal)?;
    control.read(config, &stored).map_err(|_| refusal())
}

/// What a control takes, in words, as people see it.
pub fn describe(control: &Control) -> String {
    match &control.kind {
        Kind::Integer { range, shown_plus } => {
            Kind::Integer { range: range.start() + shown_plus..=range.end() + shown_plus, shown_plus: 0 }.describe()
        }
        other => other.describe(),
    }
}

/// From what people type to what is stored.
fn read(control: &Control, text: &str) -> Option<String> {
    match &control.kind {
        Kind::Integer { shown_plus, .. } => {
            let typed: usize = text.trim().parse().ok()?;
            typed.checked_sub(*shown_plus).map(|stored| stored.to_string())
        }
        Kind::Number { .. } => Some(text.trim().replace(',', ".")),
        Kind::Text { .. } | Kind::Long { .. } | Kind::Words(_) | Kind::Cures | Kind::Members(_) => Some(text.into()),
    }
}

/// Whether what people typed is what is stored, however they write it: “2.0” on the way to “2.07” is 2, and stays as it is.
fn means(control: &Control, text: &str, stored: &str) -> bool {
    let Some(typed) = read(control, text) else { return false };
    let are_equal_numbers = || matches!((typed.parse::<f64>(), stored.parse::<f64>()), (Ok(typed), Ok(stored)) if typed == stored);
    typed == stored || matches!(control.kind, Kind::Number { .. }) && are_equal_numbers()
}

/// From what is stored to what people see.
fn shown(control: &Control, stored: &str) -> String {
    match (&control.kind, stored.parse::<usize>()) {
        (Kind::Integer { shown_plus, .. }, Ok(number)) => (number + shown_plus).to_string(),
        _ => stored.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::controls::{CONTROLS, find};

    #[test]
    fn what_is_shown_reads_back_for_every_control() {
        for control in CONTROLS {
            let stored = (control.write)(&Config::default());
            assert_eq!(read(control, &shown(control, &stored)), Some(stored), "{}", control.key);
        }
    }

    #[test]
    fn a_number_is_left_as_it_was_typed() {
        let scale = find("c").expect("there is a factor");
        for text in ["2", "2.", "2.0", "2,00", " 02"] {
            let mut config = Config::default();
            assert_eq!(enter(scale, &mut config, text), Ok(()));
            assert!(means(scale, text, &(scale.write)(&config)), "{text}");
        }
        assert!(!means(scale, "2.05", "2") && !means(scale, "", "2") && !means(scale, "two", "2"));
        let text = find("a").expect("there is a sequence");
        assert!(!means(text, "2.0", "2"), "texts are not numbers");
    }

    #[test]
    fn arrows_step_through_a_range_without_stray_digits() {
        for (now, by, range, next) in [
            (0.75, 1, 0.0..=1.0, "0.76"),
            (0.43, -10, 0.0..=10.0, "0"),
            (0.43, 1, 0.0..=10.0, "0.5"),
            (50.0, 1, 0.1..=1000.0, "51"),
            (1.99, 10, 1.05..=2.0, "2"),
            (-10.0, -1, -10.0..=10.0, "-10"),
        ] {
            assert_eq!(stepped(now, by, &range), next);
        }
    }

    #[test]
    fn numbers_are_typed_as_they_are_shown_and_refused_in_those_words() {
        let layer = find("layer").expect("there is a layer to look at");
        let mut config = Config::default();
        assert_eq!(enter(layer, &mut config, " 3 "), Ok(()));
        assert_eq!(config.view.layer, 2);
        for text in ["0", "17", "", "three", "-1", "1.5"] {
            let refusal = enter(layer, &mut config, text).expect_err(text);
            assert_eq!(refusal, "Layer takes a whole number from 1 to 16.");
        }
        assert_eq!(config.view.layer, 2);
    }
}
