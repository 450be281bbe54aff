//! Tensors as loops of our own take and give them, on the processor.

use burn::backend::tensor::FloatTensor;
use burn::backend::{BackendTensor, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind, Flex};
use burn::tensor::{DType, Tensor};

/// A tensor's numbers on the processor, however they lie. None where they are elsewhere, in another format than f32, or on the tape.
pub(super) fn numbers<const D: usize>(x: &Tensor<D>) -> Option<FloatTensor<Flex>> {
    match x.clone().into_dispatch().kind {
        DispatchTensorKind::Flex(BackendTensor::Float(x)) if x.dtype() == DType::F32 => Some(x),
        _ => None,
    }
}

/// What a loop has written, as a tensor, through which no gradient goes.
pub(super) fn tensor<const D: usize>(numbers: FloatTensor<Flex>) -> Tensor<D> {
    let kind = DispatchTensorKind::Flex(BackendTensor::Float(numbers));
    Tensor::from_dispatch(DispatchTensor { kind, autodiff: DispatchAutodiffContext::Disabled })
}
