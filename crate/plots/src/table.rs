//! The numbers behind a picture, as a table: for CSV files and for people who do not see pictures.

use glasses_contract::{real, say};

/// A table with named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// One for each column.
    pub columns: Vec<Column>,
    /// The rows, each as long as [`Table::columns`].
    pub rows: Vec<Vec<Cell>>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: “L∞ distance, layer 2”.
    pub name: String,
    /// The unit, or how the number was computed; empty where there is none.
    pub unit: String,
}

/// An entry of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number, such as n.
    Count(usize),
    /// A measured number, perhaps not finite.
    Number(f64),
    /// There is no such number, as with the heads of the embedding.
    Missing,
}

impl Column {
    /// A column without a unit.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: String::new() }
    }

    /// A column with a unit.
    pub fn with_unit(name: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { name: name.into(), unit: unit.into() }
    }

    /// Name and unit, as a column's heading.
    pub fn heading(&self) -> String {
        if self.unit.is_empty() { self.name.clone() } else { say!("{} ({})", self.name, self.unit) }
    }
}

impl Cell {
    /// As people read it: see [`crate::number::short`].
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => crate::number::short(*number),
            Self::Missing => "–".into(),
        }
    }

    /// As a JSON value: what is missing is null; what is not finite is a text, for JSON has no number for it.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Count(count) => (*count).into(),
            Self::Number(number) if number.is_finite() => (*number).into(),
            Self::Missing => serde_json::Value::Null,
            other => other.exact().into(),
        }
    }

    /// As programs read it: every digit; `NaN`, `Infinity` and `-Infinity` as in a report; nothing where the number is missing.
    pub fn exact(&self) -> String {
        match self {
            Self::Number(number) if !number.is_finite() => real::name(*number).into(),
            Self::Number(number) if *number != 0.0 && !(1e-5..1e15).contains(&number.abs()) => format!("{number:e}"),
            Self::Number(number) => number.to_string(),
            Self::Missing => String::new(),
            other => other.shown(),
        }
    }
}

impl Table {
    /// Comma-separated values as RFC 4180 writes them, headings first. A figure's own are English: [`crate::Figure::csv`].
    pub fn csv(&self) -> String {
        let mut csv = csv_line(self.columns.iter().map(Column::heading), "\r\n");
        for row in &self.rows {
            csv.push_str(&csv_line(row.iter().map(Cell::exact), "\r\n"));
        }
        csv
    }
}

/// A line of comma-separated values, quoted where RFC 4180 says so.
pub fn csv_line(cells: impl Iterator<Item = String>, end: &str) -> String {
    let quoted = |cell: String| {
        if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    cells.map(quoted).collect::<Vec<_>>().join(",") + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it_and_keeps_every_digit() {
        let table = Table {
            columns: vec![Column::new("token"), Column::with_unit("distance", "L∞"), Column::new("a, b")],
            rows: vec![
                vec![Cell::Text("\"".into()), Cell::Number(0.1 + 0.2), Cell::Missing],
                vec![Cell::Text(",".into()), Cell::Number(f64::NAN), Cell::Number(1e-300)],
                vec![Cell::Count(7), Cell::Number(f64::INFINITY), Cell::Number(0.0)],
            ],
        };
        assert_eq!(table.csv(), "token,distance (L∞),\"a, b\"\r\n\"\"\"\",0.30000000000000004,\r\n\",\",NaN,1e-300\r\n7,Infinity,0\r\n");
        assert_eq!(Cell::Number(f64::NEG_INFINITY).json(), "-Infinity");
    }
}
