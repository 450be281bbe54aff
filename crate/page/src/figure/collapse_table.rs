//! Collapse lengths as a small table: the n from which on the two are bit-identical in a float format.

use glasses_contract::config::Formats;
use glasses_contract::report::Collapse;
use glasses_contract::say;
use leptos::prelude::*;

/// A table of lengths.
pub struct CollapseTable {
    /// What it is, as a caption.
    pub caption: String,
    /// Above the first column.
    pub corner: &'static str,
    /// The other columns.
    pub columns: Vec<String>,
    /// The rows: a name and a length for each column; none where the two still differ at the end.
    pub rows: Vec<(String, Vec<Option<usize>>)>,
    /// A last row: a name and a sentence.
    pub last: Option<(&'static str, String)>,
}

/// The names of the formats of some collapse lengths, in a model with these formats.
pub fn names(formats: &Formats, collapse: &[Collapse]) -> Vec<String> {
    collapse.iter().map(|collapse| formats.name(collapse.format)).collect()
}

/// A length in a table.
pub fn cell(length: Option<usize>) -> AnyView {
    match length {
        Some(n) => view! { <td>{n}</td> }.into_any(),
        None => view! { <td class="none"><span aria-hidden="true">"–"</span><span class="unseen">{say!("not yet")}</span></td> }.into_any(),
    }
}

impl CollapseTable {
    /// The table.
    pub fn view(self) -> AnyView {
        let count = self.columns.len();
        let heads = self.columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view();
        let row = |(name, lengths): (String, Vec<Option<usize>>)| {
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    {lengths.into_iter().map(cell).collect_view()}
                </tr>
            }
        };
        let rows = self.rows.into_iter().map(row).collect_view();
        let last = self.last.map(|(name, sentence)| {
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="says" colspan=count.to_string()>{sentence}</td>
                </tr>
            }
        });
        view! {
            <div class="scroll lengths" tabindex="0">
                <table>
                    <caption>{self.caption}</caption>
                    <thead><tr><th scope="col">{self.corner}</th>{heads}</tr></thead>
                    <tbody>{rows}{last}</tbody>
                </table>
            </div>
        }
        .into_any()
    }
}
