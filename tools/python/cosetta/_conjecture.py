"""The conjecture laboratory: the store of sweeps, and fits that can be refuted."""

from __future__ import annotations

import json
import math
import operator
import os
from fractions import Fraction
from numbers import Real
from typing import Any, Callable, Mapping, Optional, Sequence, Union

import numpy as np

from . import _cosetta
from ._graph import _json_number
from ._limits import Amount, limits, natural, optional_natural, path_text, whole
from .errors import DomainError, ParseError

Number = Union[int, np.integer]


class Formula:
    """A formula that more points could have refuted than fix it. Quasi-polynomials and recurrences can be called.

    >>> import cosetta
    >>> f = cosetta.fit([n * n // 4 for n in range(3, 13)], start=3).formulas[0]
    >>> f
    floor(n^2 / 4)  for n >= 3; 4 points fix it, 6 more were held out and agree
    >>> f(100), f.next
    (2500, (13, 42))
    """

    #: ``"quasi-polynomial"``, ``"recurrence"`` or ``"product"``.
    kind: str
    text: str
    description: str
    #: It holds for the rows from n = start to n = end.
    start: int
    end: int
    period: int
    degree: int
    order: int
    #: Of quasi-polynomials: coefficients from the constant one up, ``fractions.Fraction``, for each residue of n modulo the period.
    classes: dict[int, list[Fraction]]
    #: Of recurrences: a(n) = coefficients[0] a(n - step) + coefficients[1] a(n - 2 step) + ...
    coefficients: list[Fraction]
    #: Points that fix the coefficients.
    fixed_by: int
    #: Points that could have refuted it, and agree.
    held_out: int
    #: (n, value) of the rows before ``start``.
    exceptions: list[tuple[int, int]]
    #: At most: that data as smooth as these, but without a formula, would have passed.
    chance: float
    #: (n, value) that it says of the next n, which is the next test.
    next: Optional[tuple[int, int]]

    def __init__(self, raw: dict[str, Any], rows: list[tuple[int, int]]):
        self.__dict__ = raw
        self._rows = rows

    def __call__(self, n: int) -> Union[int, Fraction]:
        """The value at n, exact. Raises ValueError where it says nothing of n: of products, before ``start``, and between rows in steps."""
        n = whole("n", n)
        if n < self.start:
            raise ValueError(f"{self.text}: it holds for n >= {self.start}, and says nothing of {n}")
        ns = [at for at, _ in self._rows]
        step = math.gcd(*(b - a for a, b in zip(ns, ns[1:])))
        if step and (n - ns[0]) % step != 0:
            raise ValueError(f"{self.text}: the rows have n = {ns[0]}, {ns[0] + step}, ...: it says nothing of n = {n}")
        if self.kind == "recurrence":
            return self._continued(n, step)
        coefficients = self.classes.get(n % self.period) if self.classes else None
        if coefficients is None:
            raise ValueError(f"{self.text}: it says nothing of n = {n}")
        value = sum((c * n**i for i, c in enumerate(coefficients)), Fraction(0))
        return int(value) if value.denominator == 1 else value

    def _continued(self, n: int, step: int) -> Union[int, Fraction]:
        known: dict[int, Any] = dict(self._rows)
        for at in range(max(known) + step, n + 1, step):
            value = sum((c * known[at - (i + 1) * step] for i, c in enumerate(self.coefficients)), Fraction(0))
            known[at] = int(value) if value.denominator == 1 else value
        return known[n]

    def __repr__(self) -> str:
        return f"{self.text}  for n >= {self.start}; {self.fixed_by} points fix it, {self.held_out} more were held out and agree"


class Fit:
    """What :func:`fit` found: formulas, the one that the fewest points fix first, and why there is none of the other kinds. False where all were refused."""

    #: Rows that were given, and those of them that are exact: no others are fitted.
    rows: int
    exact_rows: int
    formulas: list[Formula]
    #: (kind, reason).
    refused: list[tuple[str, str]]
    #: (number in the OEIS, name, first term, terms skipped, terms that agree).
    sequences: list[tuple[str, str, int, int, int]]
    #: What ``cosetta fit`` prints.
    text: str

    def __init__(self, raw: dict[str, Any], rows: list[tuple[int, int]]):
        self.__dict__ = raw
        self.formulas = [Formula(f, rows) for f in raw["formulas"]]

    def __bool__(self) -> bool:
        return bool(self.formulas)

    def __repr__(self) -> str:
        return self.text.rstrip("\n")


