"""CayleyPy's names over Cosetta, and its definitions read.

``cosetta.graph`` takes a ``CayleyGraphDef`` or a ``CayleyGraph`` of CayleyPy as it is, which need not be installed. A notebook that begins with

    from cosetta.compat.cayleypy import CayleyGraph, CayleyGraphDef, PermutationGroups

runs on Cosetta's engines: the generators come in the same order, states move the same way (``new[i] = old[p[i]]``), and the sizes of the layers are the
same numbers. What is different: results are NumPy arrays, not tensors; nothing depends on hashes; states of a layer come in lexicographic order, and
vertices in breadth-first order; options about devices, hashing and batches are taken and ignored. docs/cayleypy.md has the two vocabularies side by side.

>>> result = CayleyGraph(PermutationGroups.lrx(5)).bfs()
>>> result.layer_sizes, result.diameter()
([1, 3, 6, 10, 16, 24, 29, 21, 6, 3, 1], 10)
>>> result.last_layer()
array([[1, 0, 4, 3, 2]])
"""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import Any, Callable, Optional, Union

import numpy as np

from .. import _cosetta
from .._graph import Graph, graph as make_graph
from .._limits import int64, natural
from ..errors import DomainError, ParseError, ResourceError

__all__ = [
    "BeamSearchResult",
    "BfsResult",
    "CayleyGraph",
    "CayleyGraphDef",
    "GeneratorType",
    "MatrixGenerator",
    "MatrixGroups",
    "PermutationGroups",
    "Puzzles",
    "create_graph",
    "prepare_graph",
    "to_graph",
]


class GeneratorType(Enum):
    """Of a graph."""

    PERMUTATION = 1
    MATRIX = 2


class MatrixGenerator:
    """A square matrix, and the number that entries are taken modulo; 0: over the integers."""

    def __init__(self, matrix: Any, modulo: int = 0):
        given = _array(matrix)
        if given.dtype.kind not in "iu":
            raise DomainError(f"a generator with entries of type {given.dtype}: expected integers")
        entries, modulo = int64(given, "a generator"), natural("modulo", modulo)
        if entries.ndim != 2 or entries.shape[0] != entries.shape[1]:
            raise DomainError(f"a generator of shape {entries.shape}: expected a square matrix")
        self.matrix = entries % modulo if modulo else entries
        self.modulo = modulo

    @staticmethod
    def create(matrix: Any, modulo: int = 0) -> MatrixGenerator:
        return MatrixGenerator(matrix, modulo)

    @property
    def n(self) -> int:
        return len(self.matrix)

    @property
    def inv(self) -> MatrixGenerator:
        """By exact arithmetic, modulo any number, too. Raises DomainError for what has no inverse."""
        closed = _cosetta.Graph.from_matrices("matrix", self.matrix[None], self.modulo, ["g"], None, "inverse_closed").generators()
        return MatrixGenerator(closed[-1], self.modulo)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MatrixGenerator) and self.modulo == other.modulo and np.array_equal(self.matrix, other.matrix)

    def __repr__(self) -> str:
        return f"MatrixGenerator({self.matrix.tolist()}, modulo={self.modulo})"


def _field(definition: Any, *names: str) -> Any:
    for name in names:
        value = definition.get(name) if isinstance(definition, dict) else getattr(definition, name, None)
        if value is not None and not callable(value):
            return value
    return None


def _array(x: Any) -> Any:
    """NumPy's view of whatever it is; tensors are fetched."""
    if hasattr(x, "detach"):
        x = x.detach().cpu().numpy()
    return np.asarray(x)


def _is_matrix(definition: Any, generators: Any) -> bool:
    kind = _field(definition, "generators_type")
    if kind is None:
        return len(generators) > 0 and (hasattr(generators[0], "matrix") or _array(generators[0]).ndim == 2)
    text = str(getattr(kind, "name", kind)).upper()
    if text in ("PERMUTATION", "1"):
        return False
    if text in ("MATRIX", "2"):
        return True
    raise ParseError(f"generators_type {kind!r}: expected PERMUTATION or MATRIX")


