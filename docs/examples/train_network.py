#!/usr/bin/env python3
"""Trains a small network that estimates distances, with NumPy alone, and writes it for `cosetta solve --network` (docs/networks.md).

    cosetta walks lrx:12 --kind non_backtracking --count 20000 --length 60 --states all -o walks.npy
    python3 docs/examples/train_network.py walks.npy lrx-12.net --hidden 256 128 --steps 6000
    cosetta solve lrx:12 "[11,10,9,8,7,6,5,4,3,2,1,0]" --network lrx-12.net --beam 1000

The array is count x (length + 1) x n; what is learned is the number of the step, or an array of targets (--targets), such as the true
distances of `cosetta walks --distance-output`. Linear layers and ReLU, Adam, mean squares, a step size that falls to nothing.
"""
import argparse
import json

import numpy as np


def one_hot(states):
    """Input i n + s is 1 where label s stands at place i."""
    count, n = states.shape
    out = np.zeros((count, n * n), np.float32)
    out[np.arange(count)[:, None], np.arange(n) * n + states] = 1
    return out


def forward(layers, x):
    """What goes into each layer, and what comes out of the last."""
    inputs = []
    for i, (weight, bias) in enumerate(layers):
        inputs.append(x)
        x = x @ weight + bias
        if i + 1 < len(layers):
            np.maximum(x, 0, out=x)
    return inputs, x[:, 0]


def gradients(layers, inputs, error):
    out = []
    d = error[:, None]
    for (weight, _), x in zip(reversed(layers), reversed(inputs)):
        out.append((x.T @ d, d.sum(0)))
        if x is not inputs[0]:
            d = (d @ weight.T) * (x > 0)
    return out[::-1]


def write(path, n, layers, scale, offset, about):
    header = {"format": "cosetta.network", "version": 1, "degree": n, "encoding": "one_hot", "layers": [],
              "output": {"scale": float(scale), "offset": float(offset)}, "about": about}
    for weight, _ in layers:
        header["layers"] += [{"type": "linear", "in": weight.shape[0], "out": weight.shape[1]}, {"type": "relu"}]
    header["layers"].pop()
    with open(path, "wb") as file:
        file.write(json.dumps(header).encode() + b"\n")
        for weight, bias in layers:
            file.write(weight.T.astype("<f4").tobytes())  # out x in
            file.write(bias.astype("<f4").tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("walks")
    parser.add_argument("network")
    parser.add_argument("--targets", help="an array of numbers, one for each state, in place of the steps")
    parser.add_argument("--hidden", type=int, nargs="+", default=[256, 128])
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()

    walks = np.load(a.walks)
    n = walks.shape[-1]
    targets = np.load(a.targets) if a.targets else np.broadcast_to(np.arange(walks.shape[1]), walks.shape[:2])
    states, targets = walks.reshape(-1, n), targets.reshape(-1).astype(np.float32)
    offset, scale = targets.mean(), targets.std()
    random = np.random.default_rng(a.seed)
    widths = [n * n] + a.hidden + [1]
    layers = [(random.normal(0, np.sqrt(2 / (n if i == 0 else k)), (k, m)).astype(np.float32), np.zeros(m, np.float32))
              for i, (k, m) in enumerate(zip(widths, widths[1:]))]
    moments = [[(np.zeros_like(w), np.zeros_like(b)) for w, b in layers] for _ in range(2)]
    shown = 0.0
    for step in range(1, a.steps + 1):
        chosen = random.integers(0, len(states), a.batch)
        inputs, said = forward(layers, one_hot(states[chosen]))
        error = said - (targets[chosen] - offset) / scale
        rate = a.rate * (1 - step / (a.steps + 1)) * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        for i, pair in enumerate(gradients(layers, inputs, error * (2 / a.batch))):
            for parameter, first, second, g in zip(layers[i], moments[0][i], moments[1][i], pair):
                first += 0.1 * (g - first)
                second += 0.001 * (g * g - second)
                parameter -= rate * first / (np.sqrt(second) + 1e-8)
        shown += float(np.mean(error * error))
        if step % 500 == 0:
            print(f"step {step}: standard error {scale * np.sqrt(shown / 500):.3f}", flush=True)
            shown = 0.0
    write(a.network, n, layers, scale, offset, f"{a.steps} batches of {a.batch}")


if __name__ == "__main__":
    main()
