//! What can be taken away from a figure: its numbers as a table to look at, and files of the picture and of every digit.

use super::picture::{self, Drawn, PictureSignal};
use crate::browser::file;
use crate::browser::number::count;
use crate::context::{Context, FigureFiles};
use crate::state::url;
use glasses_contract::archive::{self, PAPER, SOFTWARE, file_name};
use glasses_contract::locale::in_english;
use glasses_contract::{Config, say};
use glasses_plots::{Style, Table};
use leptos::prelude::*;
use serde_json::json;

/// Rows that are shown; the files hold all of them.
const MOST_ROWS: usize = 100;

/// A kind of file.
#[derive(Clone, Copy)]
enum Kind {
    Svg,
    Png,
    Csv,
    Json,
}

impl Kind {
    const ALL: [(Self, &'static str); 4] = [(Self::Svg, "SVG"), (Self::Png, "PNG"), (Self::Csv, "CSV"), (Self::Json, "JSON")];
}

/// The size of a picture in a file, in CSS pixels: as in the page, and never so narrow that it would be cramped in a document.
const LEAST_WIDTH: f64 = 720.0;
const LEAST_HEIGHT: f64 = 420.0;
/// Bitmap pixels to a CSS pixel in a PNG file, and units in an SVG file.
const FINE: f64 = 3.0;

/// The table, made only while it is open, and the files.
#[component]
pub fn Export(
    page: Context,
    name: &'static str,
    picture: PictureSignal,
    /// Who computed it.
    computed: Signal<Option<String>>,
    size: Signal<(f64, f64)>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let make = Callback::new(move |()| picture.get_untracked().map(|picture| files(page, name, &picture, size.get_untracked())));
    page.figures.update(|figures| figures.push((name, make)));
    on_cleanup(move || {
        // The figure of this name that came first: one that takes its place may be there already. With the whole page goes the list.
        page.figures.try_update(|figures| figures.iter().position(|(other, _)| *other == name).map(|at| figures.remove(at)));
    });
    let problem = RwSignal::new(None::<String>);
    let table = move || is_open.get().then(|| picture.get().map(|picture| rows(&picture.table()))).flatten();
    let save = move |kind: Kind| {
        let Some(picture) = picture.get_untracked() else { return };
        wasm_bindgen_futures::spawn_local(async move {
            // Whoever has put the figure away meanwhile is told nothing.
            let saved = save(page, name, &picture, kind, size.get_untracked()).await;
            problem.try_set(saved.err());
        });
    };
    let button = |(kind, label): (Kind, &'static str)| {
        view! { <button type="button" class="link" on:click=move |_| save(kind)>{label}</button> }
    };
    view! {
        <details class="numbers" on:toggle=move |event| is_open.set(event_target::<web_sys::HtmlElement>(&event).has_attribute("open"))>
            <summary>{say!("Numbers and files")}</summary>
            <p class="computed">{move || computed.get()}</p>
            <div class="scroll" tabindex="0" role="region" aria-label=say!("Numbers")>{table}</div>
            <p class="files"><span class="hint">{say!("Save as")}</span> {Kind::ALL.map(button).collect_view()}</p>
            <span class="refusal" role="status">{move || problem.get()}</span>
        </details>
    }
}

/// All of a figure's files that are text, for an archive.
fn files(page: Context, name: &str, picture: &Drawn, size: (f64, f64)) -> Result<FigureFiles, String> {
    let (width, height, style) = sheet(page, size);
    let state = page.state.asked.with_untracked(|now| picture.state(now));
    Ok(FigureFiles {
        about: about(state.as_ref()),
        svg: svg(picture, (width, height), &style)?,
        csv: picture.csv(),
        json: json(name, picture, state.as_ref()),
    })
}

/// The numbers with what they say, for programs.
fn json(name: &str, picture: &Drawn, state: Option<&Config>) -> String {
    let text = in_english(|| {
        let table = picture.table();
        json!({
            "figure": name,
            "says": picture.sentence(),
            "link": state.map(url::link_to),
            "seed": state.and_then(|state| archive::seed_of(&state.model)),
            "software": SOFTWARE,
            "paper": PAPER,
            "columns": table.columns.iter().map(|column| json!({ "name": column.name, "unit": column.unit })).collect::<Vec<_>>(),
            "rows": table.rows.iter().map(|row| row.iter().map(glasses_plots::table::Cell::json).collect::<Vec<_>>()).collect::<Vec<_>>(),
        })
    });
    format!("{text:#}\n")
}

fn svg(picture: &Drawn, (width, height): (f64, f64), style: &Style) -> Result<String, String> {
    picture.document(width as u32, Some(height as u32), style).map_err(|error| error.to_string())
}

/// What a file is drawn on.
fn sheet(page: Context, (width, height): (f64, f64)) -> (f64, f64, Style) {
    let theme = page.look.with_untracked(|look| look.theme.clone());
    (width.max(LEAST_WIDTH), height.max(LEAST_HEIGHT), Style::new(theme, FINE))
}

async fn save(page: Context, name: &str, picture: &Drawn, kind: Kind, size: (f64, f64)) -> Result<(), String> {
    let (width, height, style) = sheet(page, size);
    let state = page.state.asked.with_untracked(|now| picture.state(now));
    let name_of_file = file_name(name, state.as_ref());
    match kind {
        Kind::Svg => {
            let text = svg(picture, (width, height), &style)?;
            file::save(&format!("{name_of_file}.svg"), "image/svg+xml", &text)
        }
        Kind::Png => {
            let canvas = file::canvas((width * FINE) as u32, (height * FINE) as u32)?;
            picture::draw(&**picture, &canvas, &style)?;
            file::save_picture(&format!("{name_of_file}.png"), &canvas).await
        }
        Kind::Csv => {
            let text = format!("{}{}", archive::commented(&about(state.as_ref())), picture.csv());
            file::save(&format!("{name_of_file}.csv"), "text/csv", &text)
        }
        Kind::Json => file::save(&format!("{name_of_file}.json"), "application/json", &json(name, picture, state.as_ref())),
    }
}

/// What computed a figure, from which seed, and the link that computes it again.
fn about(state: Option<&Config>) -> String {
    match state {
        Some(state) => archive::provenance(&url::link_to(state), archive::seed_of(&state.model)),
        None => format!("{SOFTWARE}, {PAPER}"),
    }
}

fn rows(table: &Table) -> impl IntoView + use<> {
    let heads = table.columns.iter().map(|column| view! { <th scope="col">{column.heading()}</th> }).collect_view();
    let row = |row: &Vec<glasses_plots::table::Cell>| {
        let cells = row.iter().map(|cell| view! { <td>{cell.shown()}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    };
    let body = table.rows.iter().take(MOST_ROWS).map(row).collect_view();
    let left_out = table.rows.len().saturating_sub(MOST_ROWS);
    view! {
        <table>
            <thead><tr>{heads}</tr></thead>
            <tbody>{body}</tbody>
        </table>
        {(left_out > 0).then(|| view! { <p class="hint">{say!("… and {} more rows in the file.", count(left_out))}</p> })}
    }
}
