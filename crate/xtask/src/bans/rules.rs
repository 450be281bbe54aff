//! The bans, one row a rule. Each row brings examples, and a test holds it to them.

/// This file: it holds everything that is forbidden.
pub const OWN_PATH: &str = "crate/xtask/src/bans/rules.rs";

/// What must not be written, where, and why.
pub struct Rule {
    /// The rule, as a sentence.
    pub name: &'static str,
    /// Why, and what to do instead.
    pub reason: &'static str,
    /// A regular expression, tried on each line.
    pub pattern: &'static str,
    /// File name endings that are looked at; none means all.
    pub endings: &'static [&'static str],
    /// Starts of paths that are looked at.
    pub within: &'static [&'static str],
    /// Which part of a file is looked at.
    pub extent: Extent,
    /// Where it may be written all the same.
    pub allowed: Allowed,
    /// Lines that break the rule.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by a test"))]
    pub caught: &'static [&'static str],
    /// Lines that look like it and don't.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by a test"))]
    pub spared: &'static [&'static str],
}

/// How much of a file a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    WholeFile,
    /// Up to the unit tests, which end a file: their examples may hold what the code must not.
    UpToTests,
}

/// Exceptions to a rule.
#[derive(Clone, Copy)]
pub enum Allowed {
    /// None.
    Nowhere,
    /// Files whose paths start like this.
    In(&'static [&'static str]),
    /// In each of these folders, one file, whichever it is.
    OneFilePer(&'static [&'static str]),
}

/// Everything that people write.
const PROSE_AND_CODE: &[&str] = &["rs", "mjs", "js", "css", "html", "toml", "yml", "md", "py"];

const COLOUR_RULE: &str = "colours are written in www/style/tokens.css only";
const COLOUR_REASON: &str = "Light, dark and colour-blind themes change in one workspace: use a token.";

pub const RULES: &[Rule] = &[
    Rule {
        name: COLOUR_RULE,
        reason: COLOUR_REASON,
        pattern: concat!(
            r":[^{]*#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b",
            r"|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(",
            r"|[\s:,(](?:white|black|red|green|blue|gr[ae]y|orange|purple|yellow)\s*[;,)!]",
        ),
        endings: &["css"],
        within: &["www/"],
        extent: Extent::WholeFile,
        allowed: Allowed::In(&["www/style/tokens.css"]),
        caught: &["  color: #1f2937;", "a { color: red; }", "border: 1px solid rgb(0 0 0);"],
        spared: &["  color: var(--blue);", "#fade { top: 0 }", "white-space: pre;", "color: inherit;"],
    },
    Rule {
        name: COLOUR_RULE,
        reason: COLOUR_REASON,
        pattern: concat!(
            r##""#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})""##,
            r#"|\b(?:rgba?|hsla?)\(\s*\d"#,
            r"|\b(?:RGBA?|HSL)Color\(\s*[\d.]",
            r"|&(?:WHITE|BLACK|RED|GREEN|BLUE|YELLOW|CYAN|MAGENTA)\b",
        ),
        endings: &["rs"],
        within: &["crate/page/", "crate/plots/", "crate/cli/"],
        extent: Extent::UpToTests,
        allowed: Allowed::Nowhere,
        caught: &[r##"let ink = "#1f2937";"##, "RGBColor(31, 41, 55)", "root.fill(&WHITE)?;"],
        spared: &["RGBColor(red, green, blue)", r##"r#"{"a": 1}"#"##, "#[derive(Clone)]"],
    },
    Rule {
        name: COLOUR_RULE,
        reason: COLOUR_REASON,
        pattern: r##"(?:style|fill|stroke|color)="[^"]*(?:#[0-9a-fA-F]{3}|rgba?\(|hsla?\()"##,
        endings: &["html"],
        within: &["index.html", "www/"],
        extent: Extent::WholeFile,
        allowed: Allowed::Nowhere,
        caught: &[r##"<p style="color: #123">"##, r##"<path fill="#abcdef">"##],
        spared: &[r##"<a href="#add">"##, r#"<path fill="currentColor">"#],
    },
    Rule {
        name: "the engine names its backends in device.rs and operation only",
        reason: "The model is written once, for whatever device it is given; only an operation of our own is written for each.",
        pattern: r"\b(?:Flex|Wgpu|WebGpu|CubeBackend|burn_flex|burn_wgpu|burn_cubecl|wgpu|burn::backend)\b",
        endings: &["rs"],
        within: &["crate/engine/src/"],
        extent: Extent::WholeFile,
        allowed: Allowed::In(&["crate/engine/src/device.rs", "crate/engine/src/operation/"]),
        caught: &["use burn_wgpu::WgpuDevice;", "impl RoundOps for Flex {", "use burn::backend::Cube;"],
        spared: &["// a flexible model", "let flexibility = 1;"],
    },
    Rule {
        name: "the page's scripts post messages from one file",
        reason: "A protocol is spoken in one place on each side, and nowhere else; of Rust, clippy.toml says the same.",
        pattern: r"\bpostMessage\b",
        endings: &["js", "mjs"],
        within: &["www/"],
        extent: Extent::WholeFile,
        allowed: Allowed::OneFilePer(&["www/"]),
        caught: &["worker.postMessage(bytes);"],
        spared: &["// what is posted", "const message = post;"],
    },
    Rule {
        name: "the command line opens files in input.rs, output.rs, lock.rs and study/ledger.rs only",
        reason: "What is read is bounded there, and what is written is whole or not there, or made whole by the next run.",
        pattern: r"\bfs::(?:read|read_to_string|write|copy|rename|File|OpenOptions)\b|\bFile::(?:open|create|options)\b",
        endings: &["rs"],
        within: &["crate/cli/src/"],
        extent: Extent::UpToTests,
        allowed: Allowed::In(&[
            "crate/cli/src/input.rs",
            "crate/cli/src/output.rs",
            "crate/cli/src/lock.rs",
            "crate/cli/src/study/ledger.rs",
        ]),
        caught: &["std::fs::write(path, bytes)?;", "use std::fs::OpenOptions;", "let file = File::create(path)?;"],
        spared: &["std::fs::create_dir_all(folder)?;", "std::fs::remove_file(path)?;", "Failure::File { path }"],
    },
    Rule {
        name: "nothing is left for later in the code",
        reason: "An open question belongs into an issue; the code says what is.",
        pattern: r"\b(?:TODO|FIXME)\b|\b(?:todo|unimplemented)!",
        endings: PROSE_AND_CODE,
        within: &[""],
        extent: Extent::WholeFile,
        allowed: Allowed::Nowhere,
        caught: &["// TODO: write this", "    todo!()"],
        spared: &["let todos = 0;", "mastodon"],
    },
    Rule {
        name: "no path of one person's machine",
        reason: "It is wrong on every other machine: write it relative to the repository.",
        pattern: r#"(?:^|[\s"'`(=:])(?:/(?:home|Users|root|work|workspace|mnt)/|[A-Z]:\\\w)"#,
        endings: &[],
        within: &[""],
        extent: Extent::WholeFile,
        allowed: Allowed::Nowhere,
        caught: &["/home/ada/glasses", r#"path = "/root/.cargo""#, r"C:\glasses"],
        spared: &["$HOME/.cache", "www/work/", "#!/usr/bin/env bash", "../home/"],
    },
];
