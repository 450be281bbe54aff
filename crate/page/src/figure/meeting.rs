//! The meeting: two dots in a plane that are played towards each other, n by n.
//!
//! While it plays or is dragged, n is the player's own, and only this canvas is drawn again. Where it comes to rest, the rest of the page
//! follows.

use super::canvas::FigureCanvas;
use super::picture::{Drawn, Holder, Picture, PictureSignal, Source};
use super::{computed, gif, no_answer};
use crate::browser::{file, keys, now_ms, watch};
use crate::context::Context;
use crate::form::Field;
use crate::format;
use crate::worker::{Answered, Latest};
use glasses_contract::question::{self, Topic};
use glasses_contract::report;
use glasses_contract::say;
use glasses_contract::sequence::Sequences;
use glasses_plots as plots;
use leptos::prelude::*;
use std::sync::Arc;

/// Equal ratios from the first n to the last: as many pictures as a film has at the most.
const RATIOS: usize = 240;
/// How long a film takes at its plain speed.
const SECONDS: f64 = 12.0;
/// A frame that took longer was not seen: the page was hidden.
const LONGEST_FRAME_MS: f64 = 100.0;
/// The speeds that can be chosen.
const SPEEDS: [(f64, &str); 4] = [(0.25, "¼×"), (0.5, "½×"), (1.0, "1×"), (2.0, "2×")];
/// A film's size, in CSS pixels, and its units to a pixel.
const FILM: (u32, f64) = (960, 2.0);

#[derive(Clone)]
struct Held {
    told: Arc<Answered<report::Meeting>>,
    sequences: Option<Arc<Sequences>>,
    at: usize,
}

impl Holder for Held {
    type Figure<'a> = plots::MeetingAtN<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        let (meeting, model) = (&self.told.part, &self.told.origin.model);
        plots::MeetingAtN {
            meeting,
            sequences: self.sequences.as_deref(),
            at: self.at,
            format: model.config.formats.name(meeting.format),
            model: format::model(model),
        }
    }
}

/// The same at a few n side by side.
struct InSteps(Held);

impl Holder for InSteps {
    type Figure<'a> = plots::MeetingSteps<'a>;

    fn figure(&self) -> Self::Figure<'_> {
        plots::MeetingSteps { meeting: self.0.figure() }
    }
}

/// What is played, and how far it is.
#[derive(Clone, Copy)]
struct Player {
    page: Context,
    latest: RwSignal<Latest<report::Meeting>>,
    /// The n that are played, counted from the first, and the share of the time that each has.
    stops: Memo<Vec<(usize, f64)>>,
    /// Where the film is, while it is elsewhere than the page.
    head: RwSignal<Option<usize>>,
    /// The place that is shown, among all n.
    at: Memo<usize>,
    is_playing: RwSignal<bool>,
    speed: RwSignal<f64>,
    /// Seconds of the film that have passed, and when that was.
    spent: StoredValue<(f64, f64)>,
    /// What has just come to pass, for those who hear it.
    spoken: RwSignal<String>,
    sequences: Memo<Option<Arc<Sequences>>>,
}

impl Player {
    fn new(page: Context) -> Self {
        let latest = page.engine.signals.answers.of::<question::Meeting>();
        let told =
            move |hold: fn(&report::Meeting) -> Vec<(usize, f64)>| latest.with(|latest| latest.told.as_ref().map(|told| hold(&told.part)));
        let n = Memo::new(move |_| page.state.admitted.with(|config| config.input.n));
        let head = RwSignal::new(None::<usize>);
        Self {
            page,
            latest,
            stops: Memo::new(move |_| told(|meeting| plots::stops(meeting, RATIOS)).unwrap_or_default()),
            head,
            at: Memo::new(move |_| {
                let at =
                    |meeting: &report::Meeting| head.get().unwrap_or_else(|| meeting.at(n.get())).min(meeting.n.len().saturating_sub(1));
                latest.with(|latest| latest.told.as_ref().map_or(0, |told| at(&told.part)))
            }),
            is_playing: RwSignal::new(false),
            speed: RwSignal::new(1.0),
            spent: StoredValue::new((0.0, 0.0)),
            spoken: RwSignal::default(),
            // The texts of the answer that is shown: those in the fields may be newer.
            sequences: Memo::new(move |_| {
                let input = latest.with(|latest| latest.told.as_ref().map(|told| told.origin.about.input.clone()))?;
                Sequences::parse(&input).ok().map(Arc::new)
            }),
        }
    }

