"""CayleyPy's words: its definitions are read, and its names give its numbers."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import pytest

import cosetta
from cosetta.compat import cayleypy as cp


class Kind(Enum):
    PERMUTATION = 1
    MATRIX = 2


@dataclass
class Matrix:
    matrix: np.ndarray
    modulo: int


@dataclass
class Definition:  # as CayleyPy's has its fields
    generators_type: Kind
    generators_permutations: list = field(default_factory=list)
    generators_matrices: list = field(default_factory=list)
    generator_names: list = field(default_factory=list)
    central_state: list = field(default_factory=list)
    name: str = ""

    @property
    def generators(self):
        return self.generators_permutations or self.generators_matrices


@dataclass
class Holder:
    definition: Definition


def test_definitions_are_read():
    ours = cosetta.graph("lrx:6")
    theirs = Definition(Kind.PERMUTATION, ours.generators.tolist(), [], ["L", "R", "X"], list(range(6)), "lrx-6")
    for given in (theirs, Holder(theirs), vars(theirs), cp.CayleyGraphDef.create(theirs.generators, ["L", "R", "X"])):
        assert cp.to_graph(given) == ours
    assert cosetta.graph(theirs) == ours == cosetta.graph(Holder(theirs)) and cosetta.graph(theirs).spec == "lrx-6"
    theirs.central_state = [0, 0, 0, 1, 1, 1]
    assert cosetta.growth(theirs).states == 20 and cp.CayleyGraph(theirs).bfs().num_vertices == 20
    a = np.array([[1, 1], [0, 1]])
    matrices = Definition(Kind.MATRIX, [], [Matrix(a, 3), Matrix(a.T, 3)], ["a", "b"], np.eye(2, dtype=int).reshape(-1).tolist())
    assert cosetta.growth(matrices).states == 24  # SL(2, 3)
    matrices.generators_matrices[1].modulo = 5
    with pytest.raises(cosetta.DomainError):
        cosetta.graph(matrices)
    for wrong in ({"generators_type": "RING", "generators": [[0, 1]]}, {"generators_type": 1, "generators": []}):
        with pytest.raises(cosetta.ParseError):
            cp.to_graph(wrong)


# What CayleyPy's own data files and documentation say of them.
@pytest.mark.parametrize(
    "definition, layers",
    [
        (cp.PermutationGroups.lrx(4), [1, 3, 5, 6, 5, 3, 1]),
        (cp.PermutationGroups.coxeter(4), [1, 3, 5, 6, 5, 3, 1]),
        (cp.PermutationGroups.all_transpositions(5), [1, 10, 35, 50, 24]),
        (cp.PermutationGroups.pancake(5), [1, 4, 12, 35, 48, 20]),
        (cp.PermutationGroups.top_spin(6, k=4), None),
        (cp.MatrixGroups.heisenberg(n=3, modulo=3), None),
        (cp.Puzzles.rubik_cube(2, metric="fixed_HTM"), None),
        (cp.prepare_graph("lrx", n=8).with_central_state("00001111"), None),
    ],
)
def test_bfs(definition, layers):
    result = cp.CayleyGraph(definition, device="cpu", random_seed=3).bfs(max_diameter=6)
    growth = definition.graph.growth(engine="oracle", max_depth=6)
    assert result.layer_sizes == [int(n) for n in growth.layers] and (layers is None or result.layer_sizes == layers)
    assert result.bfs_completed == growth.is_exact and result.diameter() == growth.diameter and "BfsResult(diameter=" in repr(result)


def test_layers_and_matrices():
    pytest.importorskip("scipy"), pytest.importorskip("networkx")
    definition = cp.PermutationGroups.lrx(4)
    result = cp.CayleyGraph(definition).bfs()
    assert [len(result.get_layer(i)) for i in range(7)] == result.layer_sizes == [len(s) for s in result.layers.values()]
    assert result.last_layer().tolist() == [[1, 0, 3, 2]] and result.get_layer(0).tolist() == [[0, 1, 2, 3]]
    assert sorted(result.get_layer(1).tolist()) == sorted(definition.generators) == result.get_layer(1).tolist()
    adjacency = result.adjacency_matrix()
    assert adjacency.shape == (24, 24) and (adjacency.sum(axis=1) == 3).all() and (adjacency == adjacency.T).all()
    assert (result.laplacian_matrix().sum(axis=1) == 0).all() and len(result.edges_list) == 72 and len(set(result.vertex_names)) == 24
    names = result.to_networkx_graph()
    assert names.number_of_edges() == 36 and names.edges["0123", "1023"]["label"] == "X"
    with pytest.raises(KeyError):
        result.get_layer(7)
    small = cp.CayleyGraph(cp.PermutationGroups.lrx(7)).bfs(max_layer_size_to_explore=100)
    whole = cosetta.growth("lrx:7").layers.tolist()
    large = next(i for i, n in enumerate(whole) if n >= 100)
    assert small.layer_sizes == whole[: large + 1] and not small.bfs_completed


def test_definitions_by_hand():
    d = cp.CayleyGraphDef.create([[1, 2, 3, 0], [1, 0, 2, 3]])
    assert d.generator_names == ["1,2,3,0", "1,0,2,3"] and d.generators_inverse_map is None and not d.generators_inverse_closed
    closed = d.make_inverse_closed()
    assert closed.n_generators == 3 and closed.generators_inverse_map == [2, 1, 0] and closed.revert_path([0, 1]) == [1, 2]
    assert closed.path_to_string([1, 1], "|") == "1,0,2,3|1,0,2,3" and d.is_permutation_group() and d.state_size == 4
    assert d.with_inverted_generators().generators == [[3, 0, 1, 2], [1, 0, 2, 3]]
    with pytest.raises(cosetta.DomainError):
        d.revert_path([0])
    m = cp.MatrixGenerator.create([[1, 1], [0, 1]], 6)
    assert m.inv == cp.MatrixGenerator([[1, 5], [0, 1]], 6)  # also modulo numbers that are no primes
    group = cp.CayleyGraphDef.for_matrix_group(generators=[m, m.inv])
    assert group.is_matrix_group() and group.decoded_state_shape == (2, 2) and cp.CayleyGraph(group).bfs().layer_sizes == [1, 2, 2, 1]
    assert cp.create_graph(name="lrx", n=5).bfs().diameter() == cp.create_graph(generators_permutations=cp.PermutationGroups.lrx(5).generators).bfs().diameter() == 10


def test_paths_and_walks():
    graph = cp.CayleyGraph(cp.PermutationGroups.lrx(8), random_seed=2)
    states, steps = graph.random_walks(width=20, length=30)
    assert states.shape == (600, 8) and np.array_equal(steps, np.repeat(np.arange(30), 20)) and (states[:20] == np.arange(8)).all()
    for mode in ("nbt", "bfs"):
        x, y = graph.random_walks(width=50, length=6, mode=mode)
        assert len(x) == len(y) and y[0] == 0 and y[-1] == 5
    unique, exact = cp.CayleyGraph(cp.PermutationGroups.lrx(4)).random_walks(width=100, length=10, mode="bfs")
    assert len(np.unique(unique, axis=0)) == 24 and np.bincount(exact).tolist() == [1, 3, 5, 6, 5, 3, 1]
    start = states[-1]
    found = graph.beam_search(start_state=start, beam_width=300)
    graph.validate_path(start, found.path)
    assert found.path_found and found.path_length == len(found.path) and found.get_path_as_string().count(".") == found.path_length - 1
    assert graph.beam_search(start_state=start, beam_width=100, predictor=lambda s: (s != np.arange(8)).sum(axis=1)).path_found
    shortest = graph.find_path_from(start)
    assert np.array_equal(graph.apply_path(start, shortest)[0], graph.central_state) and len(shortest) <= found.path_length
    assert np.array_equal(graph.apply_path(graph.central_state, graph.find_path_to(start))[0], start)
    around = graph.get_neighbors(states[-2:])
    assert np.array_equal(around[1], states[-1][graph.generators[0]]) and np.array_equal(around[2], states[-2][graph.generators[1]])
    with pytest.raises(cosetta.DomainError):
        graph.validate_path(start, [])
    with pytest.raises(ValueError):
        graph.random_walks(mode="levy")
