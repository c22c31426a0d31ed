"""Graphs, their states and their edges."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Iterable, Mapping, Optional, Sequence, Union

import numpy as np

from . import _cosetta
from ._limits import int64, limits, natural, whole
from .errors import DomainError, ParseError

if TYPE_CHECKING:
    from ._group import Group
    from ._growth import Diameter, Growth
    from ._search import Path, Solution, Solutions, Walks

States = Union[str, Sequence[Any], np.ndarray]


class Graph:
    """A Cayley or Schreier graph: generators and a central state. Made by :func:`graph`; nothing is enumerated before it is asked for.

    A state of a graph of permutations is a row of ``degree`` labels, and generator ``p`` moves it to ``new[i] = old[p[i]]``; a state of a graph of
    matrices is a matrix, and generator ``G`` moves it to ``G @ state``. Words are applied from left to right. Points count from 0.

    >>> import cosetta
    >>> g = cosetta.graph("lrx:5")
    >>> g
    lrx:5  Cayley graph, degree 5, generators L R X, undirected
    >>> g.growth().layers
    array([ 1,  3,  6, 10, 16, 24, 29, 21,  6,  3,  1])
    >>> g.path([4, 3, 2, 1, 0]).length
    8
    """

    __slots__ = ("_core", "_origin", "_tables")

    def __init__(self, core: _cosetta.Graph, origin: Optional[str] = None):
        self._core = core
        self._origin = origin  # text that makes it again
        self._tables: Optional[_cosetta.PathTables] = None

    # ------------------------------------------------------------------------------------------------------------ what it is

    @property
    def spec(self) -> str:
        """The text that names it: a catalogue name, a file, or the name that was given."""
        return self._core.spec

    @property
    def kind(self) -> str:
        """``"cayley"``, or ``"schreier"`` where labels of the central state are equal."""
        return "cayley" if self._core.is_cayley else "schreier"

    @property
    def degree(self) -> int:
        """Points of a permutation, rows of a matrix."""
        return self._core.degree

    @property
    def modulus(self) -> int:
        """Of the entries of matrices; 0 over the integers, and for permutations."""
        return self._core.modulus

    @property
    def is_matrix(self) -> bool:
        """Whether the generators are matrices."""
        return self._core.is_matrix

    @property
    def inverse_closed(self) -> bool:
        """Whether the inverse of each generator is a generator, so that the graph is undirected."""
        return self._core.inverse_closed

    @property
    def generator_names(self) -> list[str]:
        return self._core.names

    @property
    def generators(self) -> np.ndarray:
        """int64: image arrays, (number of generators, degree), or matrices, (number of generators, degree, degree)."""
        return self._core.generators()

    @property
    def central_state(self) -> np.ndarray:
        """int64, of shape :attr:`state_shape`."""
        return self._core.central()

    @property
    def state_shape(self) -> tuple[int, ...]:
        """(degree,), or (degree, columns) for matrices."""
        return (self._core.degree, self._core.columns) if self._core.is_matrix else (self._core.degree,)

    @property
    def known_diameter(self) -> Optional[int]:
        """The diameter, where the catalogue has a proof of it in the literature."""
        return self._core.known_diameter

    @property
    def known_states(self) -> Optional[int]:
        """The number of states, where the catalogue knows it."""
        return self._core.known_states

    def __len__(self) -> int:
        """The number of generators."""
        return len(self._core.names)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        names = self._core.names
        shown = " ".join(names[:8]) + (f" ... ({len(names)})" if len(names) > 8 else "")
        kind = "Cayley" if self._core.is_cayley else "Schreier"
        return f"{self.spec}  {kind} graph, degree {self.degree}, generators {shown}, {'undirected' if self.inverse_closed else 'directed'}"

    def __eq__(self, other: object) -> bool:
        """The same generators under the same names, and the same central state."""
        if not isinstance(other, Graph):
            return NotImplemented
        return (
            self.generator_names == other.generator_names
            and self.modulus == other.modulus
            and np.array_equal(self.generators, other.generators)
            and np.array_equal(self.central_state, other.central_state)
        )

    def __hash__(self) -> int:
        return hash((self.modulus, self.generators.tobytes(), self.central_state.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        if self._origin is not None:
            return graph, (self._origin,)
        return graph, (self.to_dict(),)

    def to_dict(self) -> dict[str, Any]:
        """The definition, as :func:`graph` and ``cosetta growth -`` (as JSON) take it.

        >>> import cosetta
        >>> cosetta.graph("lx:3").to_dict()
        {'name': 'lx:3', 'generators': [[1, 2, 0], [1, 0, 2]], 'generator_names': ['L', 'X'], 'central_state': [0, 1, 2]}
        """
        out: dict[str, Any] = {"name": self.spec, "generators": self.generators.tolist(), "generator_names": self.generator_names, "central_state": self.central_state.tolist()}
        if self.is_matrix:
            out["modulus"] = self.modulus
        return out

    def with_central_state(self, central: Union[str, Sequence[int], np.ndarray]) -> Graph:
        """The same generators around another central state: text as ``"000111"`` or ``"0,0,1,1"``, or an array.

        >>> import cosetta
        >>> cosetta.graph("lrx:6").with_central_state("000111").growth().states
        20
        """
        return Graph(_around(self._core, central))

    def with_inverses(self) -> Graph:
        """The same graph with missing inverses appended."""
        return Graph(self._core.with_inverses())

    # ---------------------------------------------------------------------------------------------------------------- states

    def state(self, text: str, *, one_based: bool = False) -> np.ndarray:
        """A state from text: ``"[1,0,2]"``, ``"0011"``, cycles ``"(0 1)(2 3)"``, a word ``"@L.L.X"`` from the central state, a matrix ``"[[1,1],[0,1]]"``.

        >>> import cosetta
        >>> cosetta.graph("lrx:4").state("@L.X")
        array([2, 1, 3, 0])
        """
        return self._core.state(text, 1 if one_based else 0)

    def _rows(self, states: States) -> tuple[np.ndarray, bool]:
        """Contiguous rows (k, labels) of whatever integers they are, and whether it was one state."""
        if isinstance(states, str):
            return self._core.state(states, 0).reshape(1, -1), True
        if isinstance(states, (list, tuple)) and states and all(isinstance(s, str) for s in states):
            return np.stack([self._core.state(s, 0).reshape(-1) for s in states]), False
        try:
            rows = np.asarray(states)
        except ValueError:  # rows of different lengths
            raise DomainError(f"{self.spec}: the states differ in length: expected arrays of shape (k, {', '.join(map(str, self.state_shape))})") from None
        shape = self.state_shape
        width = int(np.prod(shape))
        if rows.dtype.kind not in "iu":
            if rows.size:
                raise DomainError(f"{self.spec}: states are arrays of integers, not of {rows.dtype}")
            rows = rows.astype(np.int64).reshape((0,) + shape)
        for one in {shape, (width,)}:
            if rows.shape == one:
                return np.ascontiguousarray(rows).reshape(1, width), True
            if rows.ndim == len(one) + 1 and rows.shape[1:] == one:
                return np.ascontiguousarray(rows).reshape(-1, width), False
        expected = ", ".join(map(str, shape))
        raise DomainError(f"{self.spec}: states of shape {rows.shape}: expected (k, {expected}), or ({expected}{',' if len(shape) == 1 else ''}) for one state")

    def _labels(self, states: States) -> tuple[np.ndarray, bool]:
        rows, one = self._rows(states)
        return int64(rows, self.spec), one

    def _word(self, word: Union[str, Iterable[Any]]) -> list[int]:
        if isinstance(word, str):
            return self._core.word(word[1:] if word.startswith("@") else word)
        names = self._core.names
        out = []
        for letter in word:
            if isinstance(letter, str):
                out += self._core.word(letter)
                continue
            number = natural("generator", letter)
            if number >= len(names):
                raise DomainError(f"{self.spec}: generator {number}: there are {len(names)}")
            out.append(number)
        return out

    def apply(self, word: Union[str, Iterable[Any]], states: Optional[States] = None) -> np.ndarray:
        """Where a word leads, from left to right: text ``"L.L.X"``, or numbers or names of generators.

        ``states``: one or many, (k, degree); without it the central state. Returns int64 of the same shape.

        >>> import cosetta
        >>> g = cosetta.graph("lrx:4")
        >>> g.apply("L.X")
        array([2, 1, 3, 0])
        >>> g.apply([0, 2], [[0, 1, 2, 3], [3, 2, 1, 0]])
        array([[2, 1, 3, 0],
               [1, 2, 0, 3]])
        """
        rows, one = self._labels(self.central_state if states is None else states)
        out = self._core.apply(rows, self._word(word))
        return out[0] if one else out

    def neighbors(self, states: States) -> np.ndarray:
        """All out-neighbours: of (k, degree) states the rows (k * number of generators, degree), those of the first state first, in the order of the generators.

        The array has the type of ``states``, any integers; contiguous arrays are read where they are.

        >>> import cosetta
        >>> cosetta.graph("lrx:4").neighbors([[0, 1, 2, 3]])
        array([[1, 2, 3, 0],
               [3, 0, 1, 2],
               [1, 0, 2, 3]])
        """
        rows, _ = self._rows(states)
        if self.is_matrix:
            rows = rows.astype(np.int64, copy=False)
            if self.modulus:
                rows = rows % self.modulus
        elif not rows.dtype.isnative:
            rows = rows.astype(rows.dtype.newbyteorder("="))
        return self._core.neighbors(rows).reshape((-1,) + self.state_shape)

    # ----------------------------------------------------------------------------------------------------------- long work

    def growth(self, **options: Any) -> Growth:
        """Sphere sizes: see :func:`growth`."""
        from ._growth import growth

        return growth(self, **options)

    def diameter(self, **options: Any) -> Diameter:
        """The diameter, or proven bounds: see :func:`diameter`."""
        from ._growth import diameter

        return diameter(self, **options)

    def path(self, state: States, to: Optional[States] = None, **options: Any) -> Path:
        """A proven shortest word from a state to the central state, or to another one: see :func:`path`."""
        from ._search import path

        return path(self, state, to, **options)

    def solve(self, states: States, **options: Any) -> Union[Solution, Solutions]:
        """Short words from states to the central state: see :func:`solve`."""
        from ._search import solve

        return solve(self, states, **options)

    def walks(self, count: int, length: int = 0, **options: Any) -> Walks:
        """Random walks and random states: see :func:`walks`."""
        from ._search import walks

        return walks(self, count, length, **options)

    def group(self, **options: Any) -> Group:
        """The group that the generators generate: see :func:`group`."""
        from ._group import group

        return group(self, **options)

    # --------------------------------------------------------------------------------------------------------- the whole graph

    def plot(self, **options: Any) -> Any:
        """A picture of a small graph: see :func:`plot_graph`."""
        from ._figures import plot_graph

        return plot_graph(self, **options)

    def vertices(self, max_vertices: int = 100_000) -> dict[str, np.ndarray]:
        """All vertices and edges, for graphs that are small enough: ``vertices`` (V, degree) breadth-first from the central state, ``distance`` (V,), and ``targets`` (V, number of generators).

        Raises ResourceError where there are more than ``max_vertices``.

        >>> import cosetta
        >>> whole = cosetta.graph("lrx:3").vertices()
        >>> whole["distance"]
        array([0, 1, 1, 1, 2, 2], dtype=int32)
        >>> whole["targets"][0]
        array([1, 2, 3], dtype=int32)
        """
        return self._core.written_out(natural("max_vertices", max_vertices))

    def to_scipy(self, max_vertices: int = 1_000_000) -> Any:
        """The adjacency matrix as ``scipy.sparse.csr_matrix`` of int32: entry (v, w) is the number of generators that lead from v to w. Vertices as in :meth:`vertices`.

        >>> import cosetta
        >>> a = cosetta.graph("coxeter:4").to_scipy()
        >>> a.shape, int(a.sum())
        ((24, 24), 72)
        """
        from scipy.sparse import csr_matrix

        targets = self.vertices(max_vertices)["targets"]
        count, degree = targets.shape
        pointers = np.arange(0, count * degree + 1, degree, dtype=np.int32 if count * degree < 2**31 else np.int64)
        out = csr_matrix((np.ones(targets.size, dtype=np.int32), targets.reshape(-1).astype(pointers.dtype, copy=False), pointers), shape=(count, count))
        out.sum_duplicates()
        return out

    def to_networkx(self, max_vertices: int = 100_000) -> Any:
        """``networkx.Graph``, or ``DiGraph`` where the generators are not closed under inversion. Nodes are the numbers of :meth:`vertices` with ``state`` (a tuple of labels) and ``distance``; edges have ``generators``, the names of those that lead along it.

        Of an undirected edge they are those that lead from the node with the smaller number. Loops are kept.

        >>> import cosetta
        >>> n = cosetta.graph("lrx:4").to_networkx()
        >>> n.number_of_nodes(), n.number_of_edges()
        (24, 36)
        >>> n.nodes[1]["state"], n.edges[0, 1]["generators"]
        ((1, 2, 3, 0), ['L'])
        """
        import networkx

        whole = self.vertices(max_vertices)
        out = networkx.Graph() if self.inverse_closed else networkx.DiGraph()
        states = whole["vertices"].reshape(len(whole["vertices"]), -1).tolist()
        out.add_nodes_from((v, {"state": tuple(s), "distance": d}) for v, (s, d) in enumerate(zip(states, whole["distance"].tolist())))
        names = self.generator_names
        edges: dict[tuple[int, int], list[str]] = {}
        for v, row in enumerate(whole["targets"].tolist()):
            for name, w in zip(names, row):
                if not self.inverse_closed or v <= w:
                    edges.setdefault((v, w), []).append(name)
        out.add_edges_from((v, w, {"generators": letters}) for (v, w), letters in edges.items())
        out.graph["name"] = self.spec
        return out


def _entries(core: _cosetta.Graph, central: Union[Sequence[int], np.ndarray]) -> list[int]:
    try:
        flat = np.asarray(central, dtype=object).reshape(-1)
    except ValueError:
        raise DomainError("central: the rows differ in length") from None
    numbers = [whole("central entry", x) if core.is_matrix else natural("central label", x) for x in flat]
    if core.is_matrix:
        numbers = [x % core.modulus if core.modulus else x % 2**64 for x in numbers]
    return numbers


def _around(core: _cosetta.Graph, central: Union[str, Sequence[int], np.ndarray]) -> _cosetta.Graph:
    if isinstance(central, str):
        return core.with_central(_cosetta.parse_pattern(central))
    return core.with_central(_entries(core, central))


def _json_number(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return x.tolist()
    if isinstance(x, np.integer):
        return int(x)
    raise ParseError(f"{type(x).__name__} in the definition of a graph: expected lists, numbers and text")


def _from_arrays(generators: Any, names: Optional[Sequence[str]], modulus: int, name: Optional[str], one_based: bool, closure: str) -> _cosetta.Graph:
    title = "graph" if name is None else name
    try:
        table = np.asarray(generators)
    except ValueError:
        table = np.asarray([], dtype=object)
    if table.ndim not in (2, 3) or not table.size or table.dtype.kind not in "iu":
        raise DomainError(f"{title}: generators are integers of shape (number, degree) for permutations, or (number, n, n) for matrices; these are not, or differ in length")
    if names is not None and len(names) != len(table):
        raise DomainError(f"{title}: {len(names)} names for {len(table)} generators")
    labels = [f"g{i}" for i in range(len(table))] if names is None else [str(x) for x in names]
    if len(set(labels)) != len(labels):
        twice = next(x for i, x in enumerate(labels) if x in labels[:i])
        raise DomainError(f"{title}: two generators have the name {twice!r}: words would not say which")
    table = int64(table, title)
    if table.ndim == 2:
        if modulus:
            raise DomainError(f"{title}: a modulus is that of matrices, and these are permutations")
        return _cosetta.Graph.from_permutations(title, table - 1 if one_based else table, labels, None, closure)
    return _cosetta.Graph.from_matrices(title, table, modulus, labels, None, closure)


def _is_json(definition: Any) -> bool:
    """As opposed to a dict of generators by name."""
    return any(key in definition for key in ("generators", "moves", "spec", "graphs"))


def _check_options(definition: Any, given: dict[str, bool]) -> None:
    """What a definition says itself cannot be said again."""
    if isinstance(definition, Graph):
        what, wrong = "a graph", ("names", "modulus", "name", "one_based", "directed")
    elif isinstance(definition, str):
        is_json = definition.lstrip().startswith("{")
        what, wrong = ("JSON", ("names", "modulus")) if is_json else (repr(definition[:60]), ("names", "modulus", "name"))
    elif isinstance(definition, Mapping):
        what, wrong = ("a dict with these keys", ("names", "modulus")) if _is_json(definition) else ("a dict of generators by name", ("names",))
    elif hasattr(definition, "generators_type") or hasattr(definition, "definition"):
        what, wrong = "a definition of CayleyPy", ("names", "modulus", "name", "one_based", "directed")
    else:
        return
    for option in wrong:
        if given[option]:
            hint = "; write it into the text, as in 'heisenberg:3,modulo=5'" if option == "modulus" and isinstance(definition, str) else ""
            raise ParseError(f"{option} does not apply to {what}: it says that itself{hint}")


def graph(
    definition: Any,
    *,
    central: Union[str, Sequence[int], np.ndarray, None] = None,
    names: Optional[Sequence[str]] = None,
    modulus: int = 0,
    name: Optional[str] = None,
    directed: bool = False,
    inverse_closed: bool = False,
    one_based: bool = False,
    seed: int = 1,
    time: Union[float, str, None] = None,
) -> Graph:
    """A graph, from whatever says which.

    ``definition``: what the command line takes (``"lrx:8"``, ``"top_spin:12,k=4"``, ``"fp:a,b|a^2,b^3,(a*b)^5"``, a file), JSON text or a dict of
    the same form, generators as arrays or lists, a dict of them by name, a definition of CayleyPy (:mod:`cosetta.compat.cayleypy`), or a graph.
    Permutations are image arrays, (number, degree); matrices are (number, n, n), over Z/``modulus``, or over the integers where it is 0.

    ``central`` replaces the central state; ``inverse_closed`` adds missing inverses, ``directed`` keeps the generators as they are where the format
    would add them; ``one_based``: points count from 1 in the definition; ``seed``: of random families; ``time``: of the enumeration of cosets.

    Raises ParseError (options that do not apply, too), DomainError (no bijection, a singular matrix, a name twice), ResourceError, LimitError.

    >>> import cosetta
    >>> cosetta.graph([[1, 2, 3, 0], [1, 0, 2, 3]], names=["L", "X"], inverse_closed=True).generator_names
    ['L', 'X', "L'"]
    >>> cosetta.graph({"a": [1, 0, 2], "b": [0, 2, 1]}).growth().layers
    array([1, 2, 2, 1])
    >>> cosetta.graph([[[1, 1], [0, 1]]], modulus=5, name="unipotent").growth().diameter
    4
    >>> cosetta.graph("lrx:6", central="000111").kind
    'schreier'
    """
    if directed and inverse_closed:
        raise ParseError("directed and inverse_closed exclude each other")
    closure = "directed" if directed else "inverse_closed" if inverse_closed else "auto"
    first = 1 if one_based else 0
    origin = None
    modulus = natural("modulus", modulus)
    if isinstance(definition, os.PathLike):
        definition = os.fspath(definition)
    _check_options(definition, {"names": names is not None, "modulus": modulus != 0, "name": name is not None, "one_based": bool(one_based), "directed": bool(directed)})
    if isinstance(definition, Graph):
        core = definition._core
        if inverse_closed:
            core = core.with_inverses()
    elif isinstance(definition, str) and not definition.lstrip().startswith("{"):
        if definition == "-":
            raise ParseError("'-' is the standard input of the command line: give the JSON text itself, or a dict")
        core = _cosetta.Graph.parse(definition, central if isinstance(central, str) else None, closure, first, natural("seed", seed), limits(None, None, time))
        if isinstance(central, str):
            central = None
        elif central is None and closure == "auto" and seed == 1 and ":" in definition and not os.path.exists(definition):
            origin = definition
    elif isinstance(definition, str):
        core = _cosetta.Graph.from_json(definition, name or "JSON", first, None, closure)
    elif isinstance(definition, Mapping):
        if not _is_json(definition):
            core = _from_arrays(list(definition.values()), [str(key) for key in definition], modulus, name, one_based, closure)
        else:
            core = _cosetta.Graph.from_json(json.dumps(definition, default=_json_number), name or str(definition.get("name", "graph")), first, None, closure)
    elif hasattr(definition, "generators_type") or hasattr(definition, "definition"):
        from .compat.cayleypy import to_graph

        out = to_graph(definition)
        core = out._core.with_inverses() if inverse_closed else out._core
    elif definition is None:
        raise ParseError("no definition of a graph was given")
    else:
        core = _from_arrays(definition, names, modulus, name, one_based, closure)
    if central is not None:
        core = _around(core, central)
    return Graph(core, origin)


def families() -> list[dict[str, Any]]:
    """The catalogue: name, aliases, parameters (name, meaning, whether it is required), definition and an example of each family.

    >>> import cosetta
    >>> [f["example"] for f in cosetta.families() if f["name"] == "lrx"]
    ['lrx:8']
    """
    return [
        {"name": name, "aliases": aliases, "parameters": [{"name": n, "meaning": m, "required": r} for n, m, r in parameters], "definition": definition, "example": example}
        for name, aliases, parameters, definition, example in _cosetta.families()
    ]


class Answer:
    """What an engine found about a graph; the fields are those of the extension's answer."""

    graph: Graph

    def __init__(self, graph: Graph, raw: dict[str, Any]):
        self.__dict__ = raw
        self.graph = graph
