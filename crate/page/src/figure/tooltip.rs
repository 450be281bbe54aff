//! The readout over a figure: markers, and a small table of the numbers at the pointer or under the keys.

use super::viewport::Viewport;
use glasses_plots::readout::{Room, Slot};
use glasses_plots::{Reading, ReadingRow, Readout};
use leptos::html;
use leptos::prelude::*;

/// The markers and the table, as large as what is drawn. Places are divided by `ratio`, from bitmap to CSS pixels.
#[component]
pub fn Tooltip(
    reading: RwSignal<Option<Reading>>,
    readout: StoredValue<Readout>,
    /// A finger points.
    is_touched: StoredValue<bool>,
    #[prop(into)] ratio: Signal<f64>,
    #[prop(into)] viewport: Signal<Viewport>,
) -> impl IntoView {
    let table = NodeRef::<html::Div>::new();
    let slot = StoredValue::new(None::<Slot>);
    // How large it is shows once it is there; what is drawn over all of this has not been painted by then.
    Effect::new(move || {
        let (ratio, viewport, table) = (ratio.get(), viewport.get(), table.get());
        let (Some(reading), Some(table)) = (reading.get(), table) else { return slot.set_value(None) };
        let pixels = |length: f64| length * ratio;
        let size = (pixels(f64::from(table.offset_width())), pixels(f64::from(table.offset_height())));
        let is_touched = is_touched.get_value();
        let room = Room { size: (pixels(viewport.width), pixels(viewport.height)), ratio: pixels(viewport.zoom), is_touched };
        let (chosen, (x, y)) = readout.with_value(|readout| readout.place(&reading, size, room, slot.get_value()));
        slot.set_value(Some(chosen));
        let _ = web_sys::HtmlElement::style(&table).set_property("translate", &format!("{}px {}px", x / ratio, y / ratio));
    });
    move || {
        let (ratio, viewport) = (ratio.get(), viewport.get());
        let reading = reading.get()?;
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
                <div class="readout" node_ref=table>
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
