//! `controls`: the table that forms, links and documents walk, for people and programs.

use crate::failure::Failure;
use crate::print;
use crate::table::Table;
use glasses_contract::controls::{CONTROLS, Kind};
use glasses_contract::{Config, Word};
use serde_json::json;

/// How to write the table of controls.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// Prints the table.
///
/// # Errors
/// If the standard output can't be written to.
pub fn print(format: Format) -> Result<(), Failure> {
    print::print(&match format {
        Format::Table => table().to_string(),
        Format::Json => serde_json::to_string_pretty(&json())? + "\n",
    })
}

fn table() -> Table {
    let mut table = Table::new(["key", "default", "takes", "help"]);
    for control in CONTROLS {
        table.row([control.key.into(), (control.write)(&Config::default()), control.kind.describe().to_string(), control.help.into()]);
    }
    table
}

fn list(words: &[Word]) -> Vec<serde_json::Value> {
    words.iter().map(|entry| json!({ "word": entry.word, "label": entry.label, "help": entry.help })).collect()
}

/// The table for programs.
pub fn json() -> serde_json::Value {
    let controls = CONTROLS.iter().map(|control| {
        let takes = match &control.kind {
            Kind::Text { max_chars } => json!({ "type": "text", "max_chars": max_chars }),
            Kind::Long { max_written } => json!({ "type": "text", "max_written": max_written }),
            Kind::Links { most, max_written } => json!({ "type": "links", "most": most, "max_written": max_written }),
            Kind::Hash => json!({ "type": "hash", "digits": 8 }),
            Kind::Integer { range, .. } => json!({ "type": "integer", "min": range.start(), "max": range.end() }),
            Kind::Number { range } => json!({ "type": "number", "min": range.start(), "max": range.end() }),
            // A set that was published before others had this form.
            Kind::Members(words) if control.key == "cures" => {
                let cures: Vec<_> = words[1..].iter().map(|entry| json!({ "word": entry.word, "label": entry.label })).collect();
                json!({ "type": "cures", "cures": cures })
            }
            Kind::Members(words) => json!({ "type": "members", "words": list(&words[1..]) }),
            Kind::Words(words) => json!({ "type": "words", "words": list(words) }),
        };
        json!({
            "key": control.key,
            "label": control.label,
            "help": control.help,
            "takes": takes,
            "default": (control.write)(&Config::default()),
        })
    });
    json!({ "link_version": glasses_contract::link::VERSION, "controls": controls.collect::<Vec<_>>() })
}