def to_graph(definition: Any) -> Graph:
    """The graph of a definition of CayleyPy: a ``CayleyGraphDef``, a ``CayleyGraph``, an object or a dict with fields of the same names.

    ``generators_type`` (PERMUTATION or MATRIX; told by the generators where it is missing), ``generators`` or ``generators_permutations`` or
    ``generators_matrices``, ``generator_names``, ``central_state``, ``name``.

    >>> to_graph({"generators_type": "PERMUTATION", "generators": [[1, 2, 0], [1, 0, 2]], "generator_names": ["a", "b"], "central_state": [0, 0, 1]})
    graph  Schreier graph, degree 3, generators a b, directed
    """
    if isinstance(definition, Graph):
        return definition
    if isinstance(definition, (CayleyGraph, CayleyGraphDef)):
        return definition.graph
    inner = _field(definition, "definition")
    if inner is not None:
        return to_graph(inner)
    generators = _field(definition, "generators")
    if generators is None:
        generators = [*(_field(definition, "generators_permutations") or []), *(_field(definition, "generators_matrices") or [])]
    if len(generators) == 0:
        raise ParseError("the definition has no generators")
    names = _field(definition, "generator_names")
    labels = [f"g{i}" for i in range(len(generators))] if names is None else [str(x) for x in names]
    title = str(_field(definition, "name") or "graph")
    modulus = 0
    if _is_matrix(definition, generators):
        moduli = {int(getattr(g, "modulo", 0)) for g in generators} if hasattr(generators[0], "matrix") else {int(_field(definition, "modulo", "modulus") or 0)}
        if len(moduli) != 1:
            raise DomainError(f"{title}: the generators are taken modulo different numbers: {sorted(moduli)}")
        modulus = moduli.pop()
        table = np.stack([_array(getattr(g, "matrix", g)) for g in generators])
    else:
        table = [_array(g).tolist() for g in generators]
    central = _field(definition, "central_state")
    if isinstance(central, str):
        return make_graph(table, names=labels, modulus=modulus, name=title, central=central)
    if central is None:
        return make_graph(table, names=labels, modulus=modulus, name=title)
    state = _array(central).reshape(-1)
    if modulus == 0 and not isinstance(table, np.ndarray) and np.array_equal(state, np.arange(len(state))):
        return make_graph(table, names=labels, name=title)
    return make_graph(table, names=labels, modulus=modulus, name=title, central=state)


