"""The store, sweeps and fits."""

import json
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

import cosetta

LX = {"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 9]}], "measures": ["diameter", "growth", "order"]}
PAIRS = {"name": "pairs", "graphs": [{"subsets": {"degree": 5, "size": 2, "class": "all"}}], "measures": ["diameter"]}


def test_sweeps(tmp_path):
    seen = []
    with cosetta.store(tmp_path / "a.db") as lab:
        first = lab.sweep(LX, progress=lambda *p: seen.append(p))
        assert (first.graphs, first.done, first.reused, first.left, first.failures, first.status) == (6, 6, 0, 0, [], "exact")
        again = lab.sweep(json.dumps(LX))
        assert again.done == 0 and again.reused == 6 and "6 reused" in repr(again)
        (tmp_path / "pairs.json").write_text(json.dumps(PAIRS))
        assert lab.sweep(tmp_path / "pairs.json").graphs == len(lab.rows("pairs"))
        assert lab.sweeps()["lx"] == (6, 6) and "lx (6)" in repr(lab)
        rows = lab.rows("lx")
        for row, n in zip(rows, range(4, 10)):
            growth = cosetta.growth(row["spec"])
            assert row["parameters"] == {"n": n} and row["diameter"] == growth.diameter and np.array_equal(row["layers"], growth.layers)
            assert row["order"] == row["states"] == growth.states and row["provenance"]["version"] == cosetta.__version__
            assert cosetta.growth(row["generators"]).diameter == growth.diameter
        columns = lab.columns("lx")
        assert columns["n"].tolist() == list(range(4, 10)) and columns["diameter"].dtype == np.int64 and columns["inverse_closed"].dtype == bool
        fits = lab.fit("lx", "order", max_order=2)
        assert list(fits) == ["lx:{n}"] and fits["lx:{n}"].exact_rows == 6
        with pytest.raises(cosetta.DomainError, match="lx"):
            lab.rows("xl")
        with pytest.raises(cosetta.ParseError):
            lab.fit("lx", "colour")
    with pytest.raises(cosetta.DomainError):
        lab.sweeps()  # closed
    reader = cosetta.store(tmp_path / "a.db", write=False)
    assert len(reader.rows()) == 6 + len(reader.rows("pairs"))
    with pytest.raises(cosetta.DomainError):
        reader.sweep(LX)


def test_shards_merge(tmp_path):
    for part in (1, 2):
        cosetta.store(tmp_path / f"{part}.db").sweep(LX, shard=(part, 2))
    whole, merged = cosetta.store(tmp_path / "whole.db"), cosetta.store(tmp_path / "all.db")
    whole.sweep(LX)
    merged.merge(tmp_path / "1.db", tmp_path / "2.db")
    assert merged._open.content() == whole._open.content()
    with pytest.raises(cosetta.DomainError):
        merged.merge(tmp_path / "all.db")
    (tmp_path / "junk.db").write_text("no store at all, and long enough to be looked at" * 100)
    with pytest.raises(cosetta.ParseError):
        cosetta.store(tmp_path / "junk.db")
    for wrong in ({"name": "x"}, {**LX, "colour": 1}, {**LX, "measures": ["colour"]}):
        with pytest.raises(ValueError):
            whole.sweep(wrong)


def test_parameters_that_stay_make_tables_of_their_own(tmp_path):
    lab = cosetta.store(tmp_path / "s.db")
    lab.sweep({"name": "spin", "graphs": [{"family": "top_spin:{n},k={k}", "n": [5, 8], "k": [2, 3]}, {"generators": [[1, 0]], "label": "pair"}], "measures": ["diameter"]})
    assert list(lab.fit("spin")) == ["top_spin:{n},k={k}, k = 2", "top_spin:{n},k={k}, k = 3"]
    only = cosetta.store(tmp_path / "t.db")
    only.sweep({"name": "pair", "graphs": [{"generators": [[1, 0]], "label": "pair"}], "measures": ["diameter"]})
    with pytest.raises(cosetta.DomainError):
        only.fit("pair")


def test_fits():
    glushkov = {n: 3 * n * n // 4 - 2 * n + 3 for n in range(5, 16)}
    f = cosetta.fit(glushkov).formulas[0]
    assert f.text == "floor(3 n^2 / 4) - 2 n + 3" and f.period == 2 and f.degree == 2 and f.fixed_by + f.held_out == 11
    assert f(101) == 3 * 101**2 // 4 - 202 + 3 and f.next == (16, 163) and f.classes[0][2] == Fraction(3, 4)
    assert cosetta.fit(list(glushkov.items())).formulas[0].text == f.text == cosetta.fit(list(glushkov.values()), start=5).formulas[0].text
    assert cosetta.fit(np.array(list(glushkov.items()))).formulas[0].text == f.text
    fibonacci = [1, 1]
    while len(fibonacci) < 20:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    recurrence = next(f for f in cosetta.fit(fibonacci).formulas if f.kind == "recurrence")
    assert recurrence.coefficients == [1, 1] and recurrence(100) == 354224848179261915075
    random = cosetta.fit(np.random.default_rng(1).integers(0, 1000, 15))
    assert not random and random.refused and random.formulas == []
    for call in (lambda: f(2), lambda: cosetta.fit([1.5, 2]), lambda: cosetta.fit([(1, 2), (1, 3)]), lambda: cosetta.fit([1, 2], held_share=7)):
        with pytest.raises(ValueError):
            call()


def test_shapes():
    shapes = cosetta.growth("coxeter:9").shape()
    assert shapes.best == "Gaussian" and shapes.fits["Gaussian"]["location"] == pytest.approx(18, abs=0.01) and "Gaussian" in repr(shapes)
    with pytest.raises(cosetta.DomainError):
        cosetta.fit_shapes([1, 2])


KILLED = """
import sys, os, signal, threading, cosetta
threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    cosetta.store(sys.argv[1]).sweep({"name": "p", "graphs": [{"subsets": {"degree": 8, "size": 2, "class": "all"}}], "measures": ["diameter"]}, threads=1)
except KeyboardInterrupt:
    sys.exit(5)
"""


def test_a_sweep_that_is_interrupted_keeps_what_it_has(tmp_path):
    path = str(tmp_path / "k.db")
    ended = subprocess.run([sys.executable, "-c", KILLED, path], timeout=120, capture_output=True, text=True)
    assert ended.returncode == 5, ended.stderr
    assert isinstance(cosetta.store(path).sweeps(), dict)
