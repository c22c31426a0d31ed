"""How work ends early: the end of the interpreter, Ctrl-C, calls from within their own progress."""

import os
import subprocess
import sys

import pytest

import cosetta

DAEMON = """
import sys, threading, time, cosetta
call = sys.argv[1]
begun = threading.Event()
def work():
    for _ in range(10**6):
        begun.set()
        if call == "growth":
            cosetta.growth("lrx:9", engine="bucket", threads=1, progress=lambda *a: None)
        if call == "solve":
            cosetta.solve("lrx:40", list(range(39, -1, -1)), heuristic=lambda s: (s != range(40)).sum(axis=1), beam=3000)
        if call == "vertices":
            cosetta.graph("lrx:9").vertices(400_000)
for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
begun.wait()
time.sleep(0.15)
"""


@pytest.mark.parametrize("call", ["growth", "solve", "vertices"])
def test_daemons_end_with_the_interpreter(call):
    ended = subprocess.run([sys.executable, "-c", DAEMON, call], env=os.environ, timeout=60, capture_output=True, text=True)
    assert ended.returncode == 0 and ended.stderr == ""


INTERRUPTED = """
import os, signal, sys, threading, time, numpy as np, cosetta
calls = {
    "fit": lambda: cosetta.fit([pow(3, i, 10**9 + 7) for i in range(1500)], max_order=200, max_period=30, max_degree=12),
    "vertices": lambda: cosetta.graph("lrx:11").vertices(50_000_000),
    "apply": lambda: cosetta.graph("lrx:12").apply([0, 2] * 10**5, [list(range(12))] * 100),
    "neighbors": lambda: cosetta.graph("coxeter:60").neighbors(np.tile(np.arange(60, dtype=np.int64), (100_000, 1))),
}
threading.Timer(0.15, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    while time.monotonic() < start + 20:
        calls[sys.argv[1]]()
except KeyboardInterrupt:
    sys.exit(5)
"""


@pytest.mark.parametrize("call", ["fit", "vertices", "apply", "neighbors"])
def test_ctrl_c_ends_what_has_no_limits(call):
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED, call], env=os.environ, timeout=60, capture_output=True, text=True)
    assert ended.returncode == 5, ended.stderr


def test_a_store_is_not_asked_from_its_own_sweep(tmp_path):
    sweep = {"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 6]}], "measures": ["diameter"]}
    lab, other = cosetta.store(tmp_path / "a.db"), cosetta.store(tmp_path / "b.db")
    for ask in (lab.rows, lab.sweeps, lab._open.content, lambda: lab.fit("lx"), lambda: lab.sweep(sweep)):
        with pytest.raises(cosetta.DomainError, match="own progress"):
            lab.sweep(sweep, progress=lambda *p: ask())
    names = []
    lab.sweep(sweep, progress=lambda *p: names.append((lab.path, other.sweep(sweep).graphs)))
    assert names and names[0] == (str(tmp_path / "a.db"), 3) and lab.sweeps() == {"lx": (3, 3)}


def test_a_path_may_be_asked_from_the_progress_of_another():
    g = cosetta.graph("rubik_cube:2,metric=fixed_HTM")
    seen = []
    p = g.path("@f0.r1.d0.f0.r1.d0.f0", progress=lambda *a: seen.append(g.path("@f0.r1").length))
    assert p.found and set(seen) <= {2}