class CayleyGraphDef:
    """A definition: generators and a central state."""

    def __init__(self, graph: Graph, name: str = ""):
        #: The same as a graph of Cosetta.
        self.graph = graph
        self.name = name or graph.spec

    @staticmethod
    def create(generators: Any, generator_names: Optional[list[str]] = None, central_state: Any = None, name: str = "") -> CayleyGraphDef:
        table = [_array(g).tolist() for g in generators]
        if generator_names is None:
            generator_names = [",".join(map(str, g)) for g in table]
            if len(set(generator_names)) != len(table):  # a generator twice
                generator_names = [f"{name}#{i}" for i, name in enumerate(generator_names)]
        return CayleyGraphDef(to_graph({"generators_type": "PERMUTATION", "generators": table, "generator_names": generator_names, "central_state": central_state, "name": name}), name)

    @staticmethod
    def for_matrix_group(*, generators: list[Any], generator_names: Optional[list[str]] = None, central_state: Any = None, name: str = "") -> CayleyGraphDef:
        matrices = [g if hasattr(g, "matrix") else MatrixGenerator(g) for g in generators]
        return CayleyGraphDef(to_graph({"generators_type": "MATRIX", "generators": matrices, "generator_names": generator_names, "central_state": central_state, "name": name}), name)

    @property
    def generators_type(self) -> GeneratorType:
        return GeneratorType.MATRIX if self.graph.is_matrix else GeneratorType.PERMUTATION

    @property
    def generators_permutations(self) -> list[list[int]]:
        return [] if self.graph.is_matrix else self.graph.generators.tolist()

    @property
    def generators_matrices(self) -> list[MatrixGenerator]:
        return [MatrixGenerator(m, self.graph.modulus) for m in self.graph.generators] if self.graph.is_matrix else []

    @property
    def generators(self) -> list[Any]:
        return self.generators_matrices if self.graph.is_matrix else self.generators_permutations

    @property
    def generator_names(self) -> list[str]:
        return self.graph.generator_names

    @property
    def n_generators(self) -> int:
        return len(self.graph)

    @property
    def central_state(self) -> list[int]:
        return self.graph.central_state.reshape(-1).tolist()

    @property
    def state_size(self) -> int:
        return int(np.prod(self.graph.state_shape))

    @property
    def decoded_state_shape(self) -> tuple[int, ...]:
        return self.graph.state_shape

    @property
    def generators_inverse_closed(self) -> bool:
        return self.graph.inverse_closed

    @property
    def generators_inverse_map(self) -> Optional[list[int]]:
        """For each generator the number of its inverse; None where the generators are not closed under inversion."""
        inverses = self.graph._core.inverses()
        return None if None in inverses else inverses

    def is_permutation_group(self) -> bool:
        return not self.graph.is_matrix

    def is_matrix_group(self) -> bool:
        return self.graph.is_matrix

    def with_central_state(self, central_state: Any) -> CayleyGraphDef:
        central = central_state if isinstance(central_state, str) else _array(central_state).reshape(-1)
        return CayleyGraphDef(self.graph.with_central_state(central), self.name)

    def with_name(self, name: str) -> CayleyGraphDef:
        return CayleyGraphDef(self.graph, name)

    def make_inverse_closed(self) -> CayleyGraphDef:
        return self if self.graph.inverse_closed else CayleyGraphDef(self.graph.with_inverses(), self.name)

    def with_inverted_generators(self) -> CayleyGraphDef:
        if self.graph.is_matrix:
            return CayleyGraphDef.for_matrix_group(generators=[g.inv for g in self.generators_matrices], central_state=self.central_state)
        return CayleyGraphDef.create(np.argsort(self.graph.generators, axis=1), central_state=self.central_state)

    def path_to_string(self, path: list[int], delimiter: str = ".") -> str:
        return delimiter.join(self.generator_names[i] for i in path)

    def revert_path(self, path: list[int]) -> list[int]:
        """Given a path from A to B, one from B to A."""
        inverses = self.generators_inverse_map
        if inverses is None:
            raise DomainError(f"{self.name}: the generators are not closed under inversion: no path can be reverted")
        return [inverses[i] for i in reversed(path)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CayleyGraphDef) and self.graph == other.graph

    def __hash__(self) -> int:
        return hash(self.graph)

    def __repr__(self) -> str:
        return f"CayleyGraphDef({self.graph!r})"


