//! Who computes and why, behind a chip below the figures; and what takes long.

use crate::context::Context;
use crate::form::Field;
use crate::format;
use crate::worker::{Badge, Download, Preparing};
use glasses_contract::device::DeviceKind;
use glasses_contract::locale::together;
use glasses_contract::say;
use leptos::prelude::*;

/// The chip: who computes, and once it is open, why.
#[component]
pub fn StatusBar(page: Context) -> impl IntoView {
    let says = page.engine.signals;
    let device = move || says.badge.with(|badge| badge.as_ref().map_or("…", |badge| badge.device.label()));
    let why = move || says.badge.with(|badge| badge.as_ref().map(|badge| reason(badge, says.download.get())));
    let can_retry = move || says.badge.with(|badge| badge.as_ref().is_some_and(|badge| badge.can_retry_webgpu));
    view! {
        <details class="badge">
            <summary>{say!("Engine")} " " <strong class="device">{device}</strong></summary>
            <Field page key="device" />
            <p class="why" role="status">
                <span class="reason">{why}</span>
                <Show when=can_retry>
                    " "
                    <button type="button" class="link" on:click=move |_| page.engine.retry(DeviceKind::WebGpu)>
                        {say!("Try WebGPU again")}
                    </button>
                </Show>
            </p>
        </details>
    }
}

/// A bar for what takes long, and a way to stop it and to take it up again.
#[component]
pub fn Work(page: Context) -> impl IntoView {
    let says = page.engine.signals;
    let label = Memo::new(move |_| says.work.with(|work| work.as_ref().map(|work| work.label.clone())));
    // The figure that waits for it says so itself, where it is in sight.
    let is_elsewhere = Memo::new(move |_| page.shows_progress().is_none());
    let label = move || label.get().filter(|_| is_elsewhere.get());
    let held = Memo::new(move |_| says.held_ms.get().map(format::lasts));
    move || match (says.is_stopped.get(), label(), held.get()) {
        (true, ..) => view! { <Stopped page /> }.into_any(),
        (false, Some(label), _) => view! { <Bar page label /> }.into_any(),
        (false, None, Some(lasts)) => view! { <Held page lasts /> }.into_any(),
        (false, None, None) => ().into_any(),
    }
}

#[component]
fn Bar(page: Context, label: String) -> impl IntoView {
    let share = Memo::new(move |_| page.engine.signals.work.with(|work| work.as_ref().and_then(|work| work.share)));
    let percent = move || share.get().map_or_else(|| "…".into(), |share| format!(" {:.0}%", share * 100.0));
    // In words that change now and then only, so that a reader of screens is not told of every second.
    let left = Memo::new(move |_| page.engine.signals.work.with(|work| work.as_ref().and_then(|work| work.left_ms)).map(format::left));
    let left = move || left.get().map(|left| format!(" {left}"));
    // Only what is being answered can be stopped; an engine that is loading is waited for.
    let can_stop = Memo::new(move |_| share.with(Option::is_some));
    view! {
        <div class="work">
            <label>
                <span>{label}{percent}{left}</span>
                <progress max="1" value=move || share.get().map(|share| share.to_string())></progress>
            </label>
            <Show when=move || can_stop.get()>
                <button type="button" class="button" on:click=move |_| page.engine.stop()>{say!("Cancel")}</button>
            </Show>
        </div>
    }
}

/// What waits for the reader, how long it would take, and what takes less.
#[component]
fn Held(page: Context, lasts: String) -> impl IntoView {
    view! {
        <div class="work held" role="status">
            <p>{say!("This takes {} on this device. Fewer layers, a smaller width or shorter texts take less.", lasts)}</p>
            <button type="button" class="button" on:click=move |_| page.engine.begin()>{say!("Start")}</button>
            <button type="button" class="button" on:click=move |_| page.engine.stop()>{say!("Cancel")}</button>
        </div>
    }
}

#[component]
fn Stopped(page: Context) -> impl IntoView {
    view! {
        <div class="work">
            <p>{say!("Stopped. Figures may be out of date.")}</p>
            <button type="button" class="button" on:click=move |_| page.engine.go_on()>{say!("Go on")}</button>
        </div>
    }
}

/// One text, so that what changes in it moves nothing else.
fn reason(badge: &Badge, download: Option<Download>) -> String {
    let preparing = match (download, badge.preparing) {
        (Some(Download { bytes, of: Some(all) }), Some(Preparing::Loading)) => {
            say!("Loading it: {} of {}.", format::megabytes(bytes), format::megabytes(all))
        }
        (Some(Download { bytes, of: None }), Some(Preparing::Loading)) => say!("Loading it: {}.", format::megabytes(bytes)),
        (None, Some(Preparing::Loading)) => say!("It is being loaded.").into(),
        (_, Some(Preparing::Comparing)) => say!("It is being compared with the CPU.").into(),
        (_, None) => String::new(),
    };
    let precision = badge.engine.as_ref().map_or_else(String::new, |engine| say!("Numbers are {}.", engine.precision));
    let is_named = badge.engine.is_some() && !badge.webgpu_adapter.is_empty();
    let adapter = if is_named { say!("WebGPU adapter: {}.", badge.webgpu_adapter) } else { String::new() };
    together([&badge.reason, &preparing, &precision, &adapter])
}
