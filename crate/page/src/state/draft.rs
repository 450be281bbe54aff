//! A draft: what stands in a field, also where it is nothing that the control takes. Nothing that was typed is taken away.

use crate::state::State;
use glasses_contract::controls::{Control, Kind};
use glasses_contract::{Config, open};
use leptos::prelude::*;
use std::ops::RangeInclusive;
use wasm_bindgen::JsCast;
use web_sys::InputEvent;

/// What stands in a field. A control has one draft, in however many places it has a field.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The control's key, or the name of a field that no control is behind.
    pub name: &'static str,
    /// As typed.
    pub text: RwSignal<String>,
    /// Why the control does not take it.
    pub refusal: RwSignal<Option<String>>,
    control: Option<&'static Control>,
    state: State,
}

impl Draft {
    /// Begins with the state, and follows it where it changes by other means than this field.
    pub fn of_control(state: State, control: &'static Control) -> Self {
        let stored = Memo::new(move |_| state.asked.with(control.write));
        let begun = state.asked.with_untracked(control.write);
        let text = RwSignal::new(state.asked.with_untracked(|asked| control.shown(asked)));
        let draft = Self { name: control.key, text, refusal: RwSignal::new(None), control: Some(control), state };
        Effect::new(move |before: Option<String>| {
            let stored = stored.get();
            // The first run comes after what a tab kept was put back: nothing changed by then that the field would have to follow.
            let has_changed = before.as_ref().unwrap_or(&begun) != &stored;
            let is_typed = text.with_untracked(|text| means(control, text, &stored));
            if has_changed && (!is_typed || draft.refusal.with_untracked(Option::is_some)) {
                draft.follow();
            }
            stored
        });
        draft
    }

    /// What stands in a field that no control is behind: it takes any text.
    pub fn free(state: State, name: &'static str) -> Self {
        Self { name, text: RwSignal::default(), refusal: RwSignal::new(None), control: None, state }
    }

    /// The reader typed: the state takes it, or stays as it is.
    pub fn enter(&self, text: String) {
        if let Some(control) = self.control {
            let mut config = self.state.asked.get_untracked();
            let refusal = open::enter(control, &mut config, &text).err();
            if refusal.is_none() {
                self.state.edit(|asked| *asked = config);
            }
            self.refusal.set(refusal);
        }
        self.text.set(text);
    }

    /// The reader chose it by one press.
    pub fn choose(&self, text: String) {
        self.state.commit();
        self.enter(text);
        self.state.commit();
    }

    /// Something was put into the field. What an input method is still composing is read when it is done.
    pub fn hear(&self, event: &web_sys::Event) {
        if !event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing) {
            self.enter(event_target_value(event));
        }
    }

    /// The reader left the field: a number that was taken stands there as the page writes it.
    pub fn leave(&self) {
        let is_number = self.control.is_some_and(|control| matches!(control.kind, Kind::Integer { .. } | Kind::Number { .. }));
        if is_number && self.refusal.with_untracked(Option::is_none) {
            self.follow();
        }
    }

    /// The reader pressed an arrow: a number goes up or down, and stays within its range. Says whether there is anything to count from:
    /// what is no number is left as it was typed.
    pub fn step(&self, by: i64) -> bool {
        let Some(control) = self.control.filter(|_| self.refusal.with_untracked(Option::is_none)) else { return false };
        let now = self.state.asked.with_untracked(control.write);
        match &control.kind {
            Kind::Integer { range, shown_plus } => {
                let next = (now.parse::<i64>().unwrap_or_default() + by).clamp(*range.start() as i64, *range.end() as i64);
                self.enter((next + *shown_plus as i64).to_string());
            }
            Kind::Number { range } => self.enter(stepped(now.parse().unwrap_or_default(), by, range)),
            _ => return false,
        }
        true
    }

    /// The text, where it stands nowhere but in the field.
    pub fn unstored(&self) -> Option<String> {
        let is_stored = if self.control.is_some() { self.refusal.with(Option::is_none) } else { self.text.with(String::is_empty) };
        (!is_stored).then(|| self.text.get())
    }

    /// What the state holds in the field's place.
    pub fn stored(&self) -> String {
        self.control.map(|control| self.state.asked.with_untracked(control.write)).unwrap_or_default()
    }

    /// Puts back what stood in the field alone, or what the state holds where nothing did. The state stays as it is.
    pub fn put_back(&self, unstored: Option<&String>) {
        match unstored {
            Some(text) => {
                let refusal = self.control.and_then(|control| open::enter(control, &mut self.state.asked.get_untracked(), text).err());
                self.text.set(text.clone());
                self.refusal.set(refusal);
            }
            None => self.follow(),
        }
    }

    /// What the state holds.
    fn follow(&self) {
        let text = self.control.map(|control| self.state.asked.with_untracked(|asked| control.shown(asked))).unwrap_or_default();
        if self.text.with_untracked(|old| *old != text) {
            self.text.set(text);
        }
        if self.refusal.with_untracked(Option::is_some) {
            self.refusal.set(None);
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

/// Whether what people typed is what is stored, however they write it: “2.0” on the way to “2.07” is 2, and stays as it is.
fn means(control: &Control, text: &str, stored: &str) -> bool {
    let mut config = Config::default();
    open::enter(control, &mut config, text).is_ok() && (control.write)(&config) == stored
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::controls::{CONTROLS, find};

    #[test]
    fn what_is_shown_reads_back_for_every_control() {
        for control in CONTROLS {
            let (config, stored) = (Config::default(), (control.write)(&Config::default()));
            assert!(means(control, &control.shown(&config), &stored), "{}", control.key);
        }
    }

    #[test]
    fn a_number_is_left_as_it_was_typed() {
        let scale = find("c").expect("there is a factor");
        for text in ["2", "2.", "2.0", " 02", "2,00", "２"] {
            let mut config = Config::default();
            assert_eq!(scale.enter(&mut config, text), Ok(()));
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
}
