"""Growth, diameters, paths, words and walks, and what may stop them."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import cosetta


def test_growth(lrx):
    growth = lrx.growth()
    assert growth.status == "exact" and growth.is_exact and growth.states == 5040 == growth.layers.sum()
    assert growth.layers.dtype == np.int64 and growth.diameter == 21 == len(growth.layers) - 1
    assert growth.last_layer.tolist() == [[1, 0, 6, 5, 4, 3, 2]]
    assert str(growth).splitlines()[1] == " ".join(map(str, growth.layers))
    oracle = lrx.growth(engine="oracle", threads=1)
    assert np.array_equal(oracle.layers, growth.layers) and oracle.engine == "oracle"
    assert growth.mean == pytest.approx((growth.layers * np.arange(22)).sum() / 5040)
    part = lrx.growth(max_depth=4, last_layer=3)
    assert part.status == "lower_bound" and part.limit == "depth" and np.array_equal(part.layers, growth.layers[:5]) and len(part.last_layer) == 3
    assert len(lrx.growth(max_depth=4).last_layer) == 0  # 23 states: more than are kept unasked
    with pytest.raises(MemoryError):
        cosetta.growth("lrx:13", memory="1M", engine="tower")


def test_growth_goes_on_from_a_checkpoint(tmp_path):
    whole = cosetta.growth("lrx:8").layers
    cosetta.growth("lrx:8", max_depth=9, checkpoint=tmp_path / "c")
    assert np.array_equal(cosetta.growth("lrx:8", resume=tmp_path / "c").layers, whole)


def test_counts_beyond_63_bits_are_whole_numbers():
    from cosetta import _cosetta

    big = cosetta.growth("all_transpositions:7")
    assert isinstance(big.layers, np.ndarray) and big.states == 5040
    assert cosetta.group("all_transpositions:30").order() == np.prod(np.arange(1, 31, dtype=object))
    assert isinstance(_cosetta.version, str) and cosetta.__version__ == _cosetta.version


def test_diameter(lrx):
    d = lrx.diameter(witness=True)
    assert d == 21 and int(d) == 21 and d.upper == 21 and np.array_equal(d.witness, lrx.growth().last_layer[0])
    bounds = cosetta.diameter("lrx:9", max_depth=8, words=100_000, antipodes=0)
    assert not bounds.is_exact and bounds.lower <= 36 <= bounds.upper
    with pytest.raises(ValueError):
        int(bounds)


def test_paths(lrx):
    distances = {tuple(s): d for s, d in zip(*(lrx.vertices()[k].tolist() for k in ("vertices", "distance")))}
    for state in lrx.walks(20, 30, seed=3).states:
        p = lrx.path(state)
        assert p and p.length == len(p) == len(p.moves) == p.lower_bound == distances[tuple(np.argsort(state))]
        assert np.array_equal(lrx.apply(p.moves, state), lrx.central_state) and np.array_equal(lrx.apply(p.word, state), lrx.central_state)
    start, goal = lrx.walks(2, 40, seed=4).states
    assert np.array_equal(lrx.apply(lrx.path(start, goal).moves, start), goal)
    impossible = cosetta.path("top_spin:7", "(0 1)")
    assert not impossible and impossible.status == "no_path" and impossible.reason and impossible.word is None
    assert lrx.path([1, 0, 6, 5, 4, 3, 2], max_depth=5).status == "lower_bound"
    assert lrx.path([0, 0, 1, 2, 3, 4, 5]).status == "no_path"  # other labels
    for bad in ([0, 1, 2], [[0, 1, 2, 3, 4, 5, 6]] * 2):
        with pytest.raises(cosetta.DomainError):
            lrx.path(bad)


@pytest.mark.parametrize("options", [{}, {"method": "chain"}, {"method": "beam", "beam": 50, "heuristic": "gap"}, {"threads": 1, "beam": 100}])
def test_solve(options):
    g = cosetta.graph("lrx:7")
    states = g.walks(6, 40).states
    found = g.solve(states, **options)
    assert len(found) == 6 and found.found.all() and (found.lengths == [len(w.split(".")) if w else 0 for w in found.words]).all()
    for state, row in zip(states, found):
        assert np.array_equal(g.apply(row.moves, state), g.central_state)
    assert g.solve(states[0]).length is not None and "solved" in str(found)
    assert g.solve(["(0 1)", "@L.L.X"]).found.all()


def test_solve_says_what_cannot_be():
    found = cosetta.solve("top_spin:7", [[1, 0, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 0]])
    assert found[0].impossible and not found[0] and found.lengths[0] == -1 and found.words[0] is None and found[1]
    pattern = cosetta.graph("lrx:8", central="00001111")
    assert pattern.solve("11110000").found and pattern.solve("10101010", to="01010101").found
    for wrong in ({"method": "magic"}, {"heuristic": "magic"}, {"heuristic": 3}, {"beam": -1}, {"precision": "int4"}):
        with pytest.raises(cosetta.ParseError):
            cosetta.solve("lrx:6", "(0 1)", **wrong)


def test_heuristic_in_python():
    g = cosetta.graph("lrx:10")
    shapes, threads = set(), set()

    def gaps(states):
        shapes.add(states.shape[1:])
        threads.add(threading.get_ident())
        assert states.dtype == np.int64 and (np.sort(states, axis=1) == np.arange(10)).all()
        ahead = np.roll(states, -1, axis=1)
        return (np.abs(states - ahead) % 9 != 1).sum(axis=1)

    states = g.walks(4, 100, seed=2).states
    found = g.solve(states, heuristic=gaps, beam=300)
    assert found.found.all() and shapes == {(10,)}
    for state, row in zip(states, found):
        assert row.method == "beam" and np.array_equal(g.apply(row.moves, state), g.central_state)
    # The result does not depend on threads, nor on the scale of the numbers.
    again = g.solve(states, heuristic=lambda s: 1000.0 * gaps(s) - 7, beam=300, threads=1)
    assert (again.lengths > 0).all()
    assert g.solve(states, heuristic=gaps, beam=300, threads=1).words == found.words


def test_heuristics_that_fail():
    g = cosetta.graph("lrx:8")

    class Oops(Exception):
        pass

    calls = []

    def fails_later(states):
        calls.append(len(states))
        if len(calls) > 5:
            raise Oops("on purpose")
        return states[:, 0]

    with pytest.raises(Oops, match="on purpose"):
        g.solve([1, 0, 3, 2, 5, 4, 7, 6], heuristic=fails_later, ball=1, beam=100)
    assert len(calls) < 50
    for wrong in (lambda s: s, lambda s: [0.0], lambda s: None, lambda s: np.full(len(s), np.nan), lambda s: "far"):
        with pytest.raises((cosetta.Error, TypeError, ValueError)):
            g.solve("(0 1)(2 3)", heuristic=wrong)
    with pytest.raises(cosetta.ParseError):
        g.solve("(0 1)", heuristic=lambda s: s[:, 0], method="chain")
    with pytest.raises(cosetta.DomainError):
        g.with_central_state("00001111").solve("11110000", heuristic=lambda s: s[:, 0])


def test_walks(lrx):
    ends, moves = lrx.walks(500, 12, moves=True, seed=5)
    assert ends.shape == (500, 7) and moves.shape == (500, 12) and moves.dtype == np.int32
    everything = lrx.walks(500, 12, states="all", seed=5).states
    assert everything.shape == (500, 13, 7) and np.array_equal(everything[:, -1], ends) and (everything[:, 0] == lrx.central_state).all()
    for j in range(12):
        assert np.array_equal(np.take_along_axis(everything[:, j], lrx.generators[moves[:, j]], axis=1), everything[:, j + 1])
    assert np.array_equal(lrx.walks(100, 12, first=400, seed=5, threads=1).states, ends[400:])
    assert lrx.walks(7, kind="group").moves is None
    with pytest.raises(cosetta.DomainError):
        lrx.walks(7, kind="group", moves=True)
    with pytest.raises(MemoryError):
        lrx.walks(10**9, 1000, states="all", memory="1G")


def test_tables_of_distances(lrx, tmp_path):
    lrx.growth(save_distances=tmp_path / "d")
    whole = lrx.vertices()
    assert np.array_equal(cosetta.distances(lrx, tmp_path / "d", whole["vertices"]), whole["distance"])
    sphere = lrx.walks(50, 6, kind="sphere", distances=tmp_path / "d").states
    assert (cosetta.distances(lrx, tmp_path / "d", sphere) == 6).all()
    assert lrx.path([1, 0, 6, 5, 4, 3, 2], method="table", distances=tmp_path / "d").length == 21


def test_progress_is_told_and_may_stop_the_work():
    seen = []
    cosetta.growth("lrx:9", engine="bucket", progress=lambda *p: seen.append(p))
    assert seen and all(len(p) == 4 for p in seen)

    def stops(depth, sphere, states, seconds):
        raise LookupError("enough")

    with pytest.raises(LookupError):
        cosetta.growth("lrx:9", engine="bucket", progress=stops)


def test_errors_are_pythons_own():
    for call, error, builtin in (
        (lambda: cosetta.graph("lrq:8"), cosetta.ParseError, ValueError),
        (lambda: cosetta.graph("lrx:2"), cosetta.DomainError, ValueError),
        (lambda: cosetta.graph([[0, 0, 1]]), cosetta.DomainError, ValueError),
        (lambda: cosetta.graph([[[2]]], modulus=4), cosetta.DomainError, ValueError),
        (lambda: cosetta.growth("lrx:5", time="soon"), cosetta.ParseError, ValueError),
        (lambda: cosetta.growth("lrx:5", threads=0), cosetta.ParseError, ValueError),
        (lambda: cosetta.growth("lrx:5", max_depth=-1), cosetta.ParseError, ValueError),
        (lambda: cosetta.growth("lrx:5", engine="steam"), cosetta.ParseError, ValueError),
        (lambda: cosetta.growth("lrx:5", backend="steam"), cosetta.ParseError, ValueError),
        (lambda: cosetta.graph("coxeter:100000000"), cosetta.DomainError, ValueError),
    ):
        with pytest.raises(builtin) as raised:
            call()
        assert type(raised.value) is error and "\n" not in str(raised.value), call
    with pytest.raises(cosetta.ParseError, match="lrx"):
        cosetta.graph("lrxx:8")  # the nearest names
    assert issubclass(cosetta.ResourceError, MemoryError) and issubclass(cosetta.BackendError, RuntimeError) and issubclass(cosetta.LimitError, TimeoutError)


def test_other_threads_run_meanwhile():
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        begin = time.monotonic()
        cosetta.growth("lrx:10", engine="bucket", threads=1)
        end = time.monotonic()
    finally:
        done.set()
        thread.join()
    assert sum(begin < t < end for t in ticks) >= 3


def test_several_threads_may_ask_at_a_time(lrx):
    expected, results = lrx.growth().layers, []

    def work():
        for _ in range(5):
            results.append(np.array_equal(lrx.growth().layers, expected) and lrx.path([1, 0, 6, 5, 4, 3, 2]).length == 21)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == [True] * 20


INTERRUPTED = """
import os, signal, sys, threading, cosetta
def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
started = threading.Event()
call = sys.argv[1]
if call == "fork":
    import multiprocessing
    cosetta.growth("lrx:5")
    if os.fork() != 0:
        sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
    call = "growth"
