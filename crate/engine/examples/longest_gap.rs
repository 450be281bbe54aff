//! The longest time that the engine computes without a step of progress, for each question about the largest configurations.
//!
//! What a step hears, a reader who takes a question back has to wait for. `cargo run --release -p glasses-engine --features flex --example
//! longest_gap`, with words behind `--` for only the cases whose name holds one of them.

use glasses_contract::config::Published;
use glasses_contract::question::{Ask, Question};
use glasses_contract::{admit, open, recipe};
use glasses_engine::train::Trainer;
use glasses_engine::{Engine, Progress, Stopped, device};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// What is admitted at the most, in one way or another.
const CONFIGURATIONS: [(&str, &str); 8] = [
    ("deep and wide", "v=1&layers=16&d=512&heads=16&n=1500&max=4096&tool=cures&cures=log,entmax,alibi,differential"),
    ("one wide layer", "v=1&layers=1&d=512&heads=1&n=4000&max=4096"),
    ("both ways", "v=1&mask=both&layers=16&d=512&heads=16&n=200&max=4096"),
    ("many weights", "v=1&layers=1&heads=1&d=512&n=4000&max=4096&pos=alibi&fa=bf16&fp=bf16"),
    ("entmax", "v=1&layers=4&heads=16&d=64&weigh=entmax&n=1500&max=4096"),
    ("nothing shared", "v=1&a=1%5En0%5En&b=1%5En0%5E(n%2B1)&n=500&max=4096&layers=2"),
    ("separators", "v=1&layers=4&d=256&heads=8&a=1%5En%7B,/k%7D&b=1%5E(n%2B1)%7B,/k%7D&max=2000&n=500"),
    ("a question", "v=1&layers=16&d=256&heads=8&task=whole&n=150&max=512"),
];

/// Keeps the longest time between two steps.
struct Gap {
    started: Instant,
    last: Cell<Instant>,
    longest: Cell<Duration>,
    at: Cell<f32>,
    most: Duration,
}

impl Gap {
    fn new(most: Duration) -> Self {
        let now = Instant::now();
        Self { started: now, last: now.into(), longest: Duration::ZERO.into(), at: 0.0.into(), most }
    }

    fn look(&self, done: f32) {
        let now = Instant::now();
        let gap = now - self.last.replace(now);
        if gap > self.longest.get() {
            self.longest.set(gap);
            self.at.set(done);
        }
    }
}

impl Progress for Gap {
    async fn step(&self, done: f32) -> Result<(), Stopped> {
        self.look(done);
        if self.started.elapsed() > self.most { Err(Stopped) } else { Ok(()) }
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let most = Duration::from_secs(60);
    for (name, hash) in CONFIGURATIONS {
        let mut experiment = open::decode(hash).0.experiment;
        experiment.view.paper = Published::Fig10;
        let config = admit(experiment).0;
        for question in Question::raised(&config) {
            let name = format!("{name}: {question:?}");
            if chosen(&name) {
                let gap = Gap::new(most);
                let answered = pollster::block_on(Engine::new(device::cpu()).answer(&config, question, &gap)).is_ok();
                say(&name, &gap, answered);
            }
        }
    }
    for hash in ["v=1&layers=8&d=512&heads=8&length=16&batch=32", "v=1&layers=16&d=256&heads=16&length=64&batch=16&tasks=whole"] {
        let name = format!("training {hash}");
        if chosen(&name) {
            let gap = Gap::new(most);
            let config = recipe::training_config(&open::decode(hash).0);
            let trained = Trainer::new(&config, &device::cpu().device).map(|mut trainer| {
                gap.last.set(Instant::now());
                pollster::block_on(trainer.step(&gap)).is_ok()
            });
            say(&name, &gap, trained.unwrap_or(false));
        }
    }
}

#[allow(clippy::print_stdout, reason = "it is what this program is for")]
fn say(name: &str, gap: &Gap, answered: bool) {
    gap.look(1.0);
    let (longest, at, all) = (gap.longest.get(), gap.at.get(), gap.started.elapsed());
    println!(
        "{:7.3} s at {at:.2} of {:6.1} s{}  {name}",
        longest.as_secs_f64(),
        all.as_secs_f64(),
        if answered { "" } else { ", no answer" }
    );
}
