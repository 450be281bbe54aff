//! A graphics processor beside the CPU: rounding bit for bit, in every format; forwards, and answers of a language model, to the accuracy of f32.
//!
//! `cargo test -p glasses-engine --features flex,webgpu --test gpu`. Any adapter will do; Mesa's llvmpipe is one made of software.

#[path = "gpu/language_model.rs"]
mod language_model;

use burn::tensor::{DType, Device, Tensor, TensorData};
use glasses_contract::Choice;
use glasses_contract::alphabet::Token;
use glasses_contract::config::Format;
use glasses_contract::device::DeviceKind;
use glasses_contract::limits;
use glasses_engine::NoProgress;
use glasses_engine::device::{Compute, TensorSpec, cpu, webgpu};
use glasses_engine::hook::{Hook, NoHook, Recorder};
use glasses_engine::precision::{Grid, round, round_straight_through};
use glasses_engine::transformer::Transformer;
use glasses_engine::weights::Weights;
use std::sync::LazyLock;

/// The graphics processor, asked for once, because a process can have its default adapter only once.
static GPU: LazyLock<Compute> = LazyLock::new(|| {
    let gpu = pollster::block_on(webgpu()).expect("an adapter");
    say(&gpu);
    gpu
});

/// The adapter, by name: what these tests say is said of it.
#[expect(clippy::print_stdout, reason = "shown with --nocapture, and with a test that fails")]
fn say(gpu: &Compute) {
    assert_eq!(gpu.kind, DeviceKind::WebGpu);
    println!("computed by {}, {:?}", gpu.name, gpu.adapter);
}

/// Every format at every number of mantissa bits.
fn grids() -> Vec<(Format, Grid)> {
    let all = Format::ALL.iter().flat_map(|&format| limits::BITS.map(move |bits| (format, Grid::of(format, bits))));
    let mut grids: Vec<(Format, Grid)> = all.filter_map(|(format, grid)| Some((format, grid?))).collect();
    grids.dedup();
    grids
}

/// All signs, exponents and seven leading mantissa bits, each with all that may follow where rounding can change its mind: a number of
/// the format, the middle between an even number and an odd one and between an odd one and an even one, and what lies beside them.
fn critical() -> Vec<u32> {
    let middles = (0..=16).flat_map(|place| [1_u32 << place, 3 << place]);
    let tails: Vec<u32> = middles.flat_map(|middle| [middle - 1, middle, middle + 1]).collect();
    (0..=u32::from(u16::MAX)).flat_map(|top| tails.iter().map(move |tail| (top << 16).wrapping_add(*tail))).collect()
}

fn tensor<const D: usize>(bits: &[u32], shape: [usize; D], device: &Device) -> Tensor<D> {
    let numbers: Vec<f32> = bits.iter().copied().map(f32::from_bits).collect();
    Tensor::from_data(TensorData::new(numbers, shape), (device, DType::F32))
}

fn bits<const D: usize>(x: Tensor<D>) -> Vec<u32> {
    let numbers = x.into_data().try_to_vec::<f32>().expect("a tensor of f32");
    numbers.into_iter().map(f32::to_bits).collect()
}

#[test]
fn every_number_becomes_what_it_becomes_on_the_cpu() {
    let all: Vec<u32> = critical().into_iter().chain((0..=u32::MAX).step_by(4099)).collect();
    let on_gpu = tensor(&all, [all.len()], &GPU.device);
    let on_cpu = tensor(&all, [all.len()], &cpu().device);
    let grids = grids();
    assert_eq!(grids.len(), 25, "four formats, and n bits from 2 to 22");
    for (format, grid) in grids {
        let (found, truth) = (bits(round(on_gpu.clone(), grid)), bits(round(on_cpu.clone(), grid)));
        let first = (0..all.len()).find(|&i| found[i] != truth[i] || truth[i] != grid.round_bits(all[i]));
        let first = first.map(|i| format!("{:08x} became {:08x}, not {:08x}", all[i], found[i], truth[i]));
        assert_eq!(first, None, "{format:?} {grid:?}");
    }
}

#[test]
fn a_tensor_is_rounded_however_it_lies_and_leaves_others_alone() {
    let numbers: Vec<u32> = (0..60).map(|i| 0x9E37_79B9_u32.wrapping_mul(i)).collect();
    let views: [fn(Tensor<3>) -> Tensor<3>; 5] = [
        |x| x,
        |x| x.swap_dims(0, 2),
        |x| x.narrow(0, 1, 2),
        |x| x.narrow(2, 1, 3).swap_dims(1, 2),
        |x| x.narrow(1, 2, 1).expand([3, 4, 5]),
    ];
    for (format, grid) in grids() {
        for view in views {
            let x = tensor(&numbers, [3, 4, 5], &GPU.device);
            let truth = bits(round(view(tensor(&numbers, [3, 4, 5], &cpu().device)), grid));
            assert_eq!(bits(round(view(x.clone()), grid)), truth, "{format:?}");
            assert_eq!(bits(round_straight_through(view(x.clone().autodiff()), grid)), truth, "{format:?}");
            assert_eq!(bits(x), numbers);
        }
    }
}

/// y of two sequences side by side.
fn outputs(link: &str, compute: &Compute, hook: &mut impl Hook) -> Vec<f32> {
    let (experiment, _, warnings) = glasses_contract::open::admitted(link);
    assert!(warnings.is_empty(), "{link}: {warnings:?}");
    let model = &experiment.model;
    let spec = TensorSpec::single(&compute.device);
    let transformer = Transformer::new(model, &Weights::draw(model), &spec).expect("a model");
    let tokens: Vec<Token> = (0..70).map(|place| Token(place * 37 % 90)).collect();
    let y = pollster::block_on(transformer.read(&[&tokens[..35], &tokens[35..]], hook, &NoProgress)).expect("nobody stops it");
    y.into_data().try_to_vec::<f32>().expect("a tensor of f32")
}

#[test]
fn a_forward_has_the_numbers_of_the_cpu_whoever_looks_at_it() {
    for link in [
        "v=1",
        "v=1&d=40&heads=5&layers=2&pos=rotary",
        "v=1&d=256&heads=8&layers=2&pos=sinusoidal",
        "v=1&norm=rms&layers=2",
        "v=1&residual=off&layers=2",
        "v=1&mlp=off&layers=2",
        "v=1&mask=both&layers=2&pos=alibi",
    ] {
        let truth = outputs(link, &cpu(), &mut NoHook);
        let fused = outputs(link, &GPU, &mut NoHook);
        // What is looked at at every site is made by one operation after the other.
        let seen = outputs(link, &GPU, &mut Recorder::new(|_| true));
        for made in [fused, seen] {
            let off = made.iter().zip(&truth).map(|(made, truth)| (made - truth).abs()).fold(0.0, f32::max);
            assert!(made.len() == truth.len() && off < 2e-5, "{link}: {off}");
        }
    }
}
