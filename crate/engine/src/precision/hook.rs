//! Rounding as a hook.

use super::Grid;
use crate::hook::Hook;
use crate::operation;
use burn::tensor::Tensor;
use glasses_contract::config::Formats;
use glasses_contract::site::Site;

/// Rounds what passes its sites: attention weights to one grid, scores not at all, everything else to another.
#[derive(Clone, Copy, Debug)]
pub struct Rounding {
    activations: Option<Grid>,
    attention: Option<Grid>,
    differentiable: bool,
}

impl Rounding {
    /// What a model's formats ask for.
    pub fn of(formats: &Formats) -> Self {
        let grid = |format| Grid::of(format, formats.bits);
        Self { activations: grid(formats.activations), attention: grid(formats.attention), differentiable: false }
    }

    /// The same for tensors that gradients flow through: rounding counts as the identity there, since its true derivative is zero
    /// almost everywhere (the straight-through estimator, Bengio et al. 2013, arXiv 1308.3432).
    pub fn straight_through(self) -> Self {
        Self { differentiable: true, ..self }
    }

    fn grid(&self, site: Site) -> Option<Grid> {
        match site {
            Site::Scores(_) => None,
            Site::Weights(_) => self.attention,
            _ => self.activations,
        }
    }

    fn apply<const D: usize>(&self, site: Site, x: Tensor<D>) -> Tensor<D> {
        match self.grid(site) {
            Some(grid) if self.differentiable => operation::round_straight_through(x, grid),
            Some(grid) => operation::round(x, grid),
            None => x,
        }
    }
}

impl Hook for Rounding {
    fn stream(&mut self, site: Site, x: Tensor<3>) -> Tensor<3> {
        self.apply(site, x)
    }

    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        self.apply(site, x)
    }

    fn wants(&self, site: Site) -> bool {
        self.grid(site).is_some()
    }
}
