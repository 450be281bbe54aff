//! Learned positions (Gehring et al. 2017): a vector of its own for each place, a row of a table.

use crate::transformer::{Loader, MissingWeights};
use burn::tensor::Tensor;
use glasses_contract::config::Model;
use glasses_contract::limits::MAX_TOKENS;

/// The table, [places, width].
pub(super) fn table(model: &Model, loader: &Loader<'_>) -> Result<Tensor<2>, MissingWeights> {
    loader.matrix("position.weight", [MAX_TOKENS, model.width])
}
