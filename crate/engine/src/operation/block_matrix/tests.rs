//! Blocks on a graphics processor hold the numbers that they hold on the CPU.

use super::BlockMatrix;
use crate::block::BlockType;
use crate::device::{TensorSpec, cpu, webgpu};
use crate::operation::FEW_ROWS;
use burn::tensor::{DType, Tensor, TensorData};
use glasses_contract::device::DeviceKind;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Outputs of a matrix whose bytes end within a word in the types that allow it.
const OUTPUTS: usize = 131;

/// Random bytes, with all that a file may have: scales of either sign, and subnormal ones; none that is no number.
fn blocks(of: BlockType, inputs: usize, random: &mut ChaCha8Rng) -> Vec<u8> {
    let count = inputs / of.values() * OUTPUTS;
    let mut bytes: Vec<u8> = (0..count * of.bytes()).map(|_| random.next_u32() as u8).collect();
    while let Some(place) = of.first_not_finite(&bytes) {
        let block = place / of.values() * of.bytes();
        bytes[block..block + of.bytes()].iter_mut().for_each(|byte| *byte = random.next_u32() as u8);
    }
    bytes
}

/// The numbers on the CPU, output by output.
fn numbers(of: BlockType, bytes: &[u8], inputs: usize) -> Vec<f32> {
    let mut values = vec![0.0; inputs * OUTPUTS];
    of.read(bytes, &mut values);
    values
}

fn bits(x: Tensor<2>) -> Vec<u32> {
    x.into_data().try_to_vec::<f32>().expect("a tensor of f32").into_iter().map(f32::to_bits).collect()
}

#[test]
fn numbers_are_those_of_the_cpu_bit_for_bit_and_so_are_products_but_for_the_order() {
    let gpu = pollster::block_on(webgpu()).expect("an adapter");
    assert_eq!(gpu.kind, DeviceKind::WebGpu);
    let mut random = ChaCha8Rng::seed_from_u64(5);
    for of in BlockType::ALL {
        // Rows of numbers without blocks may have any length.
        let inputs = if of.values() == 1 { 75 } else { 512 };
        let bytes = blocks(of, inputs, &mut random);
        let values = numbers(of, &bytes, inputs);
        assert!(BlockMatrix::new(of, &bytes, [inputs, OUTPUTS], &cpu().device).is_none(), "a processor reads them where they are");
        let matrix = BlockMatrix::new(of, &bytes, [inputs, OUTPUTS], &gpu.device).expect("a graphics processor");
        assert!(matrix.is_on(&gpu.device) && matrix.bytes() == bytes.len());
        let row = |output: usize| values[output * inputs..][..inputs].iter().map(|value| value.to_bits());
        let expected = |outputs: &[usize]| outputs.iter().flat_map(|&output| row(output)).collect::<Vec<u32>>();

        let all: Vec<usize> = (0..OUTPUTS).collect();
        assert!(bits(BlockMatrix::columns(&[(&matrix, 0..OUTPUTS)]).transpose()) == expected(&all), "{}", of.name());
        // Some of one beside some of another.
        let beside: Vec<usize> = (17..101).chain(3..4).collect();
        assert!(bits(BlockMatrix::columns(&[(&matrix, 17..101), (&matrix, 3..4)]).transpose()) == expected(&beside), "{}", of.name());
        let chosen = [130, 0, 7, 7, 64];
        let places = TensorSpec::single(&gpu.device).indices(chosen);
        assert!(bits(matrix.rows(places)) == expected(&chosen), "{}", of.name());

        if of.values() == 1 && of != BlockType::F16 {
            // Sums of numbers of any size say nothing.
            continue;
        }
        for rows in [1, FEW_ROWS, FEW_ROWS + 1] {
            let x: Vec<f32> = (0..rows * inputs).map(|_| random.next_u32() as f32 / u32::MAX as f32 - 0.5).collect();
            let on_gpu = Tensor::<2>::from_data(TensorData::new(x.clone(), [rows, inputs]), (&gpu.device, DType::F32));
            let Some(product) = BlockMatrix::product(&[&matrix, &matrix], &on_gpu) else {
                assert_eq!(rows, FEW_ROWS + 1);
                continue;
            };
            let found = product.into_data().try_to_vec::<f32>().expect("a tensor of f32");
            assert_eq!(found.len(), rows * 2 * OUTPUTS);
            for (at, found) in found.into_iter().enumerate() {
                let (row, output) = (at / (2 * OUTPUTS), at % OUTPUTS);
                let terms = x[row * inputs..][..inputs].iter().zip(&values[output * inputs..][..inputs]);
                let terms: Vec<f64> = terms.map(|(x, weight)| f64::from(*x) * f64::from(*weight)).collect();
                let (sum, size) = (terms.iter().sum::<f64>(), terms.iter().map(|term| term.abs()).sum::<f64>());
                // Of 512 terms in f32: far less than this many roundings of 2⁻²⁴ each.
                assert!((f64::from(found) - sum).abs() <= 1e-5 * size, "{} {rows} {at}: {found} {sum}", of.name());
            }
        }
    }
}
