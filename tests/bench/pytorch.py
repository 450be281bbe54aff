"""Times the engine natively beside PyTorch on one graphics processor, in turns, and writes what every run took.

`python3 pytorch.py PROGRAM WEIGHTS FILE`: PROGRAM is crate/bench built for graphics processors, which answers line by line; WEIGHTS is a folder with
the weights of models.json. The decoder is written as somebody who knows the library writes it: queries, keys and values in one product, the library's
own attention, in f32 without TF32. Numbers that are others are not timed.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional

ROUNDS = int(os.environ.get("ROUNDS", "15"))
LEAST_MS = 100
WARM_UP_MS = 500
TOLERANCE = 1e-4
SIZES = [16, 64, 256, 1024, 4096]
ALPHABET_START = 31


class Engine:
    """Our own, asked over lines."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n")
        if answer.startswith("error:") or self.process.poll() is not None:
            raise RuntimeError(f"{line[:60]}: {answer}")
        return answer

    def numbers(self, job):
        return [float(number) for number in self.ask(f"numbers {job}").split()]

    def time(self, job, least):
        return float(self.ask(f"time {least} {job}"))


class Decoder:
    """The same decoder in PyTorch, on the card."""

    def __init__(self, shape, weights):
        self.heads = shape["heads"]
        self.weights = {name: array.cuda() for name, array in weights.items()}
        self.layers = []
        for layer in range(shape["layers"]):
            part = {name.split(".", 2)[2]: array for name, array in self.weights.items() if name.startswith(f"layers.{layer}.")}
            part["qkv"] = torch.cat([part[f"attention.{name}.weight"] for name in ("query", "key", "value")], dim=1)
            self.layers.append(part)

    def rows(self, tokens):
        """y of every token, [n, d]."""
        norm = lambda x, gain, bias: functional.layer_norm(x, x.shape[-1:], gain, bias)
        x = self.weights["embed.weight"][tokens]
        n, d = x.shape
        for layer in self.layers:
            qkv = norm(x, layer["attention_norm.gain"], layer["attention_norm.bias"]) @ layer["qkv"]
            query, key, value = qkv.view(n, 3, self.heads, d // self.heads).permute(1, 2, 0, 3).unsqueeze(1)
            mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
            z = x + mixed[0].transpose(0, 1).reshape(n, d) @ layer["attention.output.weight"]
            hidden = norm(z, layer["feed_forward_norm.gain"], layer["feed_forward_norm.bias"]) @ layer["feed_forward.up.weight"]
            hidden = functional.gelu(hidden + layer["feed_forward.up.bias"])
            x = z + hidden @ layer["feed_forward.down.weight"] + layer["feed_forward.down.bias"]
        return norm(x, self.weights["final_norm.gain"], self.weights["final_norm.bias"])


class Eager:
    """Operation by operation."""

    def __init__(self, decoder):
        self.decoder = decoder

    def rows(self, tokens):
        return self.decoder.rows(torch.tensor(tokens, device="cuda"))

    def run(self, job, tokens):
        rows = self.rows(tokens)
        if job == "forward":
            return rows[-1].tolist()
        # Of the longest sequence, whose rows hold the last tokens of all shorter ones.
        return (rows[1:-1] - rows[2:]).norm(dim=1).tolist()


class Graph(Eager):
    """The same, recorded once for each length and replayed, so that no time goes into starting kernels."""

    def __init__(self, decoder):
        super().__init__(decoder)
        self.recorded = {}

    def rows(self, tokens):
        n = len(tokens)
        if n not in self.recorded:
            given = torch.zeros(n, dtype=torch.long, device="cuda")
            self.decoder.rows(given)
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                rows = self.decoder.rows(given)
            self.recorded[n] = (given, graph, rows)
        given, graph, rows = self.recorded[n]
        given.copy_(torch.tensor(tokens))
        graph.replay()
        return rows


def timed(run, least):
    """Milliseconds a run, of as many as fill a time."""
    start, runs = time.perf_counter(), 0
    while True:
        run()
        runs += 1
        passed = (time.perf_counter() - start) * 1e3
        if passed >= least:
            return passed / runs


def varied(n):
    """A sequence without repetition to speak of: BOS, then ids that step through the alphabet, as in peer/page.mjs."""
    return [0 if at == 0 else 1 + (at * 37) % 95 for at in range(n)]


def measure(engine, peers, job, n):
    tokens = varied(n) if job == "forward" else [0] + [ord("1") - ALPHABET_START] * (n + 1)
    asked = f"forward {' '.join(map(str, tokens))}" if job == "forward" else "sweep"
    expected = engine.numbers(asked)
    runtimes = {"ours": {"difference": 0, "times": []}}
    runs = {"ours": lambda least: engine.time(asked, least)}
    for name, peer in peers.items():
        numbers = peer.run(job, tokens)
        off = max(map(abs, map(float.__sub__, numbers, expected))) if len(numbers) == len(expected) else math.inf
        runtimes[name] = {"difference": float(f"{off:.2g}") if math.isfinite(off) else None, "times": []}
        if off <= TOLERANCE:
            runs[name] = lambda least, peer=peer: timed(lambda: peer.run(job, tokens), least)
    for run in runs.values():
        run(WARM_UP_MS)
    for _ in range(ROUNDS):
        for name, run in runs.items():
            runtimes[name]["times"].append(float(f"{run(LEAST_MS):.4g}"))
    print(job, n, *(f"{name} {statistics.median(runtimes[name]['times']):.2f} off {runtimes[name]['difference']}" for name in runs), sep="  ", flush=True)
    return runtimes


def commit():
    """Of the engine that is measured."""
    command = ["git", "log", "-1", "--format=%h", "--", "crate/engine"]
    return os.environ.get("COMMIT") or subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True).stdout.strip()


def main(program, weights, file):
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.set_grad_enabled(False)
    models = json.loads((Path(__file__).parent / "models.json").read_text())
    rows, adapter = [], None
    for model in models:
        engine = Engine(program)
        adapter = engine.ask(f"open {model['link']}")
        if not adapter or "llvmpipe" in adapter:
            raise SystemExit(f"the engine runs on {adapter or 'the processor'}")
        decoder = Decoder(model, load_file(Path(weights) / f"{model['name']}.safetensors"))
        peers = {"torch": Eager(decoder), "torch-graph": Graph(decoder)}
        jobs = [("forward", n) for n in SIZES] + ([("sweep", 512)] if "max=512" in model["link"] else [])
        for job, n in jobs:
            runtimes = measure(engine, peers, job, n)
            load = [float(f"{os.getloadavg()[0]:.3g}")] * 2
            rows.append({"job": job, "engine": "native", "model": model["name"], "n": n, "load": load, "runtimes": runtimes})
        engine.process.stdin.close()
    about = {
        "date": date.today().isoformat(),
        "adapter": adapter,
        "card": torch.cuda.get_device_name(),
        "versions": {"ours": commit(), "torch": torch.__version__},
        "rounds": ROUNDS,
        "least_ms": LEAST_MS,
        "tolerance": TOLERANCE,
        "models": models,
    }
    lines = "".join(f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in about.items())
    body = ",\n".join(f"    {json.dumps(row)}" for row in rows)
    Path(file).write_text(f'{{\n{lines}  "rows": [\n{body}\n  ]\n}}\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