timer = threading.Timer(0.3, interrupt)
timer.start()
try:
    if call == "growth":
        cosetta.growth("lrx:13", engine="bucket", threads=1)
    if call == "solve":
        cosetta.solve("lrx:60", list(range(59, -1, -1)), heuristic=lambda s: (s != range(60)).sum(axis=1), beam=20000)
    if call == "group":
        cosetta.group("signed_reversals:30").classes(limit=10**9)
    if call == "ignored":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        assert cosetta.growth("lrx:9", engine="bucket", threads=1, time=0.6).status in ("exact", "lower_bound")
        sys.exit(7)
    if call == "handled":
        def handler(number, frame):
            raise LookupError
        signal.signal(signal.SIGINT, handler)
        cosetta.growth("lrx:13", engine="bucket", threads=1)
except KeyboardInterrupt:
    assert cosetta.growth("lrx:6").diameter == 15  # and it goes on
    sys.exit(5)
except LookupError:
    sys.exit(6)
"""


@pytest.mark.parametrize("call, code", [("growth", 5), ("solve", 5), ("group", 5), ("fork", 5), ("handled", 6), ("ignored", 7)])
def test_ctrl_c(call, code):
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED, call], env=os.environ, timeout=60, capture_output=True, text=True)
    assert ended.returncode == code, ended.stderr


def test_limits_of_time():
    late = cosetta.growth("lrx:13", engine="bucket", time=0.1)
    assert late.status == "lower_bound" and late.limit == "time"
    with pytest.raises(cosetta.LimitError):
        cosetta.group("signed_reversals:30").classes(limit=10**9, time=0.2)
