//! The cases in a browser: medians as JSON in the page's text, for whoever looks or scripts it.

#![cfg_attr(not(target_arch = "wasm32"), allow(unused))]

/// Rounds that are not counted.
#[cfg(target_arch = "wasm32")]
const WARM_UP: usize = 6;
/// Rounds that are.
#[cfg(target_arch = "wasm32")]
const ROUNDS: usize = 9;

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    let Some(window) = web_sys::window() else { return };
    let (Some(performance), Some(document)) = (window.performance(), window.document()) else { return };
    // In turns, so that what happens to the machine happens to all; the first rounds are of code that the browser has yet to optimise.
    let mut cases = glasses_bench::cases(false);
    let mut times = vec![Vec::new(); cases.len()];
    for round in 0..WARM_UP + ROUNDS {
        for (case, times) in cases.iter_mut().zip(&mut times) {
            let start = performance.now();
            (case.run)();
            if round >= WARM_UP {
                times.push(performance.now() - start);
            }
        }
    }
    let rows = cases.iter().zip(&mut times).map(|(case, times)| {
        times.sort_by(f64::total_cmp);
        format!("{{\"case\": \"{}\", \"runs\": {ROUNDS}, \"median_ms\": {:.2}}}", case.name, times[times.len() / 2])
    });
    let rows: Vec<String> = rows.collect();
    if let Some(place) = document.get_element_by_id("results") {
        place.set_text_content(Some(&format!("[{}]", rows.join(",\n"))));
    }
}

/// Natively the cases run under criterion.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
