//! The cases in a browser: medians as JSON in the page's text, for whoever looks or scripts it.

#![cfg_attr(not(target_arch = "wasm32"), allow(unused))]

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    let Some(window) = web_sys::window() else { return };
    let (Some(performance), Some(document)) = (window.performance(), window.document()) else { return };
    let mut rows = Vec::new();
    for mut case in glasses_bench::cases(false) {
        (case.run)(); // What is made once, such as buffers, is not what is measured.
        let mut times: Vec<f64> = (0..case.runs)
            .map(|_| {
                let start = performance.now();
                (case.run)();
                performance.now() - start
            })
            .collect();
        times.sort_by(f64::total_cmp);
        rows.push(format!("{{\"case\": \"{}\", \"runs\": {}, \"median_ms\": {:.2}}}", case.name, case.runs, times[times.len() / 2]));
    }
    if let Some(place) = document.get_element_by_id("results") {
        place.set_text_content(Some(&format!("[{}]", rows.join(",\n"))));
    }
}

/// Natively the cases run under criterion.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
