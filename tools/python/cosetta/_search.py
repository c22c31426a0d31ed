"""Paths, short words and random walks."""

from __future__ import annotations

import os
from typing import Any, Callable, NamedTuple, Optional, Sequence, Union

import numpy as np

from . import _cosetta
from ._graph import Answer, Graph, States, graph as make_graph
from ._limits import Amount, choice, limits, natural, optional_natural, path_text, seconds, text
from .errors import DomainError, ParseError

Heuristic = Callable[[np.ndarray], Any]


class Path(Answer):
    """A proven shortest word, or the proof that there is none.

    >>> import cosetta
    >>> cosetta.path("lrx:5", [4, 3, 2, 1, 0])
    X.L.X.R.X.R.R.X   8  geodesic
    """

    #: ``"geodesic"``, ``"no_path"``, or ``"lower_bound"`` where a limit came first, ``"interrupted"`` where a handler of SIGINT did not raise.
    status: str
    #: ``"depth"``, ``"time"``, ``"memory"``, ``"interrupt"``, or None.
    limit: Optional[str]
    #: Names joined by dots, or None.
    word: Optional[str]
    #: Numbers of generators, int64, or None.
    moves: Optional[np.ndarray]
    length: Optional[int]
    #: No word is shorter; None where there is no path.
    lower_bound: Optional[int]
    #: Another shortest word was seen; False says nothing.
    several: bool
    #: Why there is no path.
    reason: str
    method: str
    nodes: int
    stored: int
    seconds: float

    @property
    def found(self) -> bool:
        return self.status == "geodesic"

    def __bool__(self) -> bool:
        return self.found

    def __len__(self) -> int:
        if self.length is None:
            raise ValueError(f"{self.graph.spec}: no path is known: {self!r}")
        return self.length

    def __repr__(self) -> str:
        if self.found:
            return f"{self.word}   {self.length}  geodesic"
        return f"no path ({self.reason})" if self.status == "no_path" else f"no path shorter than {self.lower_bound}"


def path(
    graph: Any,
    state: States,
    to: Optional[States] = None,
    *,
    method: str = "auto",
    max_depth: Optional[int] = None,
    distances: Union[str, os.PathLike[str], None] = None,
    tables: Union[int, str] = "128M",
    time: Union[float, str, None] = None,
    memory: Amount = None,
    threads: Optional[int] = None,
    progress: Optional[Callable[..., Any]] = None,
) -> Path:
    """A proven shortest word from ``state`` to the central state, or to the state ``to``, as ``cosetta path``.

    ``state``, ``to``: arrays of shape :attr:`Graph.state_shape`, or text as :meth:`Graph.state` reads it. ``method``: auto, bidirectional, ida, or
    table, which reads ``distances``, a file of ``growth(save_distances=...)``; ``tables``: bytes for pattern tables, which the graph keeps for the next
    call. Raises DomainError for what is no state of the graph, ResourceError, KeyboardInterrupt.

    >>> import cosetta
    >>> g = cosetta.graph("rubik_cube:2,metric=fixed_HTM")
    >>> p = g.path("@f0.r1.d0.f0")
    >>> p.length, bool((g.apply(p.moves, "@f0.r1.d0.f0") == g.central_state).all())
    (4, True)
    """
    if type(graph) is not Graph:
        graph = make_graph(graph)
    begin, one = graph._labels(state)
    end = None if to is None else graph._labels(to)
    if len(begin) != 1 or (end is not None and len(end[0]) != 1):
        raise DomainError(f"{graph.spec}: a path leads from one state to one state")
    if graph._tables is None:
        graph._tables = _cosetta.PathTables()
    bytes_ = _cosetta.parse_bytes(tables) if isinstance(tables, str) else natural("tables", tables)
    raw = _cosetta.path(
        graph._core,
        begin,
        None if end is None else end[0],
        text("method", method),
        optional_natural("max_depth", max_depth),
        path_text(distances),
        bytes_,
        graph._tables,
        limits(threads, memory, time),
        progress,
    )
    return Path(graph, raw)


