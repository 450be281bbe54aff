//! All that there is of a state in one file, a ZIP archive: what stands in it, how its files are called, and what each says of where it came from.

mod npy;
mod zip;

use crate::config::{Config, Frame, Model};
use crate::open;
use crate::report::LastTokenRepresentations;
use zip::Zip;

/// The program, by name and version.
pub const SOFTWARE: &str = concat!("Glasses ", env!("CARGO_PKG_VERSION"));

/// The paper.
pub const PAPER: &str = "arXiv:2406.04267";

/// How long a file's name may be that says which state it is of.
const MOST_IN_A_NAME: usize = 60;

/// An archive that is being filled. Every name in it begins with the program's version, the seed and what the link says of the state; every file
/// of text has them inside, too. One state makes one archive, byte for byte: no time stands in it.
pub struct Archive {
    stem: String,
    about: String,
    zip: Zip,
}

impl Archive {
    /// The archive of a state, which this address opens.
    pub fn new(state: &Config, address: &str) -> Self {
        let mut rest = state.clone();
        rest.model.seed = Model::default().seed;
        let seed = seed_of(&state.model).map(|seed| format!("-seed-{seed}")).unwrap_or_default();
        let stem = file_name(&format!("{}{seed}", env!("CARGO_PKG_VERSION")), Some(&rest));
        Self { stem, about: provenance(address, seed_of(&state.model)), zip: Zip::default() }
    }

    /// What the archive itself is called.
    pub fn name(&self) -> String {
        format!("{}.zip", self.stem)
    }

    /// Adds a figure of this name as a picture and as its numbers; `about` says of which state ([`provenance`]).
    pub fn figure(&mut self, name: &str, about: &str, svg: &str, csv: &str) {
        self.add(&format!("{name}.svg"), described(svg, about).as_bytes());
        self.add(&format!("{name}.csv"), format!("{}{csv}", commented(about)).as_bytes());
    }

    /// Adds a text in JSON: the report in the form of docs/report.md, or what the page knows of one figure.
    pub fn json(&mut self, name: &str, json: &str) {
        self.add(&format!("{name}.json"), json.as_bytes());
    }

    /// Adds the last tokens' representations as arrays of NumPy, whose shapes are those of a model of this shape.
    pub fn representations(&mut self, last: &LastTokenRepresentations, model: &Model) {
        let [stages, heads] = last.shapes(model);
        let n: Vec<u32> = last.n.iter().map(|&n| n as u32).collect();
        self.add("n.npy", &npy::of_u32(&[n.len()], &n));
        self.add("stages.npy", &npy::of_f32(&stages, &last.stages));
        self.add("heads.npy", &npy::of_f32(&heads, &last.heads));
        self.about += ARRAYS;
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        let about = std::mem::take(&mut self.about);
        self.add("about.txt", about.as_bytes());
        self.zip.finish()
    }

    fn add(&mut self, name: &str, bytes: &[u8]) {
        self.zip.add(&format!("{0}/{0}-{name}", self.stem), bytes);
    }
}

/// What is said of the arrays, for whoever opens them years later.
const ARRAYS: &str = "
n.npy       the values of n: [n], uint32
stages.npy  the last token's residual stream: [n, sequence, stage, width], float32. Sequence 0 is A, 1 is B; stages are the embedding,
            each layer, and the output behind the last norm
heads.npy   what each head gathers, before the output projection: [n, sequence, layer, head, head width], float32
";

/// What computed a file, from which seed, and the address that computes it again: a line each.
pub fn provenance(address: &str, seed: Option<u32>) -> String {
    let seed = seed.map(|seed| format!("seed: {seed}\n")).unwrap_or_default();
    format!("{SOFTWARE}, {PAPER}\nlink: {address}\n{seed}")
}

/// Lines as comments of a CSV file.
pub fn commented(lines: &str) -> String {
    lines.lines().map(|line| format!("# {line}\n")).collect()
}

/// The name of a file without its extension: what it is of, and what is said of the state in its link.
pub fn file_name(of: &str, state: Option<&Config>) -> String {
    let link = state.map(|state| open::encode(&Config { frame: Frame::default(), ..state.clone() })).unwrap_or_default();
    let decoded = link.trim_start_matches("v=1").replace("%5E", "^").replace("%7B", "{").replace("%7D", "}");
    let words = decoded.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut file = format!("glasses-{of}");
    for word in words {
        if file.len() + word.len() > MOST_IN_A_NAME {
            break;
        }
        file += "-";
        file += word;
    }
    file
}

/// A picture that says where it came from.
fn described(svg: &str, about: &str) -> String {
    let about = about.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    svg.replacen("</title>", &format!("</title>\n<metadata>{about}</metadata>"), 1)
}

/// The seed of a model's weights; a language model has none.
pub fn seed_of(model: &Model) -> Option<u32> {
    model.file.is_none().then_some(model.seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_of_which_state_it_is_and_is_no_longer_than_it_may_be() {
        let named = |link: &str| file_name("distance-by-n", Some(&open::decode(link).0));
        assert_eq!(named(""), "glasses-distance-by-n");
        assert_eq!(named("v=1&n=30&pos=alibi&at=collapse"), "glasses-distance-by-n-n-30-pos-alibi");
        assert_eq!(named("v=1&a=1%5En0"), "glasses-distance-by-n-a-1-n0");
        assert!(named(&format!("v=1&a={}&pos=alibi", "10".repeat(200))).len() <= MOST_IN_A_NAME);
    }

    #[test]
    fn every_file_names_the_version_the_seed_and_the_state() {
        let version = env!("CARGO_PKG_VERSION");
        let state = open::decode("v=1&n=30&seed=7").0;
        let mut archive = Archive::new(&state, "https://example.org/#v=1&n=30&seed=7");
        let stem = format!("glasses-{version}-seed-7-n-30");
        assert_eq!(archive.name(), format!("{stem}.zip"));
        archive.figure("rounding", &provenance("v=1&a=<", Some(7)), "<svg><title>R</title></svg>", "n,d\n1,2\n");
        let bytes = archive.finish();
        let text = String::from_utf8_lossy(&bytes);
        for name in ["rounding.svg", "rounding.csv", "about.txt"] {
            assert_eq!(text.matches(&format!("{stem}/{stem}-{name}")).count(), 2, "{name}: at its file and in the directory");
        }
        for said in [
            format!("<title>R</title>\n<metadata>{SOFTWARE}, {PAPER}\nlink: v=1&amp;a=&lt;\nseed: 7\n</metadata></svg>"),
            format!("# {SOFTWARE}, {PAPER}\n# link: v=1&a=<\n# seed: 7\nn,d\n1,2\n"),
            format!("{SOFTWARE}, {PAPER}\nlink: https://example.org/#v=1&n=30&seed=7\nseed: 7\n"),
        ] {
            assert!(text.contains(&said), "{said}");
        }
    }
}