    fn held(&self) -> Option<Held> {
        let told = self.latest.with(|latest| latest.told.clone())?;
        Some(Held { told, sequences: self.sequences.get(), at: self.at.get() })
    }

    fn picture<P: Picture + 'static>(self, hold: impl Fn(Held) -> P + Send + Sync + 'static) -> PictureSignal {
        Signal::derive(move || {
            let held = self.held()?;
            let source = Source::Answer(Box::new(held.told.origin.clone()));
            Some(Drawn::new(hold(held), source))
        })
    }

    /// The stop that is shown, among all stops.
    fn stop(&self) -> usize {
        let at = self.at.get();
        self.stops.with(|stops| stops.partition_point(|stop| stop.0 <= at).saturating_sub(1))
    }

    /// Goes to a stop, and says what is to be seen there.
    fn go(self, stop: usize) {
        let Some(at) = self.stops.with_untracked(|stops| stops.get(stop).map(|stop| stop.0)) else { return };
        self.head.set(Some(at));
        self.say();
    }

    fn say(self) {
        self.spoken.set(untrack(|| self.held()).map(|held| held.figure().spoken()).unwrap_or_default());
    }

    fn play(self) {
        let (stop, count) = (untrack(|| self.stop()), self.stops.with_untracked(Vec::len));
        let from = if stop + 1 >= count { 0 } else { stop };
        let spent = self.stops.with_untracked(|stops| stops.iter().take(from).map(|stop| stop.1).sum::<f64>());
        self.spent.set_value((spent * SECONDS, now_ms()));
        self.is_playing.set(true);
        self.go(from);
        self.next_frame();
    }

    /// The page follows to where the film has come.
    fn rest(self) {
        self.is_playing.set(false);
        let at = self.at.get_untracked();
        let n = self.latest.with_untracked(|latest| latest.told.as_ref().and_then(|told| told.part.n.get(at).copied()));
        if let (Some(n), Some(_)) = (n, self.head.get_untracked()) {
            self.page.state.edit(|asked| asked.input.n = n);
            self.page.state.commit();
        }
        self.head.set(None);
        self.say();
    }

    fn toggle(self) {
        if self.is_playing.get_untracked() { self.rest() } else { self.play() }
    }

    fn next_frame(self) {
        // A browser gives a hidden page no frames: it stands still there.
        if request_animation_frame_with_handle(move || self.frame()).is_err() {
            self.rest();
        }
    }

    fn frame(self) {
        // The figure may be gone by now.
        if self.is_playing.try_get_untracked() != Some(true) {
            return;
        }
        let (spent, then) = self.spent.get_value();
        let now = now_ms();
        let spent = spent + (now - then).clamp(0.0, LONGEST_FRAME_MS) / 1000.0 * self.speed.get_untracked();
        self.spent.set_value((spent, now));
        let (mut passed, mut at, mut is_over) = (0.0, None, true);
        self.stops.with_untracked(|stops| {
            for &(stop, share) in stops {
                at = Some(stop);
                passed += share * SECONDS;
                if passed > spent {
                    is_over = false;
                    break;
                }
            }
        });
        if self.head.get_untracked() != at {
            let before = self.happened();
            self.head.set(at);
            if self.happened() != before {
                self.say();
            }
        }
        if is_over { self.rest() } else { self.next_frame() }
    }

    /// What has come to pass for good at the n that is shown.
    fn happened(&self) -> [bool; 3] {
        let at = self.at.get_untracked();
        self.latest.with_untracked(|latest| {
            let Some(meeting) = latest.told.as_ref().map(|told| &told.part) else { return [false; 3] };
            let n = meeting.n.get(at).copied().unwrap_or(0);
            [meeting.close_from(), meeting.same_from(), meeting.agree_from()].map(|from| from.is_some_and(|from| from <= n))
        })
    }

    fn save(self) -> Result<(), String> {
        let Some(held) = untrack(|| self.held()) else { return Ok(()) };
        let style = plots::Style {
            theme: self.page.look.with_untracked(|look| look.theme.clone()),
            pixel_ratio: FILM.1,
            small_print: plots::SmallPrint::Set,
        };
        let film = held.figure().film(FILM.0, None, &style).map_err(|error| error.to_string())?;
        file::save("glasses-meeting-film.svg", "image/svg+xml", &film)
    }

    /// The same film as a GIF file.
    async fn save_gif(self, share: RwSignal<Option<f64>>) -> Result<(), String> {
        let Some(held) = untrack(|| self.held()) else { return Ok(()) };
        let frames: Vec<(Held, f64)> =
            held.figure().frames().into_iter().map(|(frame, seconds)| (Held { at: frame.at, ..held.clone() }, seconds)).collect();
        let theme = self.page.look.with_untracked(|look| look.theme.clone());
        // Whoever has put the figure away meanwhile wants no file of it any more.
        gif::save("glasses-meeting-film.gif", &frames, FILM.0, theme, |done| share.try_set(Some(done)).is_none()).await
    }
}