_GREATEST_N = 10**12  # as in the files of the command line


def _fit_rows(values: Any, start: int, step: int) -> list[tuple[int, int, bool]]:
    start, step = whole("start", start, _GREATEST_N), whole("step", step, _GREATEST_N)
    if isinstance(values, Mapping):
        pairs: list[Any] = list(values.items())
    else:
        given = list(values)
        if given and all(isinstance(v, (tuple, list, np.ndarray)) and len(v) == 2 for v in given):
            pairs = given
        else:
            pairs = [(start + step * i, v) for i, v in enumerate(given)]
    try:
        return [(whole("n", n, _GREATEST_N), operator.index(v), True) for n, v in pairs]
    except (TypeError, ValueError) as e:
        if isinstance(e, ParseError):
            raise
        raise ParseError("values to fit are whole numbers: v(start), v(start + 1), ..., pairs (n, v), or a dict {n: v}") from None


def fit(
    values: Any,
    *,
    start: int = 1,
    step: int = 1,
    max_period: int = 6,
    max_degree: int = 4,
    max_order: int = 16,
    max_exceptions: Optional[int] = None,
    held_share: float = 0.4,
    max_chance: float = 0.05,
    oeis: Union[str, os.PathLike[str], None] = None,
) -> Fit:
    """Formulas through exact values that could have been refuted, as ``cosetta fit``: quasi-polynomials, linear recurrences, products of powers and factorials.

    ``values``: v(start), v(start + step), ..., pairs (n, v), or a dict. All have to be proven: leave bounds out. ``oeis``: your copy of the OEIS's
    ``stripped.gz``. ``max_period`` is at most 30, ``max_degree`` 12, ``max_order`` 200. Raises ParseError, DomainError where an n occurs twice,
    KeyboardInterrupt.

    >>> import cosetta
    >>> cosetta.fit({n: cosetta.growth(f"lrx:{n}").diameter for n in range(4, 11)}).formulas[0].text
    'n (n - 1) / 2'
    >>> bool(cosetta.fit([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]))
    False
    """
    rows = _fit_rows(values, start, step)
    return _fit(rows, max_period, max_degree, max_order, max_exceptions, held_share, max_chance, oeis)


def _fit(rows: list[tuple[int, int, bool]], max_period: int = 6, max_degree: int = 4, max_order: int = 16, max_exceptions: Optional[int] = None, held_share: float = 0.4,
         max_chance: float = 0.05, oeis: Any = None) -> Fit:
    if not isinstance(held_share, Real) or not isinstance(max_chance, Real):
        raise ParseError(f"held_share {held_share!r}, max_chance {max_chance!r}: expected numbers")
    raw = _cosetta.fit(
        rows,
        max(natural("max_period", max_period), 1),
        natural("max_degree", max_degree),
        max(natural("max_order", max_order), 1),
        optional_natural("max_exceptions", max_exceptions),
        float(held_share),
        float(max_chance),
        path_text(oeis),
    )
    return Fit(raw, sorted((n, v) for n, v, exact in rows if exact))


class Shapes:
    """Which distribution a growth is like: four of them fitted by moments and least squares."""

    mean: float
    sd: float
    skewness: float
    excess: float
    #: The nearest of the shapes, as ``fits`` calls them.
    best: str
    #: For each shape ``location``, ``scale``, ``slant``, ``kolmogorov``, ``chi_square``, ``rms``.
    fits: dict[str, dict[str, float]]
    text: str

    def __init__(self, raw: dict[str, Any]):
        self.__dict__ = raw

    def __repr__(self) -> str:
        return self.text.rstrip("\n")


