"""Definitions, states, edges, and graphs handed to other libraries."""

import itertools
import json
import pickle

import numpy as np
import pytest

import cosetta


def plain_growth(generators, central):
    """Breadth-first search as one would write it in an afternoon."""
    seen, layer, sizes = {tuple(central)}, [tuple(central)], []
    while layer:
        sizes.append(len(layer))
        layer = list(dict.fromkeys(t for s in layer for p in generators if (t := tuple(s[i] for i in p)) not in seen))
        seen.update(layer)
    return sizes


@pytest.mark.parametrize(
    "definition",
    [
        {"name": "lx", "generators": {"L": [1, 2, 3, 4, 0], "X": [1, 0, 2, 3, 4]}},
        '{"generators": [[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]], "generator_names": ["L", "X"]}',
        {"L": np.array([1, 2, 3, 4, 0]), "X": [1, 0, 2, 3, 4]},
        "lx:5",
    ],
)
def test_every_way_to_say_a_graph_gives_the_same(definition):
    g = cosetta.graph(definition)
    assert g == cosetta.graph([[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]], names=["L", "X"])
    assert g == pickle.loads(pickle.dumps(g)) and hash(g) == hash(pickle.loads(pickle.dumps(g)))
    assert g == cosetta.graph(g.to_dict()) and g == cosetta.graph(json.dumps(g.to_dict()))
    assert g.generator_names == ["L", "X"] and not g.inverse_closed and g.degree == 5 and g.kind == "cayley"
    assert g.generators.dtype == np.int64 and g.generators.shape == (2, 5)
    assert list(g.growth().layers) == plain_growth(g.generators.tolist(), range(5))


def test_files_are_read(tmp_path):
    path = tmp_path / "moves.gap"
    path.write_text("a:=(1,2,3);\nb:=(3,4);\n")
    assert len(cosetta.graph(path)) == 3  # a GAP file lists one direction of each turn
    assert len(cosetta.graph(str(path), directed=True)) == 2
    assert cosetta.graph(path, central=[0, 0, 1, 1]).growth().states == 6


def test_options_of_definitions():
    g = cosetta.graph([[2, 3, 1], [2, 1, 3]], one_based=True, inverse_closed=True, name="s3")
    assert g.spec == "s3" and g.generators.tolist() == [[1, 2, 0], [1, 0, 2], [2, 0, 1]]
    coset = cosetta.graph("lrx:6", central="000111")
    assert coset == cosetta.graph("lrx:6").with_central_state(np.array([0, 0, 0, 1, 1, 1]))
    assert coset.kind == "schreier" and coset.growth().states == 20
    assert cosetta.graph("lx:5").with_inverses().inverse_closed
    assert cosetta.graph(coset) == coset
    with pytest.raises(cosetta.ParseError):
        cosetta.graph("lx:4", directed=True, inverse_closed=True)


def test_matrices():
    g = cosetta.graph([[[1, 1], [0, 1]], [[1, 0], [1, 1]]], modulus=5, inverse_closed=True, central=[[1], [0]])
    assert g.is_matrix and g.modulus == 5 and g.state_shape == (2, 1) and g.growth().states == 24
    whole = cosetta.graph("heisenberg:3,modulo=3")
    assert whole.generators.shape == (4, 3, 3) and whole.central_state.tolist() == np.eye(3, dtype=int).tolist()
    around = whole.neighbors(whole.central_state)
    assert around.shape == (4, 3, 3) and np.array_equal(around, whole.generators)
    assert np.array_equal(whole.apply([0, 1]), whole.generators[1] @ whole.generators[0] % 3)
    assert whole == pickle.loads(pickle.dumps(whole)) and whole == cosetta.graph(whole.to_dict())
    integers = cosetta.graph([[[1, 1], [0, 1]], [[1, -1], [0, 1]]], central=[[1, -2], [0, 1]])
    assert integers.central_state.tolist() == [[1, -2], [0, 1]] and integers.growth(max_depth=3).layers.tolist() == [1, 2, 2, 2]


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "i4", "u4", "i8", "u8", ">i4"])
def test_neighbors_of_all_integers(lrx, dtype):
    states = np.array([lrx.central_state, lrx.central_state[::-1]]).astype(dtype)
    expected = np.array([s[p] for s in states for p in lrx.generators])
    assert np.array_equal(lrx.neighbors(states), expected) and lrx.neighbors(states).dtype == np.dtype(dtype).newbyteorder("=")
    assert np.array_equal(lrx.neighbors(np.asfortranarray(states)), expected)
    assert np.array_equal(lrx.neighbors(np.repeat(states, 2, axis=0)[::2]), expected)  # strided
    assert np.array_equal(lrx.neighbors(states[1]), expected[3:])