class BfsResult:
    """What :meth:`CayleyGraph.bfs` found. Layers that are asked for one by one are listed then, of up to a million states; all at once in whole graphs of up to a million."""

    def __init__(self, definition: CayleyGraphDef, growth: Any):
        self.graph = definition
        #: The same as a result of Cosetta.
        self.growth = growth
        self.bfs_completed: bool = growth.is_exact
        self.layer_sizes: list[int] = [int(n) for n in growth.layers]

    @property
    def num_vertices(self) -> int:
        return sum(self.layer_sizes)

    def diameter(self) -> int:
        return len(self.layer_sizes) - 1

    @cached_property
    def _whole(self) -> dict[str, np.ndarray]:
        if not self.bfs_completed:
            raise DomainError(f"{self.graph.name}: the graph was not explored to its end: its states are not listed")
        return self.graph.graph.vertices(1_000_000)

    def get_layer(self, layer_id: int) -> np.ndarray:
        """The states of a layer, in lexicographic order."""
        if not 0 <= layer_id <= self.diameter():
            raise KeyError(f"No such layer: {layer_id}.")
        last = self.growth.last_layer
        if layer_id == self.diameter() and last is not None and len(last) == self.layer_sizes[-1]:
            return last
        if not self.bfs_completed:
            size = self.layer_sizes[layer_id]
            if size > 1_000_000:
                raise ResourceError(f"{self.graph.name}: layer {layer_id} has {size} states; layers of up to a million are listed")
            return self.graph.graph.growth(max_depth=layer_id, last_layer=size).last_layer
        states = self._whole["vertices"][self._whole["distance"] == layer_id]
        flat = states.reshape(len(states), -1)
        return states[np.lexsort(flat.T[::-1])]

    def last_layer(self) -> np.ndarray:
        return self.get_layer(self.diameter())

    @property
    def layers(self) -> dict[int, np.ndarray]:
        return {i: self.get_layer(i) for i in range(len(self.layer_sizes))}

    @property
    def all_states(self) -> np.ndarray:
        """All states, breadth-first: the vertices that edges and matrices speak of."""
        return self._whole["vertices"]

    @property
    def edges_list(self) -> np.ndarray:
        """(number of arcs, 2): from vertex, to vertex; those of the first vertex first, in the order of the generators."""
        targets = self._whole["targets"]
        sources = np.repeat(np.arange(len(targets)), targets.shape[1])
        return np.stack([sources, targets.reshape(-1)], axis=1)

    @property
    def vertex_names(self) -> list[str]:
        def name(state: np.ndarray) -> str:
            return ("" if state.max() <= 9 else ",").join(map(str, state)) if state.ndim == 1 else str(state)

        return [name(s) for s in self.all_states]

    def adjacency_matrix_sparse(self) -> Any:
        """``scipy.sparse``; entries are 0 and 1."""
        matrix = self.graph.graph.to_scipy()
        matrix.data[:] = 1
        return matrix.astype(np.int8)

    def adjacency_matrix(self) -> np.ndarray:
        return self.adjacency_matrix_sparse().toarray()

    def laplacian_matrix(self) -> np.ndarray:
        matrix = self.adjacency_matrix().astype(np.int64)
        return np.diag(matrix.sum(axis=1)) - matrix

    def to_networkx_graph(self, directed: bool = False, with_labels: bool = True) -> Any:
        """Nodes are the names of the vertices; edges have ``label``, the name of a generator."""
        import networkx

        if not directed and not self.graph.generators_inverse_closed:
            raise DomainError(f"{self.graph.name}: the generators are not closed under inversion: call to_networkx_graph(directed=True)")
        names, letters = self.vertex_names, self.graph.generator_names
        out = networkx.DiGraph() if directed else networkx.Graph()
        out.add_nodes_from(names)
        for i, (v, w) in enumerate(self.edges_list.tolist()):
            if not out.has_edge(names[v], names[w]):
                out.add_edge(names[v], names[w], label=letters[i % len(letters)] if with_labels else None)
        return out

    def __repr__(self) -> str:
        return f"BfsResult(diameter={self.diameter()}, layer_sizes={self.layer_sizes})"


class BeamSearchResult:
    """What :meth:`CayleyGraph.beam_search` found."""

    def __init__(self, definition: CayleyGraphDef, path: Optional[list[int]]):
        self.graph = definition
        self.path_found = path is not None
        self.path_length = -1 if path is None else len(path)
        self.path = path

    def get_path_as_string(self, delimiter: str = ".") -> str:
        if self.path is None:
            raise DomainError(f"{self.graph.name}: no path was found")
        return self.graph.path_to_string(self.path, delimiter)

    def __repr__(self) -> str:
        if not self.path_found:
            return "BeamSearchResult(path_found=False)"
        return f"BeamSearchResult(path_length={self.path_length}, path={self.get_path_as_string()})"


