"""Draws a model's weights, and the random symbols of patterns, as docs/model.md says: ChaCha8 streams, Box and Muller."""

import hashlib
import math

import numpy as np

ALPHABET = 96
# The most tokens of a sequence: so many places have a vector where positions are learned.
PLACES = 4096
# What later versions added draws from streams behind this one, so that it changes nothing that was there.
ADDED = 2**32
BLOCK = ("attention.query", "attention.key", "attention.value", "attention.output", "feed_forward.up", "feed_forward.down")


def chacha_key(seed):
    """The 256-bit key as eight words: PCG32 outputs (XSH-RR) of a state that begins with the seed."""
    words, state = [], seed
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) % 2**64
        word, turn = ((state >> 18 ^ state) >> 27) % 2**32, state >> 59
        words.append((word >> turn | word << (32 - turn)) % 2**32)
    return words


def words(seed, stream, count):
    """The first words of a stream. ChaCha8 as Bernstein (2008) has it: a 64-bit counter of blocks, then the 64-bit stream."""
    counter = np.arange(-(-count // 16), dtype=np.uint64)
    constants = np.frombuffer(b"expand 32-byte k", "<u4").tolist() + chacha_key(seed) + [0, 0, stream % 2**32, stream >> 32]
    start = [np.full(len(counter), word, np.uint32) for word in constants]
    start[12:14] = (counter % 2**32).astype(np.uint32), (counter >> np.uint64(32)).astype(np.uint32)
    x = [word.copy() for word in start]
    for _ in range(4):  # Two of the eight rounds each: columns, then diagonals.
        for i in range(4):
            quarter(x, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return np.stack([word + first for word, first in zip(x, start)], 1).reshape(-1)[:count]


def quarter(x, a, b, c, d):
    """ChaCha's quarter round, on all blocks at once."""
    for target, source, into, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        x[target] = x[target] + x[source]
        x[into] = x[into] ^ x[target]
        x[into] = x[into] << np.uint32(turn) | x[into] >> np.uint32(32 - turn)


def normal(seed, stream, shape, deviation):
    """Normal numbers by the method of Box and Muller (1958), rounded to f32 and widened again."""
    count = math.prod(shape)
    pairs = words(seed, stream, count + count % 2).reshape(-1, 2).astype(np.float64)
    radius = deviation * np.sqrt(-2 * np.log((pairs[:, 0] + 1) / 2**32))
    angle = 2 * np.pi * (pairs[:, 1] / 2**32)
    values = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).reshape(-1)[:count]
    return values.astype(np.float32).astype(np.float64).reshape(shape)


def symbols(seed, stream, choices, count):
    """So many symbols of a set, each the high half of a word times the set's size."""
    return "".join(choices[int(word) * len(choices) >> 32] for word in words(seed, stream, count))


def first_lambda(layer):
    """What λ of differential attention starts with in a layer, from 0."""
    return 0.8 - 0.6 * math.exp(-0.3 * layer)


def weights(model):
    """All arrays of a model by name."""
    d, heads, found = model.width, model.heads, {}

    def matrix(name, shape, stream):
        found[name] = normal(model.seed, stream, shape, 1 / math.sqrt(shape[0]))

    def norm(name):
        found[f"{name}.gain"] = np.ones(d)
        if model.norm == "layer":
            found[f"{name}.bias"] = np.zeros(d)

    found["embed.weight"] = normal(model.seed, 0, (ALPHABET, d), 1.0)
    matrix("unembed.weight", (d, ALPHABET), 1)
    if model.position == "learned":
        found["position.weight"] = normal(model.seed, ADDED, (PLACES, d), math.sqrt(0.5))
    for layer in range(model.layers):
        name, own = f"layers.{layer}", ADDED + 16 * (layer + 1)
        for index, part in enumerate(BLOCK):
            if part.startswith("feed_forward") and model.feed_forward == "off":
                continue
            shape = {"feed_forward.up": (d, 4 * d), "feed_forward.down": (4 * d, d)}.get(part, (d, d))
            matrix(f"{name}.{part}.weight", shape, 2 + len(BLOCK) * layer + index)
        norm(f"{name}.attention_norm")
        if model.feed_forward == "on":
            found[f"{name}.feed_forward.up.bias"] = np.zeros(4 * d)
            found[f"{name}.feed_forward.down.bias"] = np.zeros(d)
            norm(f"{name}.feed_forward_norm")
        if model.mix == "differential":
            matrix(f"{name}.attention.second_query.weight", (d, d), own)
            matrix(f"{name}.attention.second_key.weight", (d, d), own + 1)
            found[f"{name}.attention.lambda"] = np.full(heads, first_lambda(layer))
            found[f"{name}.attention.head_norm.gain"] = np.ones(d // heads)
        if model.mix == "gated":
            matrix(f"{name}.attention.gate.weight", (d, heads), own + 2)
            found[f"{name}.attention.gate.bias"] = np.zeros(heads)
        if model.sink == "logit":
            found[f"{name}.attention.sink.logit"] = np.full(heads, model.sink_logit)
    norm("final_norm")
    return {name: array.astype(np.float32).astype(np.float64) for name, array in found.items()}


def fingerprint(weights):
    """SHA-256 of the arrays' bytes in the order of their names, as they stand in the file that the engine writes, behind its header."""
    return hashlib.sha256(b"".join(weights[name].astype("<f4").tobytes() for name in sorted(weights))).hexdigest()