def test_states_and_words(lrx):
    assert lrx.state("@L.L").tolist() == lrx.apply("LL").tolist() == lrx.apply([0, "L"]).tolist() == [2, 3, 4, 5, 6, 0, 1]
    assert lrx.state("(0 1)(2 3)").tolist() == [1, 0, 3, 2, 4, 5, 6] == lrx.state("(1 2)(3 4)", one_based=True).tolist()
    assert lrx.neighbors(np.empty((0, 7), dtype=int)).shape == (0, 7) and lrx.neighbors([]).shape == (0, 7)
    for bad in ([0, 1, 2], [[0.5] * 7], np.zeros((2, 3, 4), dtype=int), [[0, 1], [0]], ["(0 9)"]):
        with pytest.raises(ValueError) as raised:
            lrx.neighbors(bad)
        assert isinstance(raised.value, cosetta.Error) and "\n" not in str(raised.value)
    for bad in ("Q", [3], [-1], [0.5]):
        with pytest.raises(ValueError):
            lrx.apply(bad)


def test_arrays_own_what_they_show(lrx):
    layers = cosetta.growth("lrx:6").layers
    copy = layers.copy()
    junk = [cosetta.growth("lrx:6").layers for _ in range(50)]
    assert np.array_equal(layers, copy) and all(np.array_equal(layers, j) for j in junk)
    assert layers.base is not None and not layers.flags.owndata  # a view of the vector that the engine filled
    states = lrx.walks(1000, 5).states
    assert not states.flags.owndata and states.flags.writeable and states.flags.c_contiguous


def test_other_libraries_get_the_same_graph():
    networkx = pytest.importorskip("networkx")
    pytest.importorskip("scipy")
    for spec in ("lrx:4", "lx:4", "heisenberg:3,modulo=2", "coxeter:4"):
        g = cosetta.graph(spec)
        whole, layers = g.vertices(), g.growth().layers
        assert np.array_equal(np.bincount(whole["distance"]), layers)
        around = np.stack([g.neighbors(s[None]).reshape(len(g), -1) for s in whole["vertices"]])
        assert np.array_equal(whole["vertices"].reshape(len(around), -1)[whole["targets"]], around)
        n, a = g.to_networkx(), g.to_scipy()
        assert n.is_directed() == (not g.inverse_closed)
        lengths = networkx.single_source_shortest_path_length(n, 0)
        assert [lengths[v] for v in range(len(around))] == whole["distance"].tolist()
        assert all(n.nodes[v]["state"] == tuple(whole["vertices"][v].reshape(-1)) for v in n)
        assert a.sum() == len(around) * len(g)
        assert np.array_equal(a.toarray() != 0, networkx.to_numpy_array(n, nodelist=range(len(around)), weight=None) != 0)
    with pytest.raises(MemoryError):
        cosetta.graph("lrx:9").to_networkx(max_vertices=1000)


def test_catalogue():
    names = {f["name"] for f in cosetta.families()}
    assert {"lrx", "pancake", "rubik_cube", "heisenberg"} <= names
    for f in itertools.islice(cosetta.families(), 12):
        assert len(cosetta.graph(f["example"])) > 0
