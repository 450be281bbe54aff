//! The rows of a study, and which points they are of. Whatever ends the program, a point is in the file whole or not at all, and once.
//!
//! A point's rows are written and are on the disk before its line in the list of points is: the line says where they end. What stands
//! behind the last such end was cut off in the middle, and is taken away before the study goes on.

use super::Sink;
use crate::failure::{Failure, words};
use crate::input;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// More than the list of the most points takes.
const MOST_BYTES: u64 = 64 << 20;

/// The rows, and the points that they are of.
#[derive(Debug)]
pub struct Ledger {
    rows: (File, PathBuf),
    points: (File, PathBuf),
    /// Where the last whole point ends.
    end: u64,
    held: BTreeSet<usize>,
}

impl Ledger {
    /// Begins a study, or goes on with it.
    ///
    /// # Errors
    /// If the files can't be read or written, or are of another study.
    pub fn open(rows: &Path, points: &Path, identity: &str, header: &str) -> Result<Self, Failure> {
        let known = if points.exists() { input::read(points, MOST_BYTES)? } else { Vec::new() };
        let known = String::from_utf8(known).map_err(|_| Failure::unreadable(points, "it is no list of points"))?;
        let mut lines = known.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(str::trim_end);
        let begun = lines.next();
        if begun.is_none() && rows.metadata().is_ok_and(|file| file.len() > 0) {
            return Err(Failure::unwritable(rows, "it is there, and no list of points says what is in it: name another --out"));
        }
        if begun.is_some_and(|begun| begun != identity) {
            return Err(Failure::unwritable(rows, "it is of another study, or of another version of Glasses: name another --out"));
        }
        let mut held = BTreeSet::new();
        let mut end = header.len() as u64;
        for line in lines {
            if let Some((point, behind)) =
                line.split_once(' ').and_then(|(point, behind)| Some((point.parse().ok()?, behind.parse().ok()?)))
            {
                held.insert(point);
                end = behind;
            }
        }
        let whole_lines = known.rfind('\n').map_or(0, |last| last + 1);
        let mut ledger = Self { rows: appending(rows)?, points: appending(points)?, end, held };
        cut(&mut ledger.points, whole_lines as u64)?;
        if begun.is_none() {
            write(&mut ledger.points, &format!("{identity}\n"))?;
        }
        if ledger.held.is_empty() {
            cut(&mut ledger.rows, 0)?;
            write(&mut ledger.rows, header)?;
        } else {
            ledger.require_whole(rows)?;
            cut(&mut ledger.rows, end)?;
        }
        Ok(ledger)
    }

    /// A file that is shorter than its list says has been changed by somebody else.
    fn require_whole(&mut self, rows: &Path) -> Result<(), Failure> {
        let length = self.rows.0.metadata().map_err(|error| Failure::unreadable(rows, words(&error)))?.len();
        let mut last = [0; 1];
        let ends_a_line = length >= self.end
            && self.rows.0.seek(SeekFrom::Start(self.end.saturating_sub(1))).is_ok()
            && self.rows.0.read_exact(&mut last).is_ok()
            && last == [b'\n'];
        if ends_a_line { Ok(()) } else { Err(Failure::unwritable(rows, "it was changed since the study was stopped: name another --out")) }
    }
}

/// In a file. Where rows can't be written, it is as it was, but for a piece that the next run takes away.
impl Sink for Ledger {
    fn holds(&self, point: usize) -> bool {
        self.held.contains(&point)
    }

    fn put(&mut self, point: usize, rows: String) -> Result<(), Failure> {
        write(&mut self.rows, &rows)?;
        self.end += rows.len() as u64;
        write(&mut self.points, &format!("{point} {}\n", self.end))?;
        self.held.insert(point);
        Ok(())
    }
}

fn cut((file, path): &mut (File, PathBuf), length: u64) -> Result<(), Failure> {
    file.set_len(length).map_err(|error| Failure::unwritten(path.display().to_string(), error))
}

fn appending(path: &Path) -> Result<(File, PathBuf), Failure> {
    let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
    opened.map(|file| (file, path.to_path_buf())).map_err(|error| Failure::unwritable(path, words(&error)))
}

/// Writes a piece, to the disk.
fn write((file, path): &mut (File, PathBuf), text: &str) -> Result<(), Failure> {
    file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(|error| Failure::unwritten(path.display().to_string(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const HEADER: &str = "point,value\n";

    #[test]
    fn wherever_it_is_cut_off_it_goes_on_with_whole_points() {
        let folder = tempfile::tempdir().unwrap();
        let (rows, points) = (folder.path().join("s.csv"), folder.path().join("s.points"));
        let open = || Ledger::open(&rows, &points, "id", HEADER).unwrap();
        let mut ledger = open();
        ledger.put(2, "2,a\n2,b\n".into()).unwrap();
        ledger.put(0, "0,c\n".into()).unwrap();
        drop(ledger);
        let (whole_rows, whole_points) = (fs::read(&rows).unwrap(), fs::read(&points).unwrap());
        assert_eq!(String::from_utf8_lossy(&whole_rows), "point,value\n2,a\n2,b\n0,c\n");
        // The rows are written before the line that says so.
        for kept in "id\n".len()..=whole_points.len() {
            // Twice, for what the first try makes of a line that was cut off is what the second one finds.
            fs::write(&points, &whole_points[..kept]).unwrap();
            fs::write(&rows, &whole_rows).unwrap();
            drop(open());
            let mut ledger = open();
            for (point, text) in [(0, "0,c\n"), (2, "2,a\n2,b\n")] {
                if !ledger.holds(point) {
                    ledger.put(point, text.into()).unwrap();
                }
            }
            drop(ledger);
            let written = fs::read_to_string(&rows).unwrap();
            let mut lines: Vec<_> = written.lines().collect();
            lines.sort_unstable();
            assert_eq!(lines, ["0,c", "2,a", "2,b", "point,value"], "cut off at {kept}");
            let again = open();
            assert!(again.holds(0) && again.holds(2));
        }
    }

    #[test]
    fn what_is_of_another_study_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (rows, points) = (folder.path().join("s.csv"), folder.path().join("s.points"));
        fs::write(&rows, "somebody's\n").unwrap();
        assert!(Ledger::open(&rows, &points, "id", HEADER).unwrap_err().to_string().contains("no list of points"));
        assert_eq!(fs::read_to_string(&rows).unwrap(), "somebody's\n");
        fs::remove_file(&rows).unwrap();
        // The name of a study that was cut off before its first row.
        fs::write(&points, "i").unwrap();
        Ledger::open(&rows, &points, "id", HEADER).unwrap().put(1, "1,a\n".into()).unwrap();
        assert!(Ledger::open(&rows, &points, "other", HEADER).unwrap_err().to_string().contains("another study"));
        fs::write(&rows, "point,value\n1").unwrap();
        assert!(Ledger::open(&rows, &points, "id", HEADER).unwrap_err().to_string().contains("was changed"));
    }
}
