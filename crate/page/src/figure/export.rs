//! What can be taken away from a figure: its numbers as a table to look at, and files of the picture and of every digit.

use super::picture::{Drawn, PictureSignal};
use crate::browser::file;
use crate::browser::number::count;
use crate::context::Context;
use crate::state::url;
use glasses_contract::config::Frame;
use glasses_contract::locale::in_english;
use glasses_contract::{Config, open, say};
use glasses_plots::{SmallPrint, Style, Table};
use leptos::prelude::*;
use serde_json::json;

/// Rows that are shown; the files hold all of them.
const MOST_ROWS: usize = 100;

/// The program, by name and version.
const SOFTWARE: &str = concat!("Glasses ", env!("CARGO_PKG_VERSION"));

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

/// How long a file's name may be that says which state it is of.
const MOST_IN_A_NAME: usize = 60;

/// The name of a file: of the figure, and what is said of the state in its link.
fn file_name(name: &str, state: Option<&Config>) -> String {
    let link = state.map(|state| open::encode(&Config { frame: Frame::default(), ..state.clone() })).unwrap_or_default();
    let decoded = link.trim_start_matches("v=1").replace("%5E", "^").replace("%7B", "{").replace("%7D", "}");
    let words = decoded.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut file = format!("glasses-{name}");
    for word in words {
        if file.len() + word.len() > MOST_IN_A_NAME {
            break;
        }
        file += "-";
        file += word;
    }
    file
}

async fn save(page: Context, name: &str, picture: &Drawn, kind: Kind, (width, height): (f64, f64)) -> Result<(), String> {
    let (width, height) = (width.max(LEAST_WIDTH), height.max(LEAST_HEIGHT));
    let style = Style { theme: page.look.with_untracked(|look| look.theme.clone()), pixel_ratio: FINE, small_print: SmallPrint::Set };
    let state = page.state.asked.with_untracked(|now| picture.state(now));
    let name_of_file = file_name(name, state.as_ref());
    match kind {
        Kind::Svg => {
            let text = picture.svg(width as u32, height as u32, &style)?;
            file::save(&format!("{name_of_file}.svg"), "image/svg+xml", &text)
        }
        Kind::Png => {
            let canvas = file::canvas((width * FINE) as u32, (height * FINE) as u32)?;
            picture.draw(&canvas, &style)?;
            file::save_picture(&format!("{name_of_file}.png"), &canvas).await
        }
        Kind::Csv => {
            let text = format!("{}{}", about(state.as_ref()), picture.csv());
            file::save(&format!("{name_of_file}.csv"), "text/csv", &text)
        }
        Kind::Json => {
            let link = state.as_ref().map(url::link_to);
            let text = in_english(|| {
                json!({
                    "figure": name,
                    "says": picture.sentence(),
                    "link": link,
                    "software": SOFTWARE,
                    "paper": "arXiv:2406.04267",
                    "columns": picture.table().columns.iter().map(|column| json!({ "name": column.name, "unit": column.unit })).collect::<Vec<_>>(),
                    "rows": picture.table().rows.iter().map(|row| row.iter().map(glasses_plots::table::Cell::json).collect::<Vec<_>>()).collect::<Vec<_>>(),
                })
            });
            file::save(&format!("{name_of_file}.json"), "application/json", &format!("{text:#}\n"))
        }
    }
}

/// The first lines of a file of numbers: what computed them, from which seed, and the link that computes them again.
fn about(state: Option<&Config>) -> String {
    let mut lines = format!("# {SOFTWARE}, arXiv:2406.04267\n");
    if let Some(state) = state {
        lines += &format!("# link: {}\n", url::link_to(state));
        if state.model.file.is_none() {
            lines += &format!("# seed: {}\n", state.model.seed);
        }
    }
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_of_which_state_it_is_and_is_no_longer_than_it_may_be() {
        let named = |link: &str| file_name("distance-by-n", Some(&open::decode(link).0));
        assert_eq!(named(""), "glasses-distance-by-n");
        assert_eq!(named("v=1&n=30&pos=alibi&at=collapse"), "glasses-distance-by-n-n-30-pos-alibi");
        assert_eq!(named("v=1&a=1%5En0"), "glasses-distance-by-n-a-1-n0");
        assert!(named(&format!("v=1&a={}&pos=alibi", "10".repeat(200))).len() <= MOST_IN_A_NAME);
    }
}
