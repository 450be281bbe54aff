//! Which halves of a block there are.

use crate::choice::choice;
use serde::{Deserialize, Serialize};

/// Which halves of a block there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The skip connections.
    pub residual: Residual,
    /// The feed-forward half.
    pub feed_forward: FeedForward,
}

choice! {
    /// The skip connections around attention and feed-forward.
    Residual {
        On = "on", "on", "The outputs of attention and feed-forward are added to their input: x + f(norm(x)).";
        Off = "off", "off", "Attention and feed-forward replace what they read: f(norm(x)). Without skip connections rank collapses doubly exponentially with depth (Dong et al. 2021, arXiv 2103.03404).";
    }
}

choice! {
    /// The feed-forward half of each block.
    FeedForward {
        On = "on", "on", "Every block has its feed-forward, down(GELU(up(x))).";
        Off = "off", "off", "Blocks are attention only. Without skip connections either, rank collapses doubly exponentially with depth; feed-forward slows that (Dong et al. 2021, arXiv 2103.03404).";
    }
}
