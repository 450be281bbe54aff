//! Hooks: looking at, or replacing, a tensor at a named place in the forward pass.
//!
//! Recording and rounding are hooks, so the model has no `if recording` and no `if rounding`.

use burn::tensor::Tensor;
use glasses_contract::site::Site;
use std::ops::Range;

/// Sees the tensor at every [`Site`] and says what flows on.
///
/// Attention scores and weights pass in blocks of query rows, in order; everything else passes whole.
pub trait Hook {
    /// A tensor of the residual stream's shape, [batch, rows, width].
    fn stream(&mut self, _site: Site, x: Tensor<3>) -> Tensor<3> {
        x
    }

    /// A tensor with an axis for heads, [batch, head, rows, …].
    fn heads(&mut self, _site: Site, x: Tensor<4>) -> Tensor<4> {
        x
    }

    /// Whether it looks at what passes here, or replaces it. Where it does not, the model need not make a tensor of it.
    fn wants(&self, _site: Site) -> bool {
        true
    }

    /// Whether it may put something else in the place of what passes here. Where it only looks, the model may go on before it has looked.
    fn replaces(&self, site: Site) -> bool {
        self.wants(site)
    }
}

/// Lets everything through.
pub struct NoHook;

impl Hook for NoHook {
    fn wants(&self, _site: Site) -> bool {
        false
    }
}

impl<Other: Hook + ?Sized> Hook for &mut Other {
    fn stream(&mut self, site: Site, x: Tensor<3>) -> Tensor<3> {
        (**self).stream(site, x)
    }

    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        (**self).heads(site, x)
    }

    fn wants(&self, site: Site) -> bool {
        (**self).wants(site)
    }

    fn replaces(&self, site: Site) -> bool {
        (**self).replaces(site)
    }
}

/// Two hooks, one behind the other.
impl<First: Hook, Second: Hook> Hook for (First, Second) {
    fn stream(&mut self, site: Site, x: Tensor<3>) -> Tensor<3> {
        let x = self.0.stream(site, x);
        self.1.stream(site, x)
    }

    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        let x = self.0.heads(site, x);
        self.1.heads(site, x)
    }

    fn wants(&self, site: Site) -> bool {
        self.0.wants(site) || self.1.wants(site)
    }

    fn replaces(&self, site: Site) -> bool {
        self.0.replaces(site) || self.1.replaces(site)
    }
}

/// Keeps the tensors at the sites that are wanted. They stay on the device; clones share their memory.
pub struct Recorder<Wanted: Fn(Site) -> bool> {
    wanted: Wanted,
    streams: Vec<(Site, Tensor<3>)>,
    heads: Vec<(Site, Tensor<4>)>,
}

impl<Wanted: Fn(Site) -> bool> Recorder<Wanted> {
    /// A recorder of these sites.
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, streams: Vec::new(), heads: Vec::new() }
    }

    /// What passed at this site, [batch, rows, width].
    pub fn stream(&self, site: Site) -> Option<Tensor<3>> {
        self.streams.iter().find(|(seen, _)| *seen == site).map(|(_, x)| x.clone())
    }

    /// The attention weights of some heads of a layer over so many keys, [batch, head, rows, keys]. A block knows only the keys up to its
    /// last row; what follows has no weight.
    pub fn weights(&self, layer: usize, heads: Range<usize>, keys: usize) -> Tensor<4> {
        let blocks = self.head_blocks(Site::Weights(layer)).into_iter().map(|block| {
            let known = block.dims()[3];
            block.narrow(1, heads.start, heads.len()).pad((0, keys - known, 0, 0), 0.0)
        });
        Tensor::cat(blocks.collect(), 2)
    }

    /// What passed at this site, block after block.
    pub fn head_blocks(&self, site: Site) -> Vec<Tensor<4>> {
        self.heads.iter().filter(|(seen, _)| *seen == site).map(|(_, x)| x.clone()).collect()
    }
}

impl<Wanted: Fn(Site) -> bool> Hook for Recorder<Wanted> {
    fn stream(&mut self, site: Site, x: Tensor<3>) -> Tensor<3> {
        if (self.wanted)(site) {
            self.streams.push((site, x.clone()));
        }
        x
    }

    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        if (self.wanted)(site) {
            self.heads.push((site, x.clone()));
        }
        x
    }

    fn wants(&self, site: Site) -> bool {
        (self.wanted)(site)
    }

    fn replaces(&self, _site: Site) -> bool {
        false
    }
}
