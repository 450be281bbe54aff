//! How to cite: the paper, this tool, and the very state.

use super::Copy;
use crate::context::Context;
use crate::state::url;
use glasses_contract::say;
use leptos::prelude::*;

/// The year of this version: it goes up by hand with the version's number, so that two builds of one version cite alike.
const YEAR: u16 = 2026;

/// Both entries, in BibTeX.
#[component]
pub fn Cite(page: Context) -> impl IntoView {
    let entries = Signal::derive(move || bibtex(&page.state.asked.with(url::link_to)));
    view! {
        <pre class="taken"><code>{entries}</code></pre>
        <Copy page text=entries label=say!("Copy") />
    }
}

fn bibtex(link: &str) -> String {
    format!(
        "@inproceedings{{barbero2024transformers,
  title     = {{Transformers need glasses! Information over-squashing in language tasks}},
  author    = {{Barbero, Federico and Banino, Andrea and Kapturowski, Steven and Kumaran, Dharshan and Ara{{\\'u}}jo, Jo{{\\~a}}o G. M. and Vitvitskyi, Alex and Pascanu, Razvan and Veli{{\\v{{c}}}}kovi{{\\'c}}, Petar}},
  booktitle = {{Advances in Neural Information Processing Systems}},
  volume    = {{37}},
  year      = {{2024}},
  note      = {{arXiv:2406.04267}}
}}

@software{{glasses,
  author  = {{{{The Glasses authors}}}},
  title   = {{Glasses: watch a transformer go blind}},
  year    = {{{YEAR}}},
  version = {{{}}},
  url     = {{{}}}
}}",
        env!("CARGO_PKG_VERSION"),
        verbatim(link)
    )
}

/// BibTeX and its packages take what stands in `url` as it is, so nothing in it is escaped; only braces would end or unbalance the field, and
/// a backslash would begin a command.
fn verbatim(link: &str) -> String {
    link.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_link_stands_in_bibtex_as_it_is_but_for_what_would_end_the_field() {
        let entries = super::bibtex("https://example.org/my_page/#v=1&a=1%5En");
        assert!(entries.contains("url     = {https://example.org/my_page/#v=1&a=1%5En}"));
        // In a second pair of braces, for BibTeX would read a first name and a last one.
        assert!(entries.contains("author  = {{The Glasses authors}}") && entries.contains("year    = {2026}"));
        let entries = super::bibtex("https://example.org/?{\\#v=1");
        assert!(entries.contains("url     = {https://example.org/?%7B%5C#v=1}"));
        assert_eq!(entries.matches('{').count(), entries.matches('}').count());
    }
}