class Solution(Answer):
    """A short word for one state; not proven shortest unless :attr:`geodesic`."""

    found: bool
    #: Proven: nothing takes the state to the goal.
    impossible: bool
    geodesic: bool
    limit: Optional[str]
    #: Names joined by dots, or None.
    word: Optional[str]
    #: Numbers of generators, int64, or None.
    moves: Optional[np.ndarray]
    #: ``"two-phase"``, ``"beam"``, ``"chain"``, ``"pattern"`` or ``"none"``.
    method: str
    reason: str
    seconds: float

    @property
    def length(self) -> Optional[int]:
        return None if self.moves is None else len(self.moves)

    def __bool__(self) -> bool:
        return self.found

    def __repr__(self) -> str:
        if self.found:
            return f"{self.word}   {self.length}  found, {'geodesic' if self.geodesic else 'not proven shortest'}"
        return "no path (proven)" if self.impossible else f"not found ({self.reason or self.limit or 'the beams came no nearer: raise beam or restarts'})"


class Solutions(Sequence[Solution]):
    """The words of many states, in their order."""

    def __init__(self, graph: Graph, plan: str, rows: list[dict[str, Any]]):
        self.graph = graph
        #: What the method works with, in a line.
        self.plan = plan
        self._rows = [Solution(graph, row) for row in rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, i: Any) -> Any:
        return self._rows[i]

    @property
    def words(self) -> list[Optional[str]]:
        return [row.word for row in self._rows]

    @property
    def lengths(self) -> np.ndarray:
        """int64; -1 where no word was found."""
        return np.array([-1 if row.length is None else row.length for row in self._rows], dtype=np.int64)

    @property
    def found(self) -> np.ndarray:
        return np.array([row.found for row in self._rows], dtype=bool)

    def __repr__(self) -> str:
        lengths = self.lengths
        solved = lengths[lengths >= 0]
        mean = f", {solved.mean():.2f} moves on average" if solved.size else ""
        return f"{self.graph.spec}  {solved.size} of {len(self)} solved{mean}  ({self.plan})"


def solve(
    graph: Any,
    states: States,
    *,
    to: Optional[States] = None,
    method: str = "auto",
    heuristic: Union[str, Heuristic] = "auto",
    beam: int = 4096,
    ball: int = 65536,
    attempts: int = 2,
    restarts: int = 2,
    max_length: Optional[int] = None,
    time_per_state: Union[float, str, None] = None,
    nodes: Optional[int] = None,
    network: Union[str, os.PathLike[str], None] = None,
    precision: str = "float32",
    inverses: bool = True,
    improve: bool = True,
    seed: int = 1,
    backend: str = "auto",
    time: Union[float, str, None] = None,
    memory: Amount = None,
    threads: Optional[int] = None,
    progress: Optional[Callable[..., Any]] = None,
) -> Union[Solution, Solutions]:
    """Short words from states to the central state, or to ``to``, as ``cosetta solve``: by subgroups, beams, or along a stabilizer chain.

    ``states``: one, or an array (k, degree), or a list of texts. One state gives a :class:`Solution`, many give :class:`Solutions`.

    ``heuristic`` orders the states of a beam: a name (pairs, rotation, gap, hamming, patterns), or a function. A function is called with an int64 array
    (k, degree) of states, some thousands at a time, and returns k numbers, estimates of the distances to the central state, of which only the order
    counts. Equal states have to get equal numbers. What it raises ends the search and is raised here.

    ``network``: a file of a trained network that orders them instead. ``beam``: states that go on from level to level; ``ball``: states of the exact ball
    around the goal; ``attempts``, ``restarts``: beams for each state; ``time_per_state``; ``nodes``: of the two-phase search.

    Raises DomainError for what is no permutation graph, or a state with other labels; ResourceError, KeyboardInterrupt. A limit that comes first leaves
    states unsolved.

    >>> import cosetta
    >>> g = cosetta.graph("lrx:8")
    >>> def misplaced(states):  # (k, 8) -> k numbers
    ...     return (states != g.central_state).sum(axis=1)
    >>> word = g.solve([1, 0, 3, 2, 5, 4, 7, 6], heuristic=misplaced, beam=200)
    >>> bool(word), bool((g.apply(word.moves, [1, 0, 3, 2, 5, 4, 7, 6]) == g.central_state).all())
    (True, True)
    """
    if type(graph) is not Graph:
        graph = make_graph(graph)
    rows, one = graph._labels(states)
    end = None if to is None else graph._labels(to)[0]
    if end is not None and len(end) != 1:
        raise DomainError(f"{graph.spec}: to: {len(end)} states: all words lead to one goal; call solve for each of several")
    function = heuristic if callable(heuristic) else None
    if not isinstance(heuristic, str) and function is None:
        raise ParseError(f"heuristic {heuristic!r}: expected a name or a function")
    if function is not None:
        if method not in ("auto", "beam") or network is not None or to is not None:
            raise ParseError("a function orders the states of a beam that leads to the central state: leave method, network and to out")
        if backend == "cuda":
            raise ParseError("a function orders states on the CPU: leave backend out")
    if network is not None and heuristic != "auto":
        raise ParseError("network and heuristic exclude each other")
    a = _cosetta.SolveArguments()
    a.method = text("method", method)
    a.heuristic = "given" if function is not None else heuristic
    a.network, a.precision = path_text(network), choice("precision", precision, ("float32", "int8"))
    a.backend = choice("backend", backend, ("auto", "cpu", "cuda"))
    a.beam, a.ball, a.attempts, a.restarts = (natural(n, x) for n, x in (("beam", beam), ("ball", ball), ("attempts", attempts), ("restarts", restarts)))
    a.max_length, a.nodes = optional_natural("max_length", max_length), optional_natural("nodes", nodes)
    if time_per_state is not None:
        a.time_per_state = seconds(time_per_state)
    a.inverses, a.improve, a.seed = bool(inverses), bool(improve), natural("seed", seed)
    raw = _cosetta.solve(graph._core, rows, end, a, function, limits(threads, memory, time), progress)
    if one:
        return Solution(graph, raw["rows"][0])
    return Solutions(graph, raw["plan"], raw["rows"])