def fit_shapes(layers: Union[Sequence[Number], np.ndarray]) -> Shapes:
    """The distribution of the distance of a random state against Gaussian, Gumbel, reflected Gumbel and skew-normal ones, as ``cosetta fit --shape``.

    >>> import cosetta
    >>> shapes = cosetta.fit_shapes(cosetta.growth("lrx:9").layers)
    >>> shapes.fits[shapes.best]["kolmogorov"] < 0.02
    True
    """
    return Shapes(_cosetta.fit_shapes([float(n) for n in layers]))


class SweepResult:
    """What a sweep did. The graphs are in the store."""

    name: str
    #: ``"exact"``, or ``"lower_bound"``: some rows are bounds, lack a measure or failed, or time ran out; ``"interrupted"``: a handler of SIGINT did not raise.
    status: str
    graphs: int
    done: int
    reused: int
    left: int
    lower_bounds: int
    #: (label, reason).
    failures: list[tuple[str, str]]
    seconds: float

    def __init__(self, raw: dict[str, Any]):
        self.__dict__ = raw

    def __repr__(self) -> str:
        more = f", {self.lower_bounds} of them bounds" if self.lower_bounds else ""
        return f"{self.name}: {self.graphs} graphs, {self.done} done, {self.reused} reused, {len(self.failures)} failed{more}" + (f", {self.left} left" if self.left else "")


