//! The devices. This file and the operations of our own are all that names burn's backends; tensors leave a device here only.

use burn::tensor::{DType, Device, ExecutionError, Int, Tensor, TensorData, Transaction};
use glasses_contract::device::{Adapter, DeviceKind};
use glasses_contract::{Sentence, sentence};

/// A device that is ready to compute.
#[derive(Clone, Debug)]
pub struct Compute {
    /// Burn's handle.
    pub device: Device,
    /// Processor or graphics.
    pub kind: DeviceKind,
    /// What it runs on.
    pub adapter: Adapter,
    /// The adapter by name; empty for the processor.
    pub name: String,
    /// Bytes of the largest tensor that a kernel can read.
    pub most_bytes: u64,
}

/// There is no such device here, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub Sentence);

/// A device that failed while it computed.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct DeviceFailed(Sentence);

impl DeviceFailed {
    /// The clause.
    pub fn sentence(&self) -> Sentence {
        sentence!("the device failed: {}", self.0.clone())
    }

    /// A backward pass came to its end without a gradient of what it began with.
    pub(crate) fn no_gradient() -> Self {
        Self(sentence!("the backward pass gave no gradient of the input"))
    }
}

/// The processor, one thread of it: the same numbers, bit for bit, every time.
#[cfg(feature = "flex")]
pub fn cpu() -> Compute {
    Compute { device: Device::flex(), kind: DeviceKind::Cpu, adapter: Adapter::Processor, name: String::new(), most_bytes: u64::MAX }
}

/// The graphics processor: WebGPU in a browser, the platform's API natively.
///
/// # Errors
/// If there is no adapter, or it refuses a device.
#[cfg(feature = "webgpu")]
pub async fn webgpu() -> Result<Compute, Unavailable> {
    use burn::tensor::wgpu::wgpu::DeviceType;

    let (device, setup) = Device::wgpu_options()
        .init_with_setup_async()
        .await
        .map_err(|error| Unavailable(sentence!("No WebGPU adapter could be had: {}.", error.to_string())))?;
    let info = setup.adapter.get_info();
    let named = |word: &str| [&info.name, &info.driver].into_iter().any(|text| text.to_lowercase().contains(word));
    let software = info.device_type == DeviceType::Cpu || ["swiftshader", "llvmpipe", "basic render"].into_iter().any(named);
    let adapter = if software { Adapter::Software } else { Adapter::Hardware };
    let limits = setup.device.limits();
    let most_bytes = limits.max_buffer_size.min(limits.max_storage_buffer_binding_size);
    Ok(Compute { device, kind: DeviceKind::WebGpu, adapter, name: info.name, most_bytes })
}

/// Where tensors are made, and of what: a device, and the float format that it computes in.
#[derive(Clone, Debug)]
pub struct TensorSpec {
    /// Burn's handle.
    pub device: Device,
    format: DType,
}

impl TensorSpec {
    /// Single precision, which every device has.
    pub fn single(device: &Device) -> Self {
        Self { device: device.clone(), format: DType::F32 }
    }

    /// Double precision: the reference, on the processor only.
    pub fn double(device: &Device) -> Self {
        Self { device: device.clone(), format: DType::F64 }
    }

    /// A tensor of these numbers, each rounded to the format.
    pub fn floats<const D: usize>(&self, values: impl IntoIterator<Item = f64>, shape: [usize; D]) -> Tensor<D> {
        let data = match self.format {
            DType::F64 => TensorData::new(values.into_iter().collect::<Vec<f64>>(), shape),
            _ => TensorData::new(values.into_iter().map(|value| value as f32).collect::<Vec<f32>>(), shape),
        };
        Tensor::from_data(data, (&self.device, self.format))
    }

    /// A vector of numbers in single precision.
    pub fn singles(&self, values: Vec<f32>) -> Tensor<1> {
        let count = values.len();
        match self.format {
            DType::F64 => self.floats(values.into_iter().map(f64::from), [count]),
            _ => Tensor::from_data(TensorData::new(values, [count]), (&self.device, self.format)),
        }
    }

    /// A tensor of indices.
    pub fn indices(&self, values: impl IntoIterator<Item = usize>) -> Tensor<1, Int> {
        let values: Vec<i32> = values.into_iter().map(|value| value as i32).collect();
        let shape = [values.len()];
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }
}

/// Reads tensors from their device, all in one go: a browser may take a tenth of a second for each read.
///
/// # Errors
/// If the device was lost or failed since the last read.
pub async fn read(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f64>>, DeviceFailed> {
    let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let read = transaction.execute_async().await.map_err(|error: ExecutionError| DeviceFailed(Sentence::verbatim(error.to_string())))?;
    let widened = read.into_iter().map(|data| data.convert_dtype(DType::F64).try_to_vec::<f64>());
    widened.map(|values| values.map_err(|error| DeviceFailed(Sentence::verbatim(format!("{error:?}"))))).collect()
}
