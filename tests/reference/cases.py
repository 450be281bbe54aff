"""The table of cases: what each link means, with its sequences written out by hand and not by the pattern notation."""

from dataclasses import dataclass, field
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
            ("layers", self.model.layers, 4),
            ("heads", self.model.heads, 4),
            ("d", self.model.width, 64),
            ("seed", self.model.seed, 1),
            ("pos", self.model.position, "none"),
            ("norm", self.model.norm, "layer"),
            ("layer", self.layer, 0),
            ("head", self.head, 0),
            ("show", self.sensitivity or "a", "a"),
        ]
        pairs = [f"{key}={quote(str(value), safe='-._~,:+*/')}" for key, value, default in values if value != default]
        return "&".join(["v=1", *pairs]) if pairs else ""


def literal(text):
    """A text that is the same at every n. Only a caret and a backslash need escaping."""
    return Text(text.replace("\\", "\\\\").replace("^", "\\^"), lambda n: text)


ONES = Text("1^n", lambda n: "1" * n)
MORE_ONES = Text("1^(n+1)", lambda n: "1" * (n + 1))

CASES = [
    Case(
        "default",
        "The page as it opens: the pair of Theorem 4.2 behind a BOS token.",
        ONES,
        MORE_ONES,
        Model(),
        sweep=(1, 2, 7, 24, 101, 255, 256),
        sensitivity="a",
    ),
    Case(
        "one_head",
        "One layer, one head, eight coordinates: small enough to follow on paper.",
        Text("1^n0", lambda n: "1" * n + "0"),
        Text("1^(n+1)0", lambda n: "1" * (n + 1) + "0"),
        Model(layers=1, heads=1, width=8, norm="rms"),
        bos=False,
        n=5,
        sweep=(1, 2, 64),
        sensitivity="b",
    ),
    Case(
        "one_token",
        "The shortest sequences: no attention to anything but oneself.",
        literal("1"),
        literal("0"),
        Model(layers=2, heads=2, width=8, seed=3),
        bos=False,
        n=1,
        sensitivity="a",
        layer=1,
        head=1,
    ),
    Case(
        "sinusoidal",
        "The pair of Proposition B.4, with a suffix, so that no prefix is shared.",
        Text("(10)^n", lambda n: "10" * n),
        Text("(01)^n", lambda n: "01" * n),
        Model(position="sinusoidal"),
        suffix=literal("="),
        n=12,
        sweep=(1, 5, 40),
        sensitivity="b",
        layer=3,
        head=2,
    ),
    Case(
        "rotary",
        "A question in front, and a separator after every third symbol.",
        Text("1^n{,/3}", lambda n: "".join("1" + ("," if i % 3 == 2 and i + 1 < n else "") for i in range(n))),
        Text("1^(n+1){,/3}", lambda n: "".join("1" + ("," if i % 3 == 2 and i < n else "") for i in range(n + 1))),
        Model(position="rotary", seed=7),
        prefix=literal("copy: "),
        n=16,
        sweep=(1, 3, 16, 100),
        sensitivity="a",
        layer=2,
        head=3,
    ),
    Case(
        "alibi",
        "Sequences that end in 0 and in 1, with a reader behind.",
        Text("1^n0", lambda n: "1" * n + "0"),
        Text("1^n1", lambda n: "1" * n + "1"),
        Model(position="alibi", norm="rms", seed=11),
        suffix=literal("="),
        n=20,
        sweep=(1, 8, 40),
        sensitivity="a",
        layer=1,
        head=1,
    ),
    Case(
        "deep",
        "Eight layers, rotary, nothing in front.",
        Text("(12)^n3", lambda n: "12" * n + "3"),
        Text("(12)^(n+1)3", lambda n: "12" * (n + 1) + "3"),
        Model(layers=8, heads=4, width=32, seed=5, position="rotary"),
        bos=False,
        n=10,
        sweep=(1, 10, 64),
        sensitivity="b",
        layer=7,
    ),
    Case(
        "deepest",
        "As many layers as there can be, each head a single pair of coordinates, each layer's norm over four.",
        Text("7^n8", lambda n: "7" * n + "8"),
        Text("7^(n-1)9", lambda n: "7" * (n - 1) + "9"),
        Model(layers=16, heads=2, width=4, seed=2, position="rotary", norm="rms"),
        suffix=literal("?"),
        n=9,
        sweep=(1, 9, 32),
        sensitivity="a",
        layer=15,
        head=1,
    ),
    Case(
        "wide",
        "256 coordinates, eight heads.",
        Text("1^(2n)0", lambda n: "1" * (2 * n) + "0"),
        Text("1^(2n-1)0", lambda n: "1" * (2 * n - 1) + "0"),
        Model(layers=2, heads=8, width=256, seed=4, position="rotary", norm="rms"),
        n=7,
        sweep=(1, 7, 48),
        sensitivity="b",
        layer=1,
        head=7,
    ),
    Case(
        "three_heads",
        "Three heads of four coordinates: nothing is a power of two.",
        Text("(ab)^n", lambda n: "ab" * n),
        Text("(ab)^nb", lambda n: "ab" * n + "b"),
        Model(layers=3, heads=3, width=12, seed=6, position="sinusoidal"),
        n=11,
        sweep=(1, 11, 50),
        sensitivity="a",
        layer=2,
        head=2,
    ),
    Case(
        "odd_width",
        "Nine coordinates: the last sine of the position has no cosine.",
        Text("x^ny", lambda n: "x" * n + "y"),
        Text("x^nz", lambda n: "x" * n + "z"),
        Model(layers=2, heads=3, width=9, seed=8, position="sinusoidal", norm="rms"),
        bos=False,
        n=6,
        sweep=(1, 6, 50),
        sensitivity="b",
        layer=1,
    ),
    Case(
        "five_heads",
        "Five heads, so that the slopes of ALiBi are no powers of two.",
        Text("(01)^n", lambda n: "01" * n),
        Text("(01)^n1", lambda n: "01" * n + "1"),
        Model(layers=3, heads=5, width=15, seed=9, position="alibi"),
        bos=False,
        n=14,
        sweep=(1, 14, 90),
        sensitivity="a",
        layer=2,
        head=4,
    ),
    Case(
        "every_token",
        "Every character of the alphabet, against the same backwards.",
        literal("".join(chr(code) for code in range(32, 127))),
        literal("".join(chr(code) for code in reversed(range(32, 127)))),
        Model(layers=2, heads=4, width=32, seed=10, position="rotary"),
        n=1,
        layer=1,
        head=1,
    ),
    Case(
        "long_rotary",
        "More than 300 tokens, the angles of rotary at their largest.",
        Text("(3141592653)^(n+1)", lambda n: "3141592653" * (n + 1)),
        Text("(3141592653)^n3141592635", lambda n: "3141592653" * n + "3141592635"),
        Model(position="rotary", norm="rms", seed=12),
        n=30,
        sweep=(1, 17, 32),
        layer=3,
        head=1,
    ),
    Case(
        "long_sinusoidal",
        "More than 300 tokens and a reader behind them.",
        ONES,
        MORE_ONES,
        Model(position="sinusoidal", seed=13),
        prefix=literal("How many ones? "),
        suffix=literal(" Answer:"),
        n=300,
        sweep=(1, 30),
        layer=1,
        head=2,
    ),
    Case(
        "long_alibi",
        "More than 300 tokens, where the steepest head of ALiBi has long forgotten the first.",
        Text("0^n1", lambda n: "0" * n + "1"),
        Text("0^(n+1)1", lambda n: "0" * (n + 1) + "1"),
        Model(position="alibi", seed=14),
        n=310,
        sweep=(1, 100, 310),
        layer=2,
    ),
    Case(
        "long_bare",
        "A thousand tokens without positions: the smallest distances of all.",
        ONES,
        MORE_ONES,
        Model(layers=2, seed=15, norm="rms"),
        n=1000,
        sweep=(1, 10, 100, 1000),
        layer=1,
        head=3,
    ),
    Case(
        "identical",
        "Without BOS and positions, n ones and n + 1 ones are the same to the model: every distance is zero.",
        ONES,
        MORE_ONES,
        Model(),
        bos=False,
        sweep=(1, 2, 24, 255, 256),
        identical=True,
    ),
    Case(
        "identical_alibi",
        "Positions that act on scores alone cannot help: whatever equal values are weighed by, they give the same. Also with RMS norms.",
        ONES,
        MORE_ONES,
        Model(layers=6, heads=2, width=48, seed=16, position="alibi", norm="rms"),
        bos=False,
        suffix=Text("1^3", lambda n: "111"),
        sweep=(1, 24, 40),
        identical=True,
    ),
]
