//! Products of a few rows with the numbers of blocks, which are nowhere written: each number would go through memory for two operations.
//!
//! For sixteen weights w = (q − c) d + m that share a scale, Σ w x = d Σ (q − c) x + m Σ x. Sums go from the first sixteen to the last, and are the same
//! bits whatever other rows there are.

use super::sixteen::{Block, COUNT};
use super::{BlockType, q4_0::Q4_0, q4_1::Q4_1, q4_k::Q4K, q5_0::Q5_0, q5_1::Q5_1, q5_k::Q5K, q6_k::Q6K, q8_0::Q8_0};
use std::hint::black_box;
use wide::f32x4;

/// Rows of numbers as they are multiplied.
pub struct FewRows {
    rows: Vec<Row>,
}

struct Row {
    numbers: Vec<f32>,
    /// The sum of each sixteen, which their minimum is multiplied with.
    sums: Vec<f32>,
}

impl FewRows {
    /// Rows of one length.
    pub fn new<'a>(rows: impl Iterator<Item = &'a [f32]>) -> Self {
        let row = |numbers: &[f32]| Row { numbers: numbers.into(), sums: numbers.chunks(COUNT).map(|part| part.iter().sum()).collect() };
        Self { rows: rows.map(row).collect() }
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = &[f32]> {
        self.rows.iter().map(|row| row.numbers.as_slice())
    }
}

impl BlockType {
    /// Tells of Σ w x for each of the rows, by its number, with the weights w of whole blocks. False where a type has no scales: nothing is told then.
    pub fn products(self, bytes: &[u8], rows: &FewRows, tell: impl FnMut(usize, f32)) -> bool {
        fetch(bytes);
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => return false,
            Self::Q4_0 => of_all::<Q4_0, _, _>(bytes, rows, tell),
            Self::Q4_1 => of_all::<Q4_1, _, _>(bytes, rows, tell),
            Self::Q5_0 => of_all::<Q5_0, _, _>(bytes, rows, tell),
            Self::Q5_1 => of_all::<Q5_1, _, _>(bytes, rows, tell),
            Self::Q8_0 => of_all::<Q8_0, _, _>(bytes, rows, tell),
            Self::Q4K => of_all::<Q4K, _, _>(bytes, rows, tell),
            Self::Q5K => of_all::<Q5K, _, _>(bytes, rows, tell),
            Self::Q6K => of_all::<Q6K, _, _>(bytes, rows, tell),
        }
        true
    }
}

/// Reads a byte of each line of a processor's cache, so that all of them are on their way from memory at once, and not one after the other as they are
/// wanted. Instructions that say so there are none of in WebAssembly.
fn fetch(bytes: &[u8]) {
    const LINE: usize = 64;
    black_box(bytes.iter().step_by(LINE).fold(0, |all, byte| all ^ byte));
}

/// Two rows at a time: their weights are made once, which is what takes the time. A row that is alone goes through twice rather than by code of its own.
fn of_all<B: Block<BYTES, PARTS>, const BYTES: usize, const PARTS: usize>(bytes: &[u8], rows: &FewRows, mut tell: impl FnMut(usize, f32)) {
    for (pair, rows) in rows.rows.chunks(2).enumerate() {
        if let [one, ..] = rows {
            let products = of_two::<B, BYTES, PARTS>(bytes, [one, rows.last().unwrap_or(one)]);
            rows.iter().zip(products).enumerate().for_each(|(row, (_, product))| tell(2 * pair + row, product));
        }
    }
}

// Inlined, so that sums stay in registers: by itself it takes twice as long.
#[inline(always)]
fn of_two<B: Block<BYTES, PARTS>, const BYTES: usize, const PARTS: usize>(bytes: &[u8], rows: [&Row; 2]) -> [f32; 2] {
    let (mut scaled, mut minima) = ([f32x4::ZERO; 2], [0.0; 2]);
    let numbers = rows.map(|row| row.numbers.as_chunks::<COUNT>().0.as_chunks::<PARTS>().0);
    let sums = rows.map(|row| row.sums.as_chunks::<PARTS>().0);
    let blocks = bytes.as_chunks().0;
    // Of one length all of them, so that no place is asked for whether it is there.
    let count = numbers.iter().fold(blocks.len(), |count, numbers| count.min(numbers.len()));
    let (numbers, sums) = (numbers.map(|numbers| &numbers[..count]), sums.map(|sums| &sums[..count]));
    for (at, block) in blocks[..count].iter().enumerate() {
        let mut part = 0;
        B::sixteens(block, |weights| {
            let counted = weights.counted();
            for row in 0..2 {
                let x = numbers[row][at][part].as_chunks().0;
                let [a, b, c, d] = std::array::from_fn(|at| counted[at] * f32x4::new(x[at]));
                scaled[row] += ((a + b) + (c + d)) * f32x4::splat(weights.scale);
                if let Some(minimum) = weights.minimum {
                    minima[row] += minimum * sums[row][at][part];
                }
            }
            part += 1;
        });
    }
    [0, 1].map(|row| scaled[row].to_array().into_iter().sum::<f32>() + minima[row])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks with numbers of all kinds, in front of them scales of a size.
    fn blocks(of: BlockType, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..count * of.bytes()).map(|at| (at * 37 + at / 7) as u8).collect();
        for block in bytes.chunks_exact_mut(of.bytes()) {
            // 0.05 and −0.2 in half precision.
            of.scales().iter().zip([[0x66, 0x2a], [0x66, 0xb2]]).for_each(|(&at, scale)| block[at..at + 2].copy_from_slice(&scale));
        }
        bytes
    }

    #[test]
    fn they_are_those_with_numbers_that_are_read_whatever_other_rows_there_are() {
        for of in BlockType::ALL.into_iter().filter(|of| !of.scales().is_empty()) {
            let bytes = blocks(of, 3);
            let mut weights = vec![0.0; 3 * of.values()];
            of.read(&bytes, &mut weights);
            let rows: Vec<Vec<f32>> =
                (0..5).map(|row| (0..weights.len()).map(|at| ((at * 29 + row * 11) % 101) as f32 / 25.0 - 2.0).collect()).collect();
            let products = |rows: &[Vec<f32>]| {
                let mut products = vec![f32::NAN; rows.len()];
                assert!(of.products(&bytes, &FewRows::new(rows.iter().map(Vec::as_slice)), |row, product| products[row] = product));
                products
            };
            let together = products(&rows);
            for (row, product) in rows.iter().zip(&together) {
                let terms = || row.iter().zip(&weights).map(|(x, weight)| f64::from(*x) * f64::from(*weight));
                let (exact, size): (f64, f64) = (terms().sum(), terms().map(f64::abs).sum());
                assert!((f64::from(*product) - exact).abs() < 1e-6 * size, "{}: {product} {exact}", of.name());
                assert_eq!(products(std::slice::from_ref(row)), [*product], "{}", of.name());
            }
        }
    }

    #[test]
    fn numbers_without_a_scale_are_read() {
        let rows = FewRows::new([[1.0; 4].as_slice()].into_iter());
        for of in [BlockType::F32, BlockType::F16, BlockType::Bf16] {
            assert!(!of.products(&[0; 16], &rows, |_, _| panic!("nothing is told")));
        }
    }
}
