"""What a case is: one configuration, and its link in the form that Glasses writes."""

from dataclasses import dataclass
from typing import Callable
from urllib.parse import quote

from model import Model


@dataclass(frozen=True)
class Text:
    """A sequence twice: as the link has it, and as the plain text that it stands for at each n."""

    pattern: str
    plain: Callable[[int], str]


@dataclass(frozen=True)
class Case:
    """One configuration, and what of its report is compared."""

    name: str
    says: str
    a: Text
    b: Text
    model: Model
    prefix: Text = Text("", lambda n: "")
    suffix: Text = Text("", lambda n: "")
    bos: bool = True
    n: int = 24
    k: int = 3
    sweep: tuple = ()  # The n that are compared; the link's sweep ends at the last one.
    sensitivity: str = ""  # "a", "b", or nothing.
    layer: int = 0  # The layer and the head, from 0, whose attention is compared.
    head: int = 0
    identical: bool = False  # Whether the two sequences are the same to the model, in exact arithmetic.

    def plain(self, which, n):
        """The plain text of one sequence, without BOS."""
        return self.prefix.plain(n) + {"a": self.a, "b": self.b}[which].plain(n) + self.suffix.plain(n)

    def link(self):
        """The link in the one form that Glasses writes: only what differs from the defaults, in the order of its table."""
        values = [
            ("a", self.a.pattern, "1^n"),
            ("b", self.b.pattern, "1^(n+1)"),
            ("prefix", self.prefix.pattern, ""),
            ("suffix", self.suffix.pattern, ""),
            ("bos", "bos" if self.bos else "none", "bos"),
            ("n", self.n, 24),
            ("max", self.sweep[-1] if self.sweep else 256, 256),
            ("k", self.k, 3),
            *((key, getattr(self.model, name), getattr(Model(), name)) for key, name in MODEL_KEYS.items()),
            ("layer", self.layer, 0),
            ("head", self.head, 0),
            ("show", self.sensitivity or "a", "a"),
        ]
        pairs = [f"{key}={quote(written(value), safe='-._~,:+*/')}" for key, value, default in values if value != default]
        return "&".join(["v=1", *pairs]) if pairs else ""


# The keys of the model's part of a link, in the order of its table, and what they are called in Model.
MODEL_KEYS = {
    "layers": "layers",
    "heads": "heads",
    "d": "width",
    "seed": "seed",
    "pos": "position",
    "norm": "norm",
    "p": "share",
    "residual": "residual",
    "mlp": "feed_forward",
    "mask": "mask",
    "reach": "reach",
    "window": "window",
    "scale": "scale",
    "c": "log_factor",
    "ref": "reference_length",
    "delta": "power_offset",
    "beta": "power_factor",
    "gamma": "power_exponent",
    "weigh": "weigh",
    "alpha": "alpha",
    "clip": "clip",
    "sink": "sink",
    "sinkat": "sink_logit",
    "mix": "mix",
    "cap": "cap",
    "capat": "cap_at",
}


def written(value):
    """As links have it: a number without a point where it is whole."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def literal(text):
    """A text that is the same at every n. Only a caret and a backslash need escaping."""
    return Text(text.replace("\\", "\\\\").replace("^", "\\^"), lambda n: text)


ONES = Text("1^n", lambda n: "1" * n)
MORE_ONES = Text("1^(n+1)", lambda n: "1" * (n + 1))