class Walks(NamedTuple):
    """Random states, and how they were reached."""

    #: int64, (count, degree): the ends; with ``states="all"`` (count, length + 1, degree), the central state first.
    states: np.ndarray
    #: int32, (count, length): numbers of generators, with ``moves=True``.
    moves: Optional[np.ndarray]


def walks(
    graph: Any,
    count: int,
    length: int = 0,
    *,
    kind: str = "classic",
    states: str = "end",
    moves: bool = False,
    seed: int = 1,
    first: int = 0,
    distances: Union[str, os.PathLike[str], None] = None,
    backend: str = "auto",
    time: Union[float, str, None] = None,
    memory: Amount = None,
    threads: Optional[int] = None,
) -> Walks:
    """Random walks from the central state, and random states, as ``cosetta walks``.

    ``kind``: classic; non_backtracking, never the inverse of the generator before; group, uniform in the group; sphere, uniform at distance ``length``,
    by ``distances``, a file of ``growth(save_distances=...)``. ``states``: end, or all. Step j of walk ``first + i`` depends on the seed, on j and on
    ``first + i`` only. The length of a walk is not the distance of its end. Raises DomainError, ResourceError, KeyboardInterrupt.

    >>> import cosetta
    >>> ends, moves = cosetta.walks("lrx:6", 1000, 20, kind="non_backtracking", moves=True)
    >>> ends.shape, moves.shape
    ((1000, 6), (1000, 20))
    >>> g = cosetta.graph("lrx:6")
    >>> bool((g.apply(moves[7]) == ends[7]).all())
    True
    """
    if type(graph) is not Graph:
        graph = make_graph(graph)
    if natural("length", length) >= 2**32:
        raise ParseError(f"length {length}: walks have less than 2^32 steps")
    keeps_all = choice("states", states, ("end", "all")) == "all"
    choice("backend", backend, ("auto", "cpu", "cuda"))
    raw = _cosetta.walks(
        graph._core, natural("count", count), natural("length", length), text("kind", kind), natural("seed", seed), natural("first", first), keeps_all, bool(moves), path_text(distances), backend, limits(threads, memory, time)
    )
    return Walks(raw["states"], raw["moves"])


def distances(graph: Any, file: Union[str, os.PathLike[str]], states: States, *, time: Union[float, str, None] = None) -> np.ndarray:
    """Distances of states from the central state by a table that ``growth(save_distances=file)`` wrote: int64, (k,); -1 for what is no state of the graph."""
    if type(graph) is not Graph:
        graph = make_graph(graph)
    rows, one = graph._labels(states)
    out = _cosetta.distances(graph._core, path_text(file), rows, limits(None, None, time))
    return out[0] if one else out
