//! The meeting: two dots in a plane that are played towards each other, n by n.
//!
//! While it plays or is dragged, n is the player's own, and only this canvas is drawn again. Where it comes to rest, the rest of the page
//! follows.

use super::canvas::FigureCanvas;
use super::picture::{Drawn, PictureSignal, Source};
use super::shown::told;
use super::{gif, no_answer};
use crate::browser::{file, keys, now_ms, watch};
use crate::context::Context;
use crate::form::Field;
use crate::worker::Latest;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{self, Topic};
use glasses_contract::report;
use glasses_contract::say;
use glasses_plots::{self as plots, Figure, MeetingAtN, MeetingFilm, MeetingSteps};
use leptos::prelude::*;

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
    /// The figure at the n of the page.
    figure: Memo<Option<MeetingAtN>>,
}

impl Player {
    fn new(page: Context) -> Self {
        let latest = page.engine.signals.answers.of::<question::Meeting>();
        let of =
            move |hold: fn(&report::Meeting) -> Vec<(usize, f64)>| latest.with(|latest| latest.told.as_ref().map(|told| hold(&told.part)));
        let n = Memo::new(move |_| page.state.admitted.with(|config| config.input.n));
        let head = page.film;
        on_cleanup(move || head.set(None));
        Self {
            page,
            latest,
            stops: Memo::new(move |_| of(|meeting| plots::stops(meeting, RATIOS)).unwrap_or_default()),
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
            figure: Memo::new(move |_| {
                latest.with(|latest| latest.told.as_deref().map(|answer| MeetingAtN::of(&told(answer), &page.view.get())))
            }),
        }
    }

    /// The figure at the n that is shown.
    fn figure(&self) -> Option<MeetingAtN> {
        self.figure.get().map(|figure| MeetingAtN { at: self.at.get(), ..figure })
    }

    fn picture<F: plots::Figure>(self, of: impl Fn(MeetingAtN) -> F + Send + Sync + 'static) -> PictureSignal {
        Signal::derive(move || {
            let origin = self.latest.with(|latest| latest.told.as_ref().map(|told| told.origin.clone()))?;
            Some(Drawn::new(Box::new(of(self.figure()?)), Source::Answer(Box::new(origin))))
        })
    }

    /// Whether there is anything to play.
    fn has_stops(&self) -> bool {
        self.stops.with(|stops| stops.len() > 1)
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
        self.spoken.set(untrack(|| self.figure()).map(|figure| figure.spoken()).unwrap_or_default());
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
        let Some(meeting) = untrack(|| self.figure()) else { return Ok(()) };
        let style = plots::Style::new(self.page.look.with_untracked(|look| look.theme.clone()), FILM.1);
        let film = MeetingFilm { meeting }.document(FILM.0, None, &style).map_err(|error| error.to_string())?;
        file::save("glasses-meeting-film.svg", "image/svg+xml", &film)
    }

    /// The same film as a GIF file.
    async fn save_gif(self, share: RwSignal<Option<f64>>) -> Result<(), String> {
        let Some(meeting) = untrack(|| self.figure()) else { return Ok(()) };
        let frames = MeetingFilm { meeting }.frames();
        let theme = self.page.look.with_untracked(|look| look.theme.clone());
        // Whoever has put the figure away meanwhile wants no file of it any more.
        gif::save("glasses-meeting-film.gif", &frames, FILM.0, theme, |done| share.try_set(Some(done)).is_none()).await
    }
}

/// The figure, and what plays it.
#[component]
pub fn Meeting(page: Context) -> impl IntoView {
    let player = Player::new(page);
    let note = no_answer(page, question::Meeting);
    let picture = player.picture(|meeting| meeting);
    let is_still = watch::matching("(prefers-reduced-motion: reduce)");
    let in_steps = move || {
        is_still.get().then(|| {
            let picture = player.picture(|meeting| MeetingSteps { meeting });
            view! {
                <FigureCanvas page drawing=Drawing::MeetingSteps topic=Topic::Meeting picture note />
            }
        })
    };
    let has_stops = move || player.has_stops();
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
    let speed = |(speed, label): (f64, &'static str)| {
        view! { <option value=speed.to_string() selected=move || player.speed.get() == speed>{label}</option> }
    };
    view! {
        <div class="tools player">
            <Playing player />
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
            drawing=Drawing::Meeting
            topic=Topic::Meeting
            picture
            note
            on_choose=Callback::new(choose)
            steering=move || view! { <Playing player /> }
        />
        <p class="unseen" aria-live="polite">{move || player.spoken.get()}</p>
        {in_steps}
    }
}

/// Plays and stops, and shows any n.
#[component]
fn Playing(player: Player) -> impl IntoView {
    let (is_playing, stops) = (player.is_playing, player.stops);
    let has_stops = move || player.has_stops();
    let shown = move || player.figure().map(|figure| format!("n = {}", figure.n())).unwrap_or_default();
    view! {
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
        // Every n of a film would be spoken.
        <output aria-live=move || if is_playing.get() { "off" } else { "polite" }>{shown}</output>
    }
}
