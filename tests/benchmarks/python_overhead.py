#!/usr/bin/env python3
"""What Python adds to the time of C++: loops of both, taken in turns in one process.

    PYTHONPATH=build/release/python python3 tests/benchmarks/python_overhead.py

Prints, for 1000 small graphs, microseconds of a graph in a loop of C++ and in one of Python, by the clock and of the processor (the calling thread alone,
with one thread), and for lrx:10 the ratio of the times. Medians of rounds that take turns: other work on the machine slows both. Exit code 1: more than
50 us a graph, or more than 5 percent.
"""

import argparse
import statistics
import sys
import time

import cosetta
from cosetta import _cosetta

ROUNDS = 9
CHUNK = 24  # graphs of a turn: short ones meet the same troubles


def turns(cpp, python, rounds, clock):
    """Medians of both, and of their differences."""
    a, b = [], []
    for _ in range(rounds):
        begin = clock()
        cpp()
        middle = clock()
        python()
        a.append(middle - begin)
        b.append(clock() - middle)
    return statistics.median(a), statistics.median(b), statistics.median(y - x for x, y in zip(a, b))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--graphs", type=int, default=1000)
    arguments.add_argument("--large", default="lrx:10")
    options = arguments.parse_args()

    small = [cosetta.graph(f"{family}:{n}") for family in ("lrx", "coxeter", "pancake", "lx") for n in (4, 5, 6)]
    graphs = (small * (options.graphs // len(small) + 1))[: options.graphs]
    chunks = [graphs[i : i + CHUNK] for i in range(0, len(graphs), CHUNK)]

    failed = False
    for name, threads, clock in (("clock, all threads", None, time.perf_counter), ("processor, one thread", 1, time.thread_time)):
        limits = (threads or 0, 0, -1.0)

        def in_cpp(chunk):
            _cosetta.growth_seconds([g._core for g in chunk], limits)

        def in_python(chunk):
            for g in chunk:
                g.growth(threads=threads, last_layer=0)

        in_cpp(chunks[0]), in_python(chunks[0])
        rows = [turns(lambda: in_cpp(chunk), lambda: in_python(chunk), ROUNDS, clock) for chunk in chunks]
        cpp, python, more = (sum(column) / len(graphs) * 1e6 for column in zip(*rows))
        print(f"{len(graphs)} small graphs, {name}: C++ {cpp:.1f} us, Python {python:.1f} us: {more:.1f} us more a graph")
        failed = failed or (threads == 1 and more > 50)

    g = cosetta.graph(options.large)
    g.growth()
    cpp, python, _ = turns(lambda: _cosetta.growth_seconds([g._core], (0, 0, -1.0)), lambda: g.growth(last_layer=0), 4 * ROUNDS + 1, time.perf_counter)
    print(f"{options.large}: C++ {cpp * 1e3:.1f} ms, Python {python * 1e3:.1f} ms: ratio {python / cpp:.3f}")
    _, with_states, _ = turns(lambda: None, g.growth, 2 * ROUNDS + 1, time.perf_counter)
    print(f"{options.large}: with the states of the last layer, as is the default: {with_states * 1e3:.1f} ms")
    failed = failed or python / cpp > 1.05
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
