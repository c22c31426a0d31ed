"""Groups."""

import math

import numpy as np
import pytest

import cosetta


def product(*elements):
    """First the first one."""
    out = np.arange(len(elements[0]))
    for e in elements:
        out = e[out]
    return out


def evaluated(word, names, generators):
    """The product of the letters, left to right; a' is the inverse of a."""
    out = np.arange(generators.shape[1])
    for letter in word.split("."):
        p = generators[names.index(letter.removesuffix("'") if letter not in names else letter)]
        out = product(out, p if letter in names else np.argsort(p))
    return out


def test_orders_are_whole_numbers():
    assert cosetta.group("coxeter:40").order() == math.factorial(40)
    assert cosetta.group("rubik_cube:3,metric=QTM").order() == 43252003274489856000 == math.factorial(8) * 3**7 * math.factorial(12) * 2**10
    sl = cosetta.group([[[1, 1], [0, 1]], [[1, 0], [1, 1]]], modulus=7)
    assert sl.order() == 7 * 48 and sl.is_proven() and sl.is_perfect()
    assert not cosetta.group("lrx:9", monte_carlo=True).is_abelian()


def test_members():
    alternating = cosetta.group("top_spin:7")
    rows = alternating.random(30, seed=4)
    assert rows.shape == (30, 7) and (np.sort(rows, axis=1) == np.arange(7)).all()
    assert np.array_equal(rows, alternating.random(30, seed=4)) and not np.array_equal(rows, alternating.random(30, seed=5))
    assert alternating.contains(rows).all() and rows[0] in alternating and "(0 1)" not in alternating and "@L" not in cosetta.group([[1, 0, 2]], names=["L"]).graph.spec
    assert alternating.contains(["(0 1)", "(0 1 2)", "[1,0,3,2,4,5,6]"]).tolist() == [False, True, True]
    for bad in ([0, 1], [[0, 0, 1, 2, 3, 4, 5]], [[0.5] * 7], "(0 9)", [9] * 7):
        with pytest.raises(ValueError):
            alternating.contains(bad)


def test_words():
    for spec in ("lrx:7", "lx:6", "rubik_cube:2"):
        group = cosetta.group(spec)
        rows = group.random(5, seed=2)
        for element, word in zip(rows, group.factor(rows)):
            assert np.array_equal(evaluated(word, group.graph.generator_names, group.generators), element)
            assert np.array_equal(group._element("@" + word), element)
    assert cosetta.group("top_spin:7").factor("(0 1)") is None
    matrices = cosetta.group("heisenberg:3,modulo=5")
    element = matrices.random(seed=3)
    assert element.shape == (3, 3) and np.array_equal(matrices._element("@" + matrices.factor(element)), element) and element in matrices
    assert matrices.contains("[[1,2,3],[0,1,4],[0,0,1]]") and not matrices.contains([[2, 0, 0], [0, 1, 0], [0, 0, 1]])


def test_actions():
    wreath = cosetta.group([[1, 0, 2, 3], [2, 3, 0, 1]])
    assert wreath.order() == 8 and wreath.is_transitive() and not wreath.is_primitive() and wreath.is_nilpotent() and wreath.is_solvable()
    assert wreath.blocks() == [[[0, 1], [2, 3]]] and wreath.transitivity() == 1
    assert cosetta.group("mathieu:11").transitivity() == 4
    assert cosetta.group([[1, 0, 2, 3]]).orbits() == [[0, 1], [2], [3]]
    classes = wreath.classes()
    assert len(classes) == wreath.number_of_classes() == 5 and sum(c.size for c in classes) == 8
    assert all(c.size * c.centralizer_order == 8 and c.representative in wreath for c in classes)
    base = wreath.base()
    fixing = [g for g in wreath.random(200) if all(g[b] == b for b in base)]
    assert all(np.array_equal(g, np.arange(4)) for g in fixing)
    with pytest.raises(MemoryError):
        wreath.classes(limit=2)
    with pytest.raises(cosetta.DomainError):
        cosetta.group("heisenberg:3,modulo=3").orbits()


def test_the_central_state_plays_no_part():
    assert cosetta.group("lrx:6", central="000111").order() == 720 == cosetta.graph("lrx:6", central="000111").group().order()
    assert repr(cosetta.group("lrx:6")).startswith("lrx:6  group of permutations")