/// The figure, and what plays it.
#[component]
pub fn Meeting(page: Context) -> impl IntoView {
    let player = Player::new(page);
    let (is_playing, stops) = (player.is_playing, player.stops);
    let note = no_answer(page, question::Meeting);
    let picture = player.picture(|held| held);
    let is_still = watch::matching("(prefers-reduced-motion: reduce)");
    let in_steps = move || {
        is_still.get().then(|| {
            let picture = player.picture(InSteps);
            view! {
                <FigureCanvas page name="meeting-steps" topic=Topic::Meeting picture note computed=computed(player.latest) />
            }
        })
    };
    let has_stops = move || stops.with(|stops| stops.len() > 1);
    let problem = RwSignal::new(None::<String>);
    let gif_share = RwSignal::new(None::<f64>);
    let save_gif = move |_| {
        gif_share.set(Some(0.0));
        wasm_bindgen_futures::spawn_local(async move {
            let saved = player.save_gif(gif_share).await;
            problem.try_set(saved.err());
            gif_share.try_set(None);
        });
    };
    let choose = move |n: usize| {
        player.head.set(None);
        player.is_playing.set(false);
        page.state.edit(|asked| asked.input.n = n);
    };
    let shown = move || player.held().map(|held| format!("n = {}", held.figure().n())).unwrap_or_default();
    let speed = |(speed, label): (f64, &'static str)| {
        view! { <option value=speed.to_string() selected=move || player.speed.get() == speed>{label}</option> }
    };
    view! {
        <div class="tools player">
            <button type="button" class="button" disabled=move || !has_stops() on:click=move |_| player.toggle()>
                {move || if is_playing.get() { say!("Pause") } else { say!("Play") }}
            </button>
            <input
                type="range"
                min="0"
                max=move || stops.with(|stops| stops.len().saturating_sub(1)).to_string()
                disabled=move || !has_stops()
                aria-label=say!("n of the meeting")
                aria-valuetext=shown
                prop:value=move || player.stop().to_string()
                on:input=move |event| {
                    is_playing.set(false);
                    player.go(event_target_value(&event).parse().unwrap_or_default());
                }
                on:change=move |_| player.rest()
                on:keydown=move |event| if keys::plain(&event).as_deref() == Some(" ") {
                    event.prevent_default();
                    player.toggle();
                }
            />
            <output>{shown}</output>
            <label class="speed">
                {say!("Speed")}
                <select on:change=move |event| player.speed.set(event_target_value(&event).parse().unwrap_or(1.0))>
                    {SPEEDS.map(speed).collect_view()}
                </select>
            </label>
            <Field page key="cell" />
            <button type="button" class="link" disabled=move || !has_stops() on:click=move |_| problem.set(player.save().err())>
                {say!("Save as a moving SVG")}
            </button>
            <button type="button" class="link" disabled=move || !has_stops() || gif_share.get().is_some() on:click=save_gif>
                {move || match gif_share.get() {
                    Some(share) => say!("Drawing the GIF: {}%", format!("{:.0}", share * 100.0)),
                    None => say!("Save as GIF").into(),
                }}
            </button>
            <span class="refusal" role="status">{move || problem.get()}</span>
        </div>
        <FigureCanvas
            page
            name="meeting"
            topic=Topic::Meeting
            picture
            note
            computed=computed(player.latest)
            on_choose=Callback::new(choose)
        />
        <p class="unseen" aria-live="polite">{move || player.spoken.get()}</p>
        {in_steps}
    }
}