class Store:
    """The store of the conjecture laboratory: one SQLite file, which ``cosetta conjecture`` shares. Made by :func:`store`.

    >>> import cosetta, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> lab = cosetta.store(folder.name + "/research.db")
    >>> lab.sweep({"name": "lrx", "graphs": [{"family": "lrx:{n}", "n": [4, 10]}], "measures": ["diameter"]})
    lrx: 7 graphs, 7 done, 0 reused, 0 failed
    >>> lab.columns("lrx")["diameter"]
    array([ 6, 10, 15, 21, 28, 36, 45])
    >>> lab.fit("lrx")["lrx:{n}"].formulas[0].text
    'n (n - 1) / 2'
    """

    def __init__(self, path: Union[str, os.PathLike[str]], write: bool = True):
        name = os.fspath(path)
        if not name:
            raise ParseError("store: the name of its file is empty")
        self._store: Optional[_cosetta.Store] = _cosetta.Store(name, bool(write))
        self._writes = write

    @property
    def _open(self) -> _cosetta.Store:
        if self._store is None:
            raise DomainError("the store is closed")
        return self._store

    @property
    def path(self) -> str:
        return self._open.path

    def close(self) -> None:
        self._store = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._store is None:
            return "closed store"
        sweeps = ", ".join(f"{name} ({graphs})" for name, graphs, _ in self._store.sweeps())
        return f"{self.path}  sweeps: {sweeps or 'none'}"

    def sweeps(self) -> dict[str, tuple[int, int]]:
        """For each sweep its number of graphs, and how many of them are exact."""
        return {name: (graphs, exact) for name, graphs, exact in self._open.sweeps()}

    def sweep(
        self,
        specification: Union[Mapping[str, Any], str, os.PathLike[str]],
        *,
        shard: Optional[tuple[int, int]] = None,
        time: Union[float, str, None] = None,
        memory: Amount = None,
        threads: Optional[int] = None,
        progress: Optional[Callable[..., Any]] = None,
    ) -> SweepResult:
        """Computes what a specification names and the store does not have yet, on all cores, as ``cosetta conjecture sweep``.

        ``specification``: a dict, a JSON file, or JSON text (``cosetta conjecture sweep --help`` lists its parts). What is finished is in the store at
        once: after KeyboardInterrupt, or when ``time`` is over, the same call goes on. ``shard=(1, 4)``: the first of four parts.
        ``progress(total, done, reused, failed, seconds)``.
        """
        if isinstance(specification, Mapping):
            name, text = str(specification.get("name", "sweep")), json.dumps(specification, default=_json_number)
        elif isinstance(specification, str) and specification.lstrip().startswith("{"):
            name, text = "specification", specification
        else:
            name = os.fspath(specification)
            with open(name, encoding="utf-8") as file:
                text = file.read()
        try:
            part, parts = (1, 1) if shard is None else map(operator.index, shard)
        except (TypeError, ValueError):
            part = parts = 0
        if not 1 <= part <= parts < 2**63:
            raise ParseError(f"shard {shard!r}: expected (i, n) with 1 <= i <= n")
        self._check_writes()
        return SweepResult(self._open.sweep(text, name, part, parts, "cosetta.Store.sweep", limits(threads, memory, time), progress))

    def rows(self, sweep: str = "") -> list[dict[str, Any]]:
        """The graphs of a sweep in their order, or of all: label, parameters, key, generators, measures and provenance. Raises DomainError where there is no such sweep."""
        found = self._open.rows(sweep)
        if sweep and not found:
            raise DomainError(f"{self.path}: no sweep {sweep!r}; there are {', '.join(self.sweeps()) or 'none'}")
        for row in found:
            row["generators"] = json.loads(row["generators"])
            row["central_state"] = json.loads(row["central_state"]) if row["central_state"] else None
            if "last_layer" in row:
                row["last_layer"] = np.array(row["last_layer"], dtype=np.int64)
        return found

    def columns(self, sweep: str = "") -> dict[str, np.ndarray]:
        """The same by columns, parameters among them, for ``pandas.DataFrame`` and plots. Numbers are int64 where all rows have them, otherwise float64 with NaN, or Python's integers where they pass 63 bits; the rest is of objects."""
        rows = [{**{k: v for k, v in row.items() if k not in ("parameters", "provenance")}, **row["parameters"]} for row in self.rows(sweep)]
        names: dict[str, None] = {}
        for row in rows:
            names.update(dict.fromkeys(row))
        return {name: _column([row.get(name) for row in rows]) for name in names}

    def tables(self, sweep: str, measure: str = "diameter") -> dict[str, dict[str, Any]]:
        """A measure (diameter, last_sphere, girth, order) of a sweep's families along the parameter that takes most values: for each family, and each choice of its other parameters, ``parameter``, and ``rows`` (n, value, proven)."""
        found = self._open.tables(sweep, measure)
        if not found:
            self.rows(sweep)  # raises where there is no such sweep
            raise DomainError(f"{self.path}: the graphs of {sweep!r} have no {measure} along a parameter: sweep a family with a range")
        return {title: {"parameter": along, "rows": rows} for title, along, rows in found}

    def fit(self, sweep: str, measure: str = "diameter", **options: Any) -> dict[str, Fit]:
        """Formulas through each of :meth:`tables`, as ``cosetta conjecture fit``. Options as :func:`fit`. Only proven values are fitted."""
        return {title: _fit(table["rows"], **options) for title, table in self.tables(sweep, measure).items()}

    def merge(self, *others: Union[str, os.PathLike[str]]) -> None:
        """Takes in other stores, such as those of shards: proofs take the place of bounds, and proofs that contradict each other are refused."""
        self._check_writes()
        for other in others:
            if os.path.exists(other) and os.path.samefile(other, self.path):
                raise DomainError(f"{os.fspath(other)}: a store cannot be merged into itself")
            self._open.merge(os.fspath(other))

    def _check_writes(self) -> None:
        if not self._writes:
            raise DomainError(f"{self.path}: opened to be read only: open it with write=True")


def _column(values: list[Any]) -> np.ndarray:
    there = [v for v in values if v is not None]
    if there and all(type(v) is bool for v in there) and len(there) == len(values):
        return np.array(values, dtype=bool)
    if there and all(type(v) in (int, float) for v in there):
        whole = all(type(v) is int for v in there)
        if whole and len(there) == len(values):
            return np.array(values, dtype=np.int64 if all(abs(v) < 2**63 for v in there) else object)
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def store(path: Union[str, os.PathLike[str]], *, write: bool = True) -> Store:
    """Opens the store in a file, which is made where there is none; ``write=False`` only reads. Raises ParseError for what is no store, or of a newer version, and BackendError where it cannot be opened."""
    return Store(path, write)
