//! The readout over a figure: markers, and a small table of the numbers at the pointer or under the keys.

use super::viewport::Viewport;
use glasses_plots::{Reading, ReadingRow};
use leptos::prelude::*;

/// The markers and the table, as large as what is drawn. Places are divided by `ratio`, from bitmap to CSS pixels.
#[component]
pub fn Tooltip(
    reading: RwSignal<Option<Reading>>,
    #[prop(into)] ratio: Signal<f64>,
    #[prop(into)] viewport: Signal<Viewport>,
) -> impl IntoView {
    move || {
        let (ratio, viewport) = (ratio.get(), viewport.get());
        let reading = reading.get()?;
        let left = reading.x / ratio;
        let is_right_half = left > viewport.width / 2.0;
        let markers = reading.rows.iter().enumerate().filter_map(|(index, row)| {
            let (x, y) = row.at?;
            Some(view! {
                <span
                    class="marker"
                    class:focus=index == reading.focus
                    style:left=format!("{}px", x / ratio)
                    style:top=format!("{}px", y / ratio)
                    style:border-color=row.color.to_string()
                ></span>
            })
        });
        let markers = markers.collect_view();
        let rows = reading.rows.iter().enumerate().map(|(index, row)| line(row, index == reading.focus)).collect_view();
        Some(view! {
            <div class="hover" aria-hidden="true" style:top=format!("{}px", viewport.top) style=("--zoom", viewport.zoom.to_string())>
                {markers}
                <div
                    class="readout"
                    class:left=is_right_half
                    style=("--at", format!("{left}px"))
                    style=("--width", format!("{}px", viewport.width))
                    style=("--y", format!("{}px", reading.y / ratio))
                    style=("--height", format!("{}px", viewport.height))
                    style:top=format!("{}px", reading.y / ratio)
                >
                    <p>{reading.title.clone()}</p>
                    <table><tbody>{rows}</tbody></table>
                </div>
            </div>
        })
    }
}

fn line(row: &ReadingRow, is_focus: bool) -> impl IntoView + use<> {
    view! {
        <tr class:focus=is_focus>
            <td><i class:dashed=row.dash.is_some() style:background=swatch(row)></i></td>
            <th scope="row">{row.label.clone()}</th>
            <td>{row.value.clone()}</td>
        </tr>
    }
}

/// The color of a series, dashed as its line is.
fn swatch(row: &ReadingRow) -> String {
    match row.dash {
        Some((dash, gap)) => format!("repeating-linear-gradient(90deg,{0} 0 {dash}px,transparent 0 {1}px)", row.color, dash + gap),
        None => row.color.to_string(),
    }
}
