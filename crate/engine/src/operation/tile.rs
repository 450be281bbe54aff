//! A product of matrices by tiles, whose sums stay in a processor's vector registers while they grow.
//!
//! The numbers of both sides lie in the order in which they are wanted: rows in groups of [`ROWS`], for each coordinate one beside the other, and
//! columns in panels of [`LANES`], likewise. Every sum is taken from the first coordinate to the last, one by one, whatever number of rows and
//! columns there are: parts of a product have the same bits as the whole.

use std::ops::Range;

/// Rows that go through together.
const ROWS: usize = 4;
/// Columns that lie side by side. Vectors by type: whether the compiler makes vectors of arrays depends on how the crate is built.
pub type Lanes = wide::f32x8;
pub const LANES: usize = 8;
/// Rows left over of groups that go through one by one: as many as that takes less time for than a group that is filled up.
const ALONE: usize = 2;
/// Panels that a single row goes through together: of one alone each addition would wait for the one before it.
const PANELS: usize = 4;

/// A group of rows times a panel, [row], added to what there is.
#[inline(always)]
fn group(mut sums: [Lanes; ROWS], rows: &[[f32; ROWS]], panel: &[Lanes]) -> [Lanes; ROWS] {
    for (x, lanes) in rows.iter().zip(panel) {
        sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += Lanes::splat(*x) * *lanes);
    }
    sums
}

/// One row times some panels, [panel], added to what there is.
#[inline(always)]
fn single<const P: usize>(mut sums: [Lanes; P], row: &[f32], panels: [&[Lanes]; P]) -> [Lanes; P] {
    let panels = panels.map(|panel| &panel[..row.len()]);
    for (index, x) in row.iter().enumerate() {
        sums.iter_mut().zip(panels).for_each(|(sum, panel)| *sum += Lanes::splat(*x) * panel[index]);
    }
    sums
}

/// Rows of numbers, each `width` long and `stride` behind the one before.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub numbers: &'a [f32],
    pub stride: usize,
    pub width: usize,
    pub count: usize,
}

impl<'a> Rows<'a> {
    pub fn row(&self, row: usize) -> &'a [f32] {
        &self.numbers[row * self.stride..][..self.width]
    }

    /// Some columns of them.
    pub fn columns(&self, columns: Range<usize>) -> Self {
        Self { numbers: &self.numbers[columns.start..], width: columns.len(), ..*self }
    }

    /// Rows from one on, at most so many.
    pub fn part(&self, first: usize, most: usize) -> Self {
        Self { numbers: &self.numbers[first * self.stride..], count: most.min(self.count - first), ..*self }
    }
}

/// Rows in the order in which they are multiplied.
pub struct Arranged {
    width: usize,
    /// Rows in groups.
    grouped: usize,
    /// Groups of rows: for each, [coordinate][row]. The last is filled up with zeros where it lacks rows.
    groups: Vec<[f32; ROWS]>,
    /// The last rows, one behind the other, where they would be no more than [`ALONE`] of a group.
    alone: Vec<f32>,
}

impl Arranged {
    pub fn new(rows: Rows<'_>) -> Self {
        let left = rows.count % ROWS;
        let grouped = if left <= ALONE { rows.count - left } else { rows.count };
        let alone = (grouped..rows.count).flat_map(|row| rows.row(row)).copied().collect();
        let mut groups = vec![[0.0; ROWS]; grouped.div_ceil(ROWS) * rows.width];
        for row in 0..grouped {
            let group = &mut groups[row / ROWS * rows.width..][..rows.width];
            group.iter_mut().zip(rows.row(row)).for_each(|(place, x)| place[row % ROWS] = *x);
        }
        Self { width: rows.width, grouped, groups, alone }
    }

    /// Adds the products with some panels to the columns of `out` that begin at one, where rows are `stride` numbers apart.
    pub fn add_times(&self, panels: &[Lanes], out: &mut [f32], stride: usize, first: usize) {
        let width = self.width.max(1);
        for (at, panel) in panels.chunks_exact(width).enumerate() {
            let from = first + at * LANES;
            for (rows, out) in self.groups.chunks_exact(width).zip(out.chunks_mut(ROWS * stride)) {
                let mut sums = [Lanes::ZERO; ROWS];
                sums.iter_mut().zip(out.chunks(stride)).for_each(|(sums, out)| *sums = read(&out[from..]));
                let sums = group(sums, rows, panel);
                sums.iter().zip(out.chunks_mut(stride)).for_each(|(sums, out)| write(sums, &mut out[from..]));
            }
        }
        let behind = out.get_mut(self.grouped * stride..).unwrap_or_default();
        for (row, out) in self.alone.chunks_exact(width).zip(behind.chunks_mut(stride)) {
            let mut together = panels.chunks_exact(PANELS * width);
            let mut from = first;
            for panels in &mut together {
                let sums = std::array::from_fn(|panel| read(&out[from + panel * LANES..]));
                for sums in single::<PANELS>(sums, row, std::array::from_fn(|panel| &panels[panel * width..][..width])) {
                    write(&sums, &mut out[from..]);
                    from += LANES;
                }
            }
            for panel in together.remainder().chunks_exact(width) {
                write(&single([read(&out[from..])], row, [panel])[0], &mut out[from..]);
                from += LANES;
            }
        }
    }
}

/// Sums from the places there are: of the last panel's columns some may be none of the matrix.
#[inline(always)]
fn read(out: &[f32]) -> Lanes {
    match out.first_chunk() {
        Some(out) => Lanes::new(*out),
        None => Lanes::new(std::array::from_fn(|lane| out.get(lane).copied().unwrap_or(0.0))),
    }
}

/// Sums into the places there are.
#[inline(always)]
fn write(sums: &Lanes, out: &mut [f32]) {
    let sums = sums.as_array();
    match out.first_chunk_mut() {
        Some(out) => *out = *sums,
        None => out.iter_mut().zip(sums).for_each(|(out, sum)| *out = *sum),
    }
}
