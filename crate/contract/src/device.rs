//! Which engine answers, and why.

use crate::config::DeviceChoice;
use crate::locale::together;
use crate::say;
use serde::{Deserialize, Serialize};

/// The kind of device that computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// One core of the processor.
    Cpu,
    /// A graphics processor, or its imitation in software, through WebGPU.
    WebGpu,
}

impl DeviceKind {
    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::WebGpu => "WebGPU",
        }
    }
}

/// What is known of the device beneath an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Adapter {
    /// The processor itself.
    Processor,
    /// A real graphics processor.
    Hardware,
    /// A graphics processor imitated in software: right, but slow.
    Software,
}

/// An answer that takes longer than this after a keystroke is no longer felt as live.
pub const LIVE_MS: f64 = 100.0;

/// How the WebGPU engine stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Its code is still on the way, or it is proving itself.
    Starting,
    /// There is none, or it failed: why.
    Out(String),
    /// It gave the right answer to the known question; warm times of the same question on both engines.
    Proved {
        /// What it runs on.
        adapter: Adapter,
        /// Milliseconds on WebGPU.
        webgpu_ms: f64,
        /// Milliseconds on the CPU.
        cpu_ms: f64,
    },
}

/// Which engine answers, and the reason as a sentence for the badge.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The engine.
    pub device: DeviceKind,
    /// Why.
    pub reason: String,
}

/// Decides which engine answers.
///
/// WebGPU takes over on a hardware adapter once it has proved itself, unless it is both slower than live and slower than the
/// CPU; a software adapter is used only where the reader says so.
pub fn decide(choice: DeviceChoice, standing: &Standing) -> Decision {
    let cpu = |reason: String| Decision { device: DeviceKind::Cpu, reason };
    let webgpu = |reason: String| Decision { device: DeviceKind::WebGpu, reason };
    match (choice, standing) {
        (_, Standing::Out(why)) => cpu(why.clone()),
        (DeviceChoice::Cpu, Standing::Starting) => cpu(say!("Chosen by you.").into()),
        (DeviceChoice::Cpu, Standing::Proved { webgpu_ms, cpu_ms, .. }) => {
            cpu(together([say!("Chosen by you."), &compare(*cpu_ms, "WebGPU", *webgpu_ms)]))
        }
        (_, Standing::Starting) => cpu(say!("The WebGPU engine is still starting.").into()),
        (DeviceChoice::WebGpu, Standing::Proved { webgpu_ms, cpu_ms, .. }) => {
            webgpu(together([say!("Chosen by you."), &compare(*webgpu_ms, say!("the CPU"), *cpu_ms)]))
        }
        (DeviceChoice::Auto, Standing::Proved { adapter: Adapter::Hardware, webgpu_ms, cpu_ms }) => {
            let times = compare(*webgpu_ms, say!("the CPU"), *cpu_ms);
            if *webgpu_ms <= LIVE_MS || webgpu_ms <= cpu_ms {
                webgpu(together([say!("It gave the same answer as the CPU and is fast enough to be live."), &times]))
            } else {
                cpu(together([say!("WebGPU works here but is too slow to keep up."), &compare(*cpu_ms, "WebGPU", *webgpu_ms)]))
            }
        }
        (DeviceChoice::Auto, Standing::Proved { webgpu_ms, cpu_ms, .. }) => {
            cpu(together([say!("WebGPU has only a software renderer here."), &compare(*cpu_ms, "WebGPU", *webgpu_ms)]))
        }
    }
}

/// Decides which engine answers about a language model, of whose file the WebGPU engine stands as `of_file` says.
///
/// What it proved on a tiny model comes first. A software adapter is not tried unasked: it would take minutes.
pub fn decide_about_file(choice: DeviceChoice, standing: &Standing, of_file: &Standing) -> Decision {
    match (choice, standing) {
        (DeviceChoice::Auto, Standing::Proved { adapter: Adapter::Software | Adapter::Processor, .. }) => {
            Decision { device: DeviceKind::Cpu, reason: say!("WebGPU has only a software renderer here.").into() }
        }
        (_, Standing::Proved { .. }) => decide(choice, of_file),
        _ => decide(choice, standing),
    }
}

fn compare(this_ms: f64, other: &str, other_ms: f64) -> String {
    let (this, that) = (format!("{this_ms:.0}"), format!("{other_ms:.0}"));
    say!("One pair takes {} ms here; {} would take {} ms.", this, other, that)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webgpu_answers_only_where_it_should() {
        let proved = |adapter, webgpu_ms, cpu_ms| Standing::Proved { adapter, webgpu_ms, cpu_ms };
        use Adapter::{Hardware, Software};
        use DeviceChoice::{Auto, Cpu, WebGpu};
        for (choice, standing, device) in [
            (Auto, Standing::Starting, DeviceKind::Cpu),
            (Auto, Standing::Out("no adapter".into()), DeviceKind::Cpu),
            (WebGpu, Standing::Out("no adapter".into()), DeviceKind::Cpu),
            (WebGpu, Standing::Starting, DeviceKind::Cpu),
            (Auto, proved(Hardware, 20.0, 10.0), DeviceKind::WebGpu),
            (Auto, proved(Hardware, 300.0, 10.0), DeviceKind::Cpu),
            (Auto, proved(Hardware, 300.0, 900.0), DeviceKind::WebGpu),
            (Auto, proved(Software, 20.0, 90.0), DeviceKind::Cpu),
            (WebGpu, proved(Software, 2000.0, 9.0), DeviceKind::WebGpu),
            (Cpu, proved(Hardware, 1.0, 90.0), DeviceKind::Cpu),
        ] {
            let decision = decide(choice, &standing);
            assert_eq!(decision.device, device, "{choice:?} {standing:?}");
            assert!(decision.reason.len() > 5);
        }
    }

    #[test]
    fn about_a_file_it_answers_once_it_proved_itself_on_that_too() {
        let proved = |adapter, webgpu_ms, cpu_ms| Standing::Proved { adapter, webgpu_ms, cpu_ms };
        use Adapter::{Hardware, Software};
        use DeviceChoice::{Auto, Cpu, WebGpu};
        let out = || Standing::Out("too large".into());
        for (choice, standing, of_file, device) in [
            (Auto, Standing::Starting, proved(Hardware, 1.0, 9.0), DeviceKind::Cpu),
            (Auto, proved(Hardware, 1.0, 9.0), Standing::Starting, DeviceKind::Cpu),
            (Auto, proved(Hardware, 1.0, 9.0), proved(Hardware, 200.0, 900.0), DeviceKind::WebGpu),
            (Auto, proved(Hardware, 1.0, 9.0), proved(Hardware, 900.0, 200.0), DeviceKind::Cpu),
            (Auto, proved(Software, 1.0, 9.0), proved(Software, 1.0, 9.0), DeviceKind::Cpu),
            (WebGpu, proved(Software, 9.0, 1.0), proved(Software, 900.0, 9.0), DeviceKind::WebGpu),
            (WebGpu, proved(Hardware, 9.0, 1.0), out(), DeviceKind::Cpu),
            (Cpu, proved(Hardware, 1.0, 9.0), proved(Hardware, 1.0, 9.0), DeviceKind::Cpu),
        ] {
            let decision = decide_about_file(choice, &standing, &of_file);
            assert_eq!(decision.device, device, "{choice:?} {standing:?} {of_file:?}");
            assert_eq!(decision.reason == "too large", of_file == out());
        }
    }
}
