//! One figure in a frame of another page.

use super::{Copy, embedded};
use crate::context::Context;
use crate::state::url;
use glasses_contract::config::Part;
use glasses_contract::locale::tr;
use glasses_contract::task::Task;
use glasses_contract::{Choice, say};
use leptos::prelude::*;

/// What stands alone well, and how high its frame is in a column of 800, in pixels. An instrument may have several figures, below each other.
const FIGURES: [(Part, usize); 10] = [
    (Part::ByN, 920),
    (Part::Meeting, 840),
    (Part::Rounding, 980),
    (Part::ByLayer, 630),
    (Part::Next, 610),
    (Part::Sensitivity, 610),
    (Part::Attention, 780),
    (Part::Answers, 400),
    (Part::Instruments, 900),
    (Part::Game, 560),
];

/// What a sandbox around the frame has to allow: computing, its own files, the way to the whole page, and saving figures.
const SANDBOX: &str = "sandbox=\"allow-scripts allow-same-origin allow-popups allow-downloads\"";

/// The choice of the figure, and the snippet.
#[component]
pub fn Embed(page: Context) -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    let snippet = Signal::derive(move || {
        let (part, height) = FIGURES[chosen.get()];
        let link = page.state.asked.with(|asked| url::link_to(&embedded(asked, part))).replace('&', "&amp;");
        format!(
            "<iframe src=\"{link}\" width=\"100%\" height=\"{height}\" title=\"Glasses: {}\" loading=\"lazy\" allow=\"clipboard-write\"></iframe>",
            part.label()
        )
    });
    let asks = Memo::new(move |_| page.state.admitted.with(|config| config.input.task != Task::None));
    let option = move |(index, (part, _)): (usize, (Part, usize))| {
        // Where nothing is asked there is no answer to show.
        view! { <option value=index.to_string() disabled=move || matches!(part, Part::Answers | Part::Game) && !asks.get()>{tr(part.entry().label)}</option> }
    };
    view! {
        <div class="field">
            <label for="embed-part">{say!("Figure")}</label>
            <select id="embed-part" on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default())>
                {FIGURES.into_iter().enumerate().map(option).collect_view()}
            </select>
        </div>
        <pre class="taken"><code>{snippet}</code></pre>
        <Copy page text=snippet label=say!("Copy") />
        <p class="hint">{say!("If the embedding page sandboxes its frames, this one needs: {}.", SANDBOX)}</p>
    }
}
