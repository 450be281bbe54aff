//! The numbers behind a figure: a table that opens, and a file with every digit.

use super::picture::Picture;
use crate::browser::file;
use glasses_plots::Table;
use leptos::prelude::*;
use std::sync::Arc;

/// Rows that are shown; the file holds all of them.
const MOST_ROWS: usize = 100;

/// The table, made only while it is open, and the file.
#[component]
pub fn Numbers(name: &'static str, picture: Signal<Option<Arc<dyn Picture>>>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let table = move || is_open.get().then(|| picture.get().map(|picture| rows(&picture.table()))).flatten();
    let save = move |_| {
        let saved = picture.get_untracked().map(|picture| file::save(&format!("glasses-{name}.csv"), "text/csv", &picture.table().csv()));
        problem.set(saved.and_then(Result::err));
    };
    view! {
        <details class="numbers" on:toggle=move |event| is_open.set(event_target::<web_sys::HtmlElement>(&event).has_attribute("open"))>
            <summary>"Numbers"</summary>
            <div class="scroll" tabindex="0">{table}</div>
            <button type="button" class="link" on:click=save>"Save all as CSV"</button>
            <span class="refusal" role="status">{move || problem.get()}</span>
        </details>
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
        {(left_out > 0).then(|| view! { <p class="hint">{format!("… and {left_out} more rows in the file.")}</p> })}
    }
}
