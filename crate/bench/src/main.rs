//! What a script measures: in a browser the cases, where a page has a place for their medians, and the engine by itself; natively the engine by itself.

#[cfg(target_arch = "wasm32")]
#[path = "../../worker/src/constructors.rs"]
mod constructors;
#[cfg(not(target_arch = "wasm32"))]
mod lines;
#[cfg(target_arch = "wasm32")]
mod script;

/// Rounds that are not counted: of code that the browser has yet to optimise. The slow cases come when it has.
#[cfg(all(target_arch = "wasm32", feature = "cpu"))]
const WARM_UP: usize = 6;
/// Rounds that are.
#[cfg(all(target_arch = "wasm32", feature = "cpu"))]
const ROUNDS: usize = 9;
/// Rounds of cases that take seconds.
#[cfg(all(target_arch = "wasm32", feature = "cpu"))]
const SLOW_ROUNDS: usize = 3;

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    constructors::run();
    script::offer();
    #[cfg(feature = "cpu")]
    measure();
}

/// Medians as JSON in the text of the page's element `results`; nothing where there is none.
#[cfg(all(target_arch = "wasm32", feature = "cpu"))]
fn measure() {
    let Some(window) = web_sys::window() else { return };
    let (Some(performance), Some(document)) = (window.performance(), window.document()) else { return };
    let Some(place) = document.get_element_by_id("results") else { return };
    let mut cases = glasses_bench::cases();
    let mut times = vec![Vec::new(); cases.len()];
    for (slow, warm_up, rounds) in [(false, WARM_UP, ROUNDS), (true, 0, SLOW_ROUNDS)] {
        // In turns, so that what happens to the machine happens to all.
        for round in 0..warm_up + rounds {
            for (case, times) in cases.iter_mut().zip(&mut times).filter(|(case, _)| case.is_slow == slow) {
                let start = performance.now();
                (case.run)();
                if round >= warm_up {
                    times.push(performance.now() - start);
                }
            }
        }
    }
    let rows = cases.iter().zip(&mut times).map(|(case, times)| {
        times.sort_by(f64::total_cmp);
        format!("{{\"case\": \"{}\", \"runs\": {}, \"median_ms\": {:.2}}}", case.name, times.len(), times[times.len() / 2])
    });
    let rows: Vec<String> = rows.collect();
    place.set_text_content(Some(&format!("[{}]", rows.join(",\n"))));
}

/// Natively the cases run under criterion, and a script asks over lines.
#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::io::Result<()> {
    lines::answer(std::io::stdin().lock(), std::io::stdout().lock())
}
