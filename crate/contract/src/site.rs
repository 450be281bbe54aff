//! The places in the forward pass where a tensor can be looked at or replaced.

/// A named place in the forward pass; the number is the layer, from 0. Shapes: b batch, n rows, d width, H heads,
/// m keys, f hidden width, v alphabet. Queries, keys and scores of differential heads have 2H in place of H.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Site {
    /// Token embedding plus the position's share, [b, n, d].
    Embedding,
    /// After the norm in front of attention, [b, n, d].
    AttentionNorm(usize),
    /// Queries, rotated where the position scheme rotates, [b, H, n, d/H].
    Query(usize),
    /// Keys, rotated where the position scheme rotates, [b, H, n, d/H].
    Key(usize),
    /// Values, [b, H, n, d/H].
    Value(usize),
    /// Scores, divided by √(d/H), biased and capped, before mask and temperature, [b, H, n, m].
    Scores(usize),
    /// Attention weights, [b, H, n, m]. Rows sum to one where they are softmax or entmax, without a sink, and nothing is subtracted from them.
    Weights(usize),
    /// Each head's weighted sum of values, behind its gate or norm and before the output projection, [b, H, n, d/H].
    HeadOutput(usize),
    /// What attention adds to the residual stream, [b, n, d].
    AttentionOutput(usize),
    /// Residual stream between attention and feed-forward, the paper's z, [b, n, d].
    ResidualMiddle(usize),
    /// After the norm in front of the feed-forward, [b, n, d].
    FeedForwardNorm(usize),
    /// The hidden layer after its activation, [b, n, f].
    Hidden(usize),
    /// What the feed-forward adds to the residual stream, [b, n, d].
    FeedForwardOutput(usize),
    /// Residual stream after the block, the paper's v^(l+1), [b, n, d].
    Residual(usize),
    /// After the last norm, the paper's y, [b, n, d].
    FinalNorm,
    /// One score for each token of the alphabet, [b, n, v].
    Logits,
}
