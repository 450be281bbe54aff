//! Everything that the page shows of a state as one file.

use crate::browser::file;
use crate::context::Context;
use crate::state::url;
use crate::worker::representations;
use glasses_contract::archive::Archive;
use glasses_contract::locale::together;
use glasses_contract::say;
use leptos::prelude::*;

/// What is in it, and the button.
#[component]
pub fn Everything(page: Context) -> impl IntoView {
    let is_under_way = RwSignal::new(false);
    let said = RwSignal::new(None::<String>);
    let save = move |_| {
        is_under_way.set(true);
        said.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = save(page).await;
            // Whoever has left the page meanwhile is told nothing.
            said.try_set(outcome.unwrap_or_else(Some));
            is_under_way.try_set(false);
        });
    };
    view! {
        <p class="hint">
            {say!("One ZIP file: every figure that stands here as SVG, CSV and JSON, and the last tokens’ representations as arrays of NumPy. Link, seed and version stand in all texts.")}
        </p>
        <button type="button" class="button" disabled=move || is_under_way.get() on:click=save>
            {move || if is_under_way.get() { say!("Computing the arrays…") } else { say!("Save everything") }}
        </button>
        <span class="refusal" role="status">{move || said.get()}</span>
    }
}

/// Saves it; what is not in it is said.
async fn save(page: Context) -> Result<Option<String>, String> {
    let mut archive = begun(page)?;
    let admitted = page.state.admitted.get_untracked();
    let model = admitted.model.clone();
    let missing = match representations(admitted, page.training.own.get_untracked()).await {
        Ok(last) => {
            archive.representations(&last, &model);
            None
        }
        Err(why) => Some(together([say!("Saved without the arrays."), why.as_str()])),
    };
    file::save_bytes(&archive.name(), "application/zip", &archive.finish())?;
    Ok(missing)
}

/// All that is there already.
fn begun(page: Context) -> Result<Archive, String> {
    let mut archive = page.state.asked.with_untracked(|asked| Archive::new(asked, &url::link_to(asked)));
    for (name, make) in page.figures.get_untracked() {
        if let Some(files) = make.run(()).transpose()? {
            archive.figure(name, &files.about, &files.svg, &files.csv);
            archive.json(name, &files.json);
        }
    }
    Ok(archive)
}
