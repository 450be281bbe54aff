//! The card of a language model: what it is, how large, where it stays; and how far it is.

use crate::browser::number::count;
use crate::browser::{file, optional};
use crate::context::Context;
use crate::format;
use crate::worker::LanguageModel;
use glasses_contract::chapters;
use glasses_contract::config::{Part, Place};
use glasses_contract::language_model::{LanguageModelInfo, OFFERED};
use glasses_contract::say;
use leptos::ev::DragEvent;
use leptos::prelude::*;

/// A device that says it has less memory than this, in gigabytes, is warned.
const LITTLE_MEMORY_GB: f64 = 4.0;

/// The card.
#[component]
pub fn LanguageModelCard(page: Context) -> impl IntoView {
    let models = page.language_models;
    let is_asked = Memo::new(move |_| page.state.asked.with(|asked| asked.model.file.is_some()));
    let is_shown = Memo::new(move |_| page.state.asked.with(|asked| chapters::shows(&asked.frame, Part::Language)));
    Effect::new(move || {
        if is_shown.get() {
            models.look();
        }
    });
    // What a link means is taken from what this browser keeps.
    let meant = Memo::new(move |_| page.state.asked.with(|asked| asked.model.file));
    Effect::new(move || meant.get().filter(|_| page.state.is_missing.get()).into_iter().for_each(|file| models.recall(file)));
    // A file that the reader opened is what is asked about from then on.
    let is_opening = RwSignal::new(false);
    Effect::new(move || {
        let here = models.state.with(|state| state.info().map(|info| info.file));
        if let Some(file) = here.filter(|_| is_opening.get_untracked()) {
            is_opening.set(false);
            page.state.choose(|asked| asked.model.file = Some(file));
        }
    });
    let open = move |files: Vec<web_sys::File>| is_opening.set(models.open(&files));
    let load = move |_| {
        is_opening.set(true);
        models.load();
    };
    let drop_file = move |event: DragEvent| {
        event.prevent_default();
        open(file::dropped(&event));
    };
    let body = move || match (models.download.get(), models.state.get()) {
        (Some(download), _) => {
            let all = download.of.unwrap_or(1.0);
            view! {
                <label class="language-model-progress">
                    <span>{say!("Loading: {} of {}", format::megabytes(download.bytes), format::megabytes(all))}</span>
                    <progress max="1" value=(download.bytes / all).to_string()></progress>
                </label>
                <button type="button" class="button" on:click=move |_| models.cancel()>{say!("Cancel")}</button>
            }
            .into_any()
        }
        (None, LanguageModel::Reading(bytes)) => {
            view! { <p role="status">{say!("Reading the file: {}", format::megabytes(bytes as f64))}</p> }.into_any()
        }
        (None, LanguageModel::Here(info)) => view! { <Here page info=*info is_asked /> }.into_any(),
        (None, state) => {
            let refused = if let LanguageModel::Refused(why) = state { Some(why) } else { None };
            view! {
                {refused.map(|why| view! { <p class="refusal" role="alert">{why}</p> })}
                <p class="language-model-ways">
                    <button type="button" class="button primary" on:click=load>{move || load_label(page)}</button>
                    <label class="button file">
                        {say!("Open a model’s files…")}
                        <input
                            type="file"
                            multiple
                            accept=".gguf,.json,.safetensors"
                            on:change=move |event| open(file::all_chosen(&event))
                        />
                    </label>
                </p>
                <p class="hint">
                    {say!(
                        "Or any small model of the Llama family from your disk: a GGUF file, or config.json, tokenizer.json and model.safetensors together. Choose them, or drop them here."
                    )}
                </p>
            }
            .into_any()
        }
    };
    view! {
        <div class="language-model" on:dragover=|event: DragEvent| event.prevent_default() on:drop=drop_file>
            <p>{move || is_wanted_elsewhere(page)} {move || is_offered(page)}</p>
            {has_little_memory().then(|| view! { <p class="hint">{say!("This device reports little memory: the model needs about 250 MB.")}</p> })}
            {body}
            {move || models.fault.get().map(|why| view! { <p class="refusal" role="alert">{why}</p> })}
        </div>
    }
}

/// What the model is that is offered, unless another one is here.
fn is_offered(page: Context) -> Option<String> {
    let is_other = page.language_models.state.with(|state| state.info().is_some_and(|info| Some(info.file) != OFFERED.hash()));
    (!is_other).then(|| {
        say!(
            "{}: 135 million weights, {}, {}. It runs in this browser; nothing you type leaves your device.",
            OFFERED.name,
            format::megabytes(OFFERED.bytes as f64),
            OFFERED.licence
        )
    })
}

/// What the link means, where that is not here.
fn is_wanted_elsewhere(page: Context) -> Option<String> {
    let meant = page.state.asked.with(|asked| asked.model.file).filter(|_| page.state.is_missing.get())?;
    Some(match Some(meant) == OFFERED.hash() {
        true => say!("This view needs a language model: load it first.").to_owned() + " ",
        false => say!("This state is about another language model, whose file has the hash {}: open that file.", meant.to_string()) + " ",
    })
}

fn load_label(page: Context) -> String {
    let models = page.language_models;
    let (all, kept) = (OFFERED.bytes as f64, models.kept.get());
    if models.is_kept() {
        say!("Open it (kept in this browser)").into()
    } else if kept > 0.0 {
        say!("Go on loading ({} of {} are here)", format::megabytes(kept), format::megabytes(all))
    } else {
        say!("Load it ({})", format::megabytes(all))
    }
}

fn has_little_memory() -> bool {
    optional::of_navigator("deviceMemory").and_then(|memory| memory.as_f64()).is_some_and(|gigabytes| gigabytes < LITTLE_MEMORY_GB)
}

/// A model that answers.
#[component]
fn Here(page: Context, info: LanguageModelInfo, is_asked: Memo<bool>) -> impl IntoView {
    let models = page.language_models;
    let (model, file) = (info.model(), info.file);
    let name = info.called(&models.file_name.get_untracked());
    // In the chapter about one there is no other model to go to.
    let is_chapter = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.at == Place::Language));
    let shape =
        say!("{} layers, {} heads, width {}, {} tokens.", model.layers, model.heads, model.width, count(model.architecture.vocabulary));
    view! {
        <p role="status">
            <strong>{name}</strong>
            " "
            {say!("is here ({}, hash {}).", format::megabytes(info.bytes as f64), file.to_string())}
            " "
            {shape}
        </p>
        <p class="language-model-ways">
            <button
                type="button"
                class="button"
                hidden=move || is_chapter.get() && is_asked.get()
                aria-pressed=move || is_asked.get().to_string()
                on:click=move |_| page.state.choose(|asked| asked.model.file = if asked.model.file == Some(file) { None } else { Some(file) })
            >
                {move || if is_asked.get() { say!("Back to the tiny model") } else { say!("Ask this model") }}
            </button>
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    models.remove(file);
                    if !is_chapter.get_untracked() {
                        page.state.choose(|asked| asked.model.file = None);
                    }
                }
            >
                {say!("Remove it from this browser")}
            </button>
        </p>
    }
}
