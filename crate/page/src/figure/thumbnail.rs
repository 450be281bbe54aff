//! A small picture of what a link shows: its main figure as it was last computed here, else the bare shape of its kind. Nothing is computed for it.

use super::picture::{self, Drawn};
use super::shown::answered;
use crate::context::Context;
use glasses_contract::config::Part;
use glasses_contract::{Config, chapters, open};
use glasses_plots::{SHAPE_SIZE, Style, shape};
use leptos::html;
use leptos::prelude::*;

/// As many pictures are kept as a long lesson has steps that somebody looked at.
const MOST_KEPT: usize = 100;
/// The bitmap, in pixels, and how many of them make one that a figure is laid out in: it is far smaller than its type can be read.
const BITMAP: (u32, u32) = (320, 200);
const RATIO: f64 = 0.5;

/// The pictures that links had, by link.
pub type Pictures = StoredValue<Vec<(String, Drawn)>>;

/// The picture; for the eye alone, since what a link shows is said beside it.
#[component]
pub fn Thumbnail(page: Context, #[prop(into)] link: Signal<String>, kept: Pictures) -> impl IntoView {
    let is_shown = Memo::new(move |_| page.state.asked.with(|asked| chapters::shows(&asked.frame, Part::Lesson)));
    let opened = Memo::new(move |_| {
        let (admitted, frame, _) = link.with(|link| open::admitted(link));
        let drawing = chapters::main_figure(&Config { frame, ..Config::from(admitted.clone().into_inner()) });
        (admitted, drawing)
    });
    let picture = Memo::new(move |_| {
        let (admitted, drawing) = opened.get();
        let computed = answered(page, drawing.filter(|_| is_shown.get())?, &admitted);
        let link = link.get();
        kept.try_update_value(|kept| {
            if let Some(computed) = computed {
                kept.retain(|(of, _)| *of != link);
                kept.truncate(MOST_KEPT - 1);
                kept.insert(0, (link.clone(), computed));
            }
            kept.iter().find(|(of, _)| *of == link).map(|(_, picture)| picture.clone())
        })?
    });
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move || {
        let theme = page.look.with(|look| look.theme.clone());
        if let (Some(canvas), Some(picture)) = (canvas.get(), picture.get()) {
            // Where it can't be drawn, the figure itself says why.
            picture::draw(&*picture, &canvas, &Style::new(theme, RATIO)).map(drop).unwrap_or_default();
        }
    });
    let (width, height) = SHAPE_SIZE;
    let bare = move || {
        view! {
            <svg viewBox=format!("0 0 {width} {height}") fill="none" stroke="currentColor" stroke-opacity="0.4" stroke-width="0.5"><path d=move || opened.with(|(_, drawing)| shape(*drawing))></path></svg>
        }
    };
    view! {
        <span class="thumbnail" aria-hidden="true">
            <Show when=move || picture.with(Option::is_some) fallback=bare>
                <canvas node_ref=canvas width=BITMAP.0.to_string() height=BITMAP.1.to_string()></canvas>
            </Show>
        </span>
    }
}
