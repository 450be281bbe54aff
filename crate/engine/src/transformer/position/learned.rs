//! Learned positions (Gehring et al. 2017): a vector of its own for each place, a row of a table.

use crate::transformer::parameter::{EXTRAS, Parameter};
use glasses_contract::config::Model;
use glasses_contract::limits::MAX_TOKENS;
use std::f64::consts::FRAC_1_SQRT_2;

/// The table, [places, width]. Its rows are as long as those of the sinusoids.
pub(super) fn parameter(model: &Model) -> Parameter {
    Parameter::normal("position.weight", [MAX_TOKENS, model.width], EXTRAS, FRAC_1_SQRT_2)
}
