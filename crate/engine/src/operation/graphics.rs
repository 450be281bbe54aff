//! Tensors as kernels of our own take and give them, on a graphics processor.

use burn::backend::tensor::FloatTensor;
use burn::backend::{BackendTensor, Cube, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind, TensorMetadata};
use burn::tensor::{DType, Tensor};

/// Whether a tensor's numbers are on a graphics processor.
pub(super) fn holds<const D: usize>(x: &Tensor<D>) -> bool {
    matches!(x.clone().into_dispatch().kind, DispatchTensorKind::Cube(_))
}

/// A tensor's numbers on a graphics processor. None where they are elsewhere, in another format than f32, or on the tape.
pub(super) fn numbers<const D: usize>(x: &Tensor<D>) -> Option<FloatTensor<Cube>> {
    match x.clone().into_dispatch().kind {
        DispatchTensorKind::Cube(BackendTensor::Float(x)) if x.dtype() == DType::F32 => Some(x),
        _ => None,
    }
}

/// What a kernel has written, as a tensor, through which no gradient goes.
pub(super) fn tensor<const D: usize>(numbers: FloatTensor<Cube>) -> Tensor<D> {
    let kind = DispatchTensorKind::Cube(BackendTensor::Float(numbers));
    Tensor::from_dispatch(DispatchTensor { kind, autodiff: DispatchAutodiffContext::Disabled })
}