class CayleyGraph:
    """A graph, by any definition of CayleyPy. Options about devices, hashing and batches are taken and ignored."""

    def __init__(self, definition: Any, *, random_seed: Optional[int] = None, **ignored: Any):
        self.definition = definition if isinstance(definition, CayleyGraphDef) else CayleyGraphDef(to_graph(definition))
        self._seed = 1 if random_seed is None else random_seed

    @property
    def graph(self) -> Graph:
        """The same as a graph of Cosetta."""
        return self.definition.graph

    @property
    def central_state(self) -> np.ndarray:
        return self.graph.central_state.reshape(-1)

    @property
    def generators(self) -> list[Any]:
        return self.definition.generators

    def _states(self, states: Any) -> np.ndarray:
        return _array(states).reshape((-1,) + self.graph.state_shape)

    def bfs(self, *, max_layer_size_to_store: Optional[int] = 1000, max_layer_size_to_explore: int = 10**12, max_diameter: int = 1_000_000, time: Any = None, memory: Any = None,
            **ignored: Any) -> BfsResult:
        """Growth. ``max_layer_size_to_explore``: the layer that has so many states is the last one."""
        # Names of the limits are Cosetta's: seconds and bytes.
        options: dict[str, Any] = {"last_layer": 1_000_000, "max_depth": max_diameter, "time": time, "memory": memory}

        class Enough(Exception):
            pass

        reached: list[int] = []

        def watch(depth: int, sphere: int, seen: int, seconds: float) -> None:
            if sphere >= max_layer_size_to_explore:
                reached.append(depth)
                raise Enough

        if max_layer_size_to_explore < 10**12:
            options["progress"] = watch
        try:
            growth = self.graph.growth(**options)
        except Enough:
            growth = self.graph.growth(**{**options, "max_depth": reached[0], "progress": None})
        large = np.flatnonzero(np.asarray(growth.layers) >= max_layer_size_to_explore)
        if large.size and large[0] + 1 < len(growth.layers):  # quick engines tell less often
            growth = self.graph.growth(**{**options, "max_depth": int(large[0]), "progress": None})
        return BfsResult(self.definition, growth)

    def get_neighbors(self, states: Any) -> np.ndarray:
        """(k, n) to (number of generators * k, n): all images under the first generator come first."""
        rows = self._states(states)
        around = self.graph.neighbors(rows)
        return around.reshape((len(rows), len(self.graph), -1)).swapaxes(0, 1).reshape((-1,) + self.graph.state_shape)

    get_neighbors_decoded = get_neighbors

    def apply_path(self, states: Any, generator_ids: list[int]) -> np.ndarray:
        return self.graph.apply(generator_ids, self._states(states))

    def validate_path(self, start_state: Any, path: list[int]) -> None:
        """Raises DomainError unless the path leads from the state to the central state."""
        if not np.array_equal(self.apply_path(start_state, path).reshape(-1), self.central_state):
            raise DomainError(f"{self.definition.name}: the path does not lead to the central state")

    def random_walks(self, *, width: int = 5, length: int = 10, mode: str = "classic", start_state: Any = None, **ignored: Any) -> tuple[np.ndarray, np.ndarray]:
        """States and numbers of steps: ``x[j * width + i]`` is walk i after ``y[j * width + i] = j`` steps, j < length. Modes: classic; nbt, never the inverse of the last generator; bfs, at most ``width`` new states of each layer, chosen at random."""
        g = self.graph if start_state is None else self.graph.with_central_state(_array(start_state).reshape(-1))
        if mode == "bfs":
            return _layers_at_random(g, width, length, self._seed)
        kinds = {"classic": "classic", "nbt": "non_backtracking"}
        if mode not in kinds:
            raise ParseError(f"unknown mode {mode!r}; there are classic, nbt, bfs")
        states = g.walks(width, max(length - 1, 0), kind=kinds[mode], states="all", seed=self._seed).states
        return states.swapaxes(0, 1).reshape((-1,) + g.state_shape), np.repeat(np.arange(states.shape[1], dtype=np.int32), width)

    def beam_search(self, *, start_state: Any, beam_width: int = 1000, max_steps: int = 1000, predictor: Union[None, str, Callable[[np.ndarray], Any]] = None, return_path: bool = True,
                    **ignored: Any) -> BeamSearchResult:
        """A short path to the central state. ``predictor``: a function of an int64 array (k, n) that gives k numbers, or a name that :func:`cosetta.solve` knows (``"hamming"``: labels that are not in place); without one Cosetta chooses a heuristic."""
        if predictor is not None and not isinstance(predictor, str) and not callable(predictor):
            raise ParseError(f"predictor {type(predictor).__name__}: expected a function, or a name")
        function = "auto" if predictor is None else predictor
        found = self.graph.solve(self._states(start_state)[0], heuristic=function, beam=beam_width, max_length=max_steps, seed=self._seed)
        return BeamSearchResult(self.definition, found.moves.tolist() if found else None)

    def find_path_to(self, end_state: Any, bfs_result: Any = None) -> Optional[list[int]]:
        """A shortest path from the central state; None where there is none. No table is needed."""
        found = self.graph.path(self.graph.central_state, self._states(end_state)[0])
        return found.moves.tolist() if found else None

    def find_path_from(self, start_state: Any, bfs_result: Any = None) -> Optional[list[int]]:
        """A shortest path to the central state; None where there is none."""
        found = self.graph.path(self._states(start_state)[0])
        return found.moves.tolist() if found else None

    def to_networkx_graph(self) -> Any:
        return self.bfs().to_networkx_graph(directed=not self.graph.inverse_closed)

    def free_memory(self) -> None:
        """There is none to free."""


