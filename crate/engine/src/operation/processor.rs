//! Tensors as loops of our own take and give them, on the processor.

use burn::backend::tensor::FloatTensor;
use burn::backend::{BackendTensor, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind, Flex};
use burn::tensor::{DType, Tensor};

/// A tensor's numbers in single precision, one behind the other in the order of its axes. The tensor again where they are elsewhere, in another
/// format, or on the tape.
pub(super) fn numbers<const D: usize>(x: Tensor<D>) -> Result<FloatTensor<Flex>, Box<Tensor<D>>> {
    let DispatchTensor { kind, autodiff } = x.into_dispatch();
    match kind {
        DispatchTensorKind::Flex(BackendTensor::Float(x)) if x.dtype() == DType::F32 => Ok(x.to_contiguous()),
        kind => Err(Box::new(Tensor::from_dispatch(DispatchTensor { kind, autodiff }))),
    }
}

/// What a loop has written, as a tensor, through which no gradient goes.
pub(super) fn tensor<const D: usize>(numbers: FloatTensor<Flex>) -> Tensor<D> {
    let kind = DispatchTensorKind::Flex(BackendTensor::Float(numbers));
    Tensor::from_dispatch(DispatchTensor { kind, autodiff: DispatchAutodiffContext::Disabled })
}
