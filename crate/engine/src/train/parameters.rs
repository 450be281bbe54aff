//! The weights as tensors on a device, each flat, by name.

use crate::device::{self, DeviceFailed, TensorSpec};
use crate::transformer::Source;
use crate::weights::{Array, Weights};
use burn::tensor::Tensor;
use glasses_contract::config::Formats;
use std::collections::BTreeMap;

/// Weights that are being trained.
pub(super) struct Parameters {
    parameters: BTreeMap<String, Parameter>,
}

impl Source for Parameters {
    fn flat(&self, name: &str, shape: &[usize], _: &Formats, _: &TensorSpec) -> Option<Tensor<1>> {
        self.get(name).filter(|parameter| parameter.shape == shape).map(|parameter| parameter.flat.clone())
    }

    fn is_trained(&self) -> bool {
        true
    }
}

/// One array of weights.
pub(super) struct Parameter {
    /// Its extent along each axis.
    pub shape: Vec<usize>,
    /// Its numbers; the last axis runs fastest.
    pub flat: Tensor<1>,
}

impl Parameters {
    /// Puts weights on a device.
    pub(super) fn new(weights: &Weights, spec: &TensorSpec) -> Self {
        let on_device = |(name, array): (&str, &Array)| {
            let flat = spec.floats(array.values.iter().map(|&value| f64::from(value)), [array.values.len()]);
            (name.to_string(), Parameter { shape: array.shape.clone(), flat })
        };
        Self { parameters: weights.arrays().map(on_device).collect() }
    }

    /// The array with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Parameter> {
        self.parameters.get(name)
    }

    /// The same numbers, as leaves that gradients are wanted of.
    pub(super) fn tracked(&self) -> Self {
        let track = |(name, parameter): (&String, &Parameter)| {
            let flat = parameter.flat.clone().autodiff().require_grad();
            (name.clone(), Parameter { shape: parameter.shape.clone(), flat })
        };
        Self { parameters: self.parameters.iter().map(track).collect() }
    }

    /// What a function makes of each array, where it makes something.
    pub(super) fn each<T>(&self, mut make: impl FnMut(&str, &Tensor<1>) -> Option<(String, T)>) -> BTreeMap<String, T> {
        self.parameters.iter().filter_map(|(name, parameter)| make(name, &parameter.flat)).collect()
    }

    /// Gives an array new numbers.
    pub(super) fn set(&mut self, name: &str, flat: Tensor<1>) {
        if let Some(parameter) = self.parameters.get_mut(name) {
            parameter.flat = flat;
        }
    }

    /// Reads all numbers off the device.
    pub(super) async fn read(&self) -> Result<Weights, DeviceFailed> {
        let tensors = self.parameters.values().map(|parameter| parameter.flat.clone()).collect();
        let numbers = device::read(tensors).await?;
        let array = |((name, parameter), values): ((&String, &Parameter), Vec<f64>)| {
            let values = values.into_iter().map(|value| value as f32).collect();
            (name.clone(), Array { shape: parameter.shape.clone(), values })
        };
        Ok(Weights::from_arrays(self.parameters.iter().zip(numbers).map(array)))
    }
}