def _layers_at_random(g: Graph, width: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    shape = g.state_shape
    layer = g.central_state.reshape(1, -1)
    seen = {layer[0].tobytes()}
    states, steps = [layer], [0]
    for _ in range(1, length):
        around = np.unique(g.neighbors(layer.reshape((-1,) + shape)).reshape(len(g) * len(layer), -1), axis=0)
        layer = around[[row.tobytes() not in seen for row in around]]
        if not len(layer):
            break
        if len(layer) > width:
            layer = layer[np.sort(random.permutation(len(layer))[:width])]
        seen.update(row.tobytes() for row in layer)
        states.append(layer)
        steps.append(len(steps))
    return np.concatenate(states).reshape((-1,) + shape), np.repeat(np.array(steps, dtype=np.int32), [len(s) for s in states])


# CayleyPy's names of parameters, where the catalogue has others.
_PARAMETERS = {"cube_size": "N", "left_size": "L", "left_index": "li", "right_size": "R", "right_index": "ri"}


def _catalogue_text(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
    def text(x: Any) -> str:
        return str(x).lower() if isinstance(x, bool) else str(x)

    parts = [text(x) for x in arguments] + [f"{_PARAMETERS.get(key, key)}={text(x)}" for key, x in named.items()]
    return name + (":" + ",".join(parts) if parts else "")


class _Families(type):
    """Looks names up in the catalogue: ``PermutationGroups.lrx(8)`` is ``cosetta.graph("lrx:8")``."""

    def __getattr__(cls, name: str) -> Callable[..., CayleyGraphDef]:
        known = {alias for family, aliases, *_ in _cosetta.families() for alias in (family, *aliases)}
        if name.startswith("_"):
            raise AttributeError(name)

        def make(*arguments: Any, **named: Any) -> CayleyGraphDef:
            if name not in known and cls.__name__ == "Puzzles" and not arguments and not named:
                return CayleyGraphDef(make_graph("puzzle:" + name))
            return CayleyGraphDef(make_graph(_catalogue_text(name, arguments, named)))

        make.__name__ = name
        return make


class PermutationGroups(metaclass=_Families):
    """Definitions by name: ``PermutationGroups.lrx(8)``, ``PermutationGroups.top_spin(12, k=4)``; docs/catalogue.md has them all."""


class MatrixGroups(metaclass=_Families):
    """``MatrixGroups.heisenberg(n=3, modulo=5)``"""


class Puzzles(metaclass=_Families):
    """``Puzzles.rubik_cube(3, "QTM")``, ``Puzzles.megaminx()``"""


def prepare_graph(name: str, **named: Any) -> CayleyGraphDef:
    """A definition by the name of a family: ``prepare_graph("lrx", n=8)``. Options that are no parameters of the family raise ParseError.

    >>> prepare_graph("top_spin", n=6, k=3).n_generators
    3
    """
    return CayleyGraphDef(make_graph(_catalogue_text(name, (), named)))


def create_graph(*, generators_permutations: Any = None, generators_matrices: Any = None, generator_names: Optional[list[str]] = None, name: Optional[str] = None, central_state: Any = None,
                 make_inverse_closed: bool = False, **named: Any) -> CayleyGraph:
    """A graph from generators, or by the name of a family and its parameters."""
    if generators_permutations is not None:
        definition = CayleyGraphDef.create(generators_permutations, generator_names, central_state, name or "")
    elif generators_matrices is not None:
        definition = CayleyGraphDef.for_matrix_group(generators=generators_matrices, generator_names=generator_names, central_state=central_state, name=name or "")
    elif name is not None:
        definition = prepare_graph(name, **named)
    else:
        raise ParseError("give generators_permutations, generators_matrices or name")
    return CayleyGraph(definition.make_inverse_closed() if make_inverse_closed else definition)
