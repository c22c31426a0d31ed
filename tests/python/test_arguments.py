"""What is refused, and by which words."""

import numpy as np
import pytest

import cosetta
from cosetta.compat import cayleypy

PAIR = [[1, 0, 2], [0, 2, 1]]


@pytest.mark.parametrize(
    "call",
    [
        lambda: cosetta.graph("heisenberg:3", modulus=5),
        lambda: cosetta.graph("lrx:5", names=["a", "b", "c"]),
        lambda: cosetta.graph("lrx:5", name="mine"),
        lambda: cosetta.graph(cosetta.graph("lrx:5"), modulus=3),
        lambda: cosetta.graph({"a": [1, 0], "b": [0, 1]}, names=["x", "y"]),
        lambda: cosetta.graph({"generators": PAIR}, modulus=7),
        lambda: cosetta.graph([[[1, 1], [0, 1]]], modulus=-3),
        lambda: cosetta.graph([[[1, 1], [0, 1]]], modulus=2**70),
        lambda: cosetta.graph([[[1, 1], [0, 1]]], modulus=5.0),
        lambda: cosetta.graph([[[1, 1], [0, 1]]], modulus="5"),
        lambda: cosetta.graph([[[1, 1], [0, 1]]], modulus=5, central=[[1.7, 0], [0.2, 1]]),
        lambda: cosetta.graph([[[1, 1], [0, 1]]], modulus=5, central=["x", 0]),
        lambda: cosetta.growth("lrx:5", engine=3),
        lambda: cosetta.growth("lrx:5", backend=3),
        lambda: cosetta.growth("lrx:5", memory=[1]),
        lambda: cosetta.growth("lrx:5", time=[1]),
        lambda: cosetta.growth("lrx:5", threads=1.0),
        lambda: cosetta.group("lx:4").factor("(0 1)", effort=2**40),
        lambda: cosetta.path("lrx:5", "(0 1)", method=3),
        lambda: cosetta.fit({2**70: 1}),
        lambda: cosetta.fit([1, 2, 3], max_period=31),
        lambda: cosetta.fit([1, 2, 3], max_degree=13),
        lambda: cosetta.fit([1, 2, 3], max_order=201),
        lambda: cosetta.store(""),
        lambda: cosetta.plot_graph("lrx:4", max_vertices=50_000),
        lambda: cayleypy.CayleyGraph(cayleypy.PermutationGroups.lrx(5)).beam_search(start_state=[1, 0, 2, 3, 4], predictor="magic"),
        lambda: cayleypy.CayleyGraph(cayleypy.PermutationGroups.lrx(5)).beam_search(start_state=[1, 0, 2, 3, 4], predictor=3),
    ],
)
def test_parse_errors(call):
    with pytest.raises(cosetta.ParseError) as raised:
        call()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: cosetta.graph(np.array([[1, 2**64 - 1]], dtype=np.uint64)),
        lambda: cosetta.graph(np.array([[[1, 2**64 - 1], [0, 1]]], dtype=np.uint64), modulus=5),
        lambda: cosetta.group("lx:3").contains(np.array([0, 1, 2**64 - 1], dtype=np.uint64)),
        lambda: cosetta.graph("lrx:3").apply("L", np.array([0, 1, 2**64 - 1], dtype=np.uint64)),
        lambda: cosetta.graph(PAIR, names=["a", "a"]),
        lambda: cosetta.solve("lrx:4", "(0 1)", to=[[1, 0, 2, 3], [0, 1, 2, 3]]),
        lambda: cayleypy.MatrixGenerator([[1.5, 0], [0, 1]]),
    ],
)
def test_domain_errors(call):
    with pytest.raises(cosetta.DomainError):
        call()


def test_numbers_of_numpy_are_numbers():
    growth = cosetta.growth("lrx:6", threads=np.int64(1), max_depth=np.int32(4), memory=np.int64(10**9), time=np.float64(50))
    assert growth.threads == 1 and growth.diameter == 4
    assert cosetta.graph([[[1, 1], [0, 1]]], modulus=np.int64(5)).growth().states == 5
    assert cosetta.graph([[[1, 1], [0, 1]]], modulus=5, central=np.array([[1, -1], [0, 1]])).central_state.tolist() == [[1, 4], [0, 1]]


def test_shards(tmp_path):
    lab = cosetta.store(tmp_path / "a.db")
    for shard in ((1.0, 2), (0, 2), (3, 2), 1, (1, 2, 3)):
        with pytest.raises(cosetta.ParseError):
            lab.sweep({"name": "x", "graphs": [{"family": "lx:{n}", "n": [4, 4]}], "measures": ["diameter"]}, shard=shard)


def test_diameters_compare_as_far_as_they_are_known():
    exact, bounds = cosetta.diameter("lrx:6"), cosetta.diameter("lrx:9", max_depth=10, antipodes=0)
    assert exact < 16 and exact <= 15 and not exact < 15 and exact > 14 and exact >= 15 and [exact] == sorted([exact]) and range(20)[exact] == 15
    assert bounds > 3 and bounds < 10**9 and not bounds < 4
    with pytest.raises(ValueError):
        bounds < bounds.lower + 1
    with pytest.raises(TypeError):
        exact < "16"


def test_formulas_hold_where_there_are_rows():
    f = cosetta.fit([n * n for n in range(2, 22, 2)], start=2, step=2).formulas[0]
    assert f(40) == 1600 and f.next == (22, 484)
    with pytest.raises(ValueError, match="says nothing"):
        f(7)
    below = cosetta.fit([n * n + n for n in range(-5, 8)], start=-5).formulas[0]
    assert below(-3) == 6 and below(100) == 10100


def test_layers_of_a_part():
    graph = cayleypy.CayleyGraph(cayleypy.PermutationGroups.lrx(6))
    part, whole = graph.bfs(max_diameter=5), graph.bfs()
    assert not part.bfs_completed and len(part.layers) == 6
    for i, layer in part.layers.items():
        assert np.array_equal(layer, whole.get_layer(i))
    assert graph.beam_search(start_state=[1, 0, 2, 3, 4, 5], predictor="hamming").path_found


def test_factor_is_a_product():
    group = cosetta.group("lx:5", inverse_closed=True)
    for element in group.random(5):
        word = group.factor(element)
        letters = word.split(".") if word else []
        assert np.array_equal(group.graph.apply(letters[::-1]), element)
