"""Groups of permutations and of matrices."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, Optional, Union

import numpy as np

from . import _cosetta
from ._graph import Graph, States, graph as make_graph
from ._limits import int64, natural, seconds
from .errors import DomainError, ParseError

Time = Union[float, str, None]


class ConjugacyClass(NamedTuple):
    representative: np.ndarray
    size: int
    element_order: int
    centralizer_order: int


class Group:
    """The group that generators generate, as the verbs of ``cosetta group``. Orders are Python's integers, however large; what is costly is computed once, at the first question.

    Every question takes ``time``, after which it raises LimitError. Elements are image arrays, (n,) or (k, n), matrices, or text: ``"[1,0,2]"``,
    ``"(0 1)(2 3)"``, a word ``"@L.L.X"``. A product a b is first a, then b, as in GAP.

    >>> import cosetta
    >>> group = cosetta.group("puzzle:megaminx")
    >>> group.order()
    100669616553523347122516032313645505168688116411019768627200000000000
    >>> cosetta.group("rubik_cube:3").contains("(0 1)")
    False
    """


    __slots__ = ("_group", "graph")

    def __init__(self, graph: Graph, monte_carlo: bool, seed: int):
        self.graph = graph
        self._group = _cosetta.Group(graph._core, monte_carlo, seed)

    @property
    def generators(self) -> np.ndarray:
        return self.graph.generators

    @property
    def degree(self) -> int:
        return self.graph.degree

    def __repr__(self) -> str:
        what = "matrices over " + (f"Z/{self.graph.modulus}" if self.graph.modulus else "Z") if self.graph.is_matrix else "permutations"
        return f"{self.graph.spec}  group of {what}, degree {self.degree}, {len(self.graph)} generators"

    def _elements(self, elements: States) -> tuple[np.ndarray, bool]:
        """int64 (k, n) or (k, n, n); the central state plays no part."""
        n = self.degree
        shape = (n, n) if self.graph.is_matrix else (n,)
        if isinstance(elements, str):
            return self._element(elements)[None], True
        if isinstance(elements, (list, tuple)) and elements and all(isinstance(x, str) for x in elements):
            return np.stack([self._element(x) for x in elements]), False
        try:
            rows = np.asarray(elements)
        except ValueError:
            rows = np.asarray([], dtype=object)
        if rows.dtype.kind in "iu" and rows.shape == shape:
            return int64(rows, self.graph.spec)[None], True
        if (rows.dtype.kind in "iu" or not rows.size) and rows.shape[1:] == shape:
            return int64(rows, self.graph.spec) if rows.size else np.zeros((0,) + shape, dtype=np.int64), False
        expected = ", ".join(map(str, shape))
        raise DomainError(f"{self.graph.spec}: elements of shape {rows.shape} and type {rows.dtype}: expected integers of shape (k, {expected})")

    def _element(self, text: str) -> np.ndarray:
        if self.graph.is_matrix and text.lstrip().startswith("["):
            try:
                rows = np.array(json.loads(text), dtype=np.int64)
            except (ValueError, TypeError, OverflowError):
                rows = np.array([], dtype=np.int64)
            if rows.shape != (self.degree, self.degree):
                raise ParseError(f"{self.graph.spec}: element {text[:60]!r} is no {self.degree} x {self.degree} matrix of integers of 64 bits")
            return rows
        return self._group.element(text)

    def order(self, *, time: Time = None) -> int:
        return self._group.order(seconds(time))

    def is_proven(self, *, time: Time = None) -> bool:
        """Whether the order is proven; with ``monte_carlo`` it is right with probability 1 - 2^-39."""
        return self._group.proven(seconds(time))

    def contains(self, elements: States, *, time: Time = None) -> Union[bool, np.ndarray]:
        """Whether an element is in the group; of k elements an array of bool, (k,). Raises DomainError for what is no bijection.

        >>> import cosetta
        >>> cosetta.group("top_spin:7").contains([[1, 0, 2, 3, 4, 5, 6], [1, 2, 0, 3, 4, 5, 6]])
        array([False,  True])
        """
        rows, one = self._elements(elements)
        found = self._group.contains(rows, seconds(time))
        return found[0] if one else np.array(found, dtype=bool)

    def __contains__(self, element: Any) -> bool:
        return bool(self.contains(element))

    def random(self, count: Optional[int] = None, *, seed: int = 1, time: Time = None) -> np.ndarray:
        """Uniformly random elements, int64 (count, n); one, (n,), without ``count``. The same seed gives the same elements.

        >>> import cosetta
        >>> cosetta.group("lrx:5").random(3, seed=7).shape
        (3, 5)
        """
        out = self._group.random(1 if count is None else natural("count", count), natural("seed", seed), seconds(time))
        return out[0] if count is None else out

    def factor(self, elements: States, *, effort: int = 1, time: Time = None) -> Any:
        """An element as a word in the generators and their inverses, ``"L.X.L'"``, short, not shortest; None where it is not in the group; of k elements a list.

        ``effort``: 0 to 100; from 1 on each level takes about four times as long. The word is a product, read from left to right: ``a.b`` is first a,
        then b. As moves of :meth:`Graph.apply` it is the word reversed that leads from the identity row to the row of the element.

        >>> import cosetta
        >>> cosetta.group("lx:4").factor("(0 1 2)")
        "L.L.X.L'"
        >>> cosetta.graph("lx:4", inverse_closed=True).apply(["L'", "X", "L", "L"])
        array([1, 2, 0, 3])
        """
        rows, one = self._elements(elements)
        found = self._group.factor(rows, natural("effort", effort, 100), seconds(time))
        words = [None if word is None else self.graph._core.word_text(word) for word in found]
        return words[0] if one else words

    def orbits(self, *, time: Time = None) -> list[list[int]]:
        """Orbits on the points, each ascending, fixed points included.

        >>> import cosetta
        >>> cosetta.group([[1, 0, 2, 4, 3]]).orbits()
        [[0, 1], [2], [3, 4]]
        """
        return self._group.orbits(seconds(time))

    def blocks(self, *, time: Time = None) -> list[list[list[int]]]:
        """All nontrivial systems of blocks. Raises DomainError for an intransitive group.

        >>> import cosetta
        >>> cosetta.group([[1, 2, 3, 0]]).blocks()
        [[[0, 2], [1, 3]]]
        """
        return self._group.blocks(seconds(time))

    def base(self, *, time: Time = None) -> list[int]:
        """Points that only the identity fixes all, of a stabilizer chain."""
        return self._group.base(seconds(time))

    def transitivity(self, *, time: Time = None) -> int:
        """The largest k such that the group is transitive on k-tuples of distinct points; 0 where it is intransitive."""
        return self._group.transitivity(seconds(time))

    def is_transitive(self, *, time: Time = None) -> bool:
        return len(self.orbits(time=time)) <= 1

    def is_primitive(self, *, time: Time = None) -> bool:
        return self._group.is_primitive(seconds(time))

    def is_abelian(self, *, time: Time = None) -> bool:
        return self._group.is_abelian(seconds(time))

    def is_solvable(self, *, time: Time = None) -> bool:
        return self._group.is_solvable(seconds(time))

    def is_nilpotent(self, *, time: Time = None) -> bool:
        return self._group.is_nilpotent(seconds(time))

    def is_perfect(self, *, time: Time = None) -> bool:
        return self._group.is_perfect(seconds(time))

    def number_of_classes(self, *, time: Time = None) -> int:
        """Of conjugate elements.

        >>> import cosetta
        >>> cosetta.group("coxeter:10").number_of_classes()  # partitions of 10
        42
        """
        return self._group.number_of_classes(seconds(time))

    def classes(self, *, limit: int = 65536, time: Time = None) -> list[ConjugacyClass]:
        """All conjugacy classes, by the order of their elements. Raises ResourceError where there are more than ``limit``."""
        return [ConjugacyClass(*c) for c in self._group.classes(natural("limit", limit), seconds(time))]


def group(generators: Any, *, monte_carlo: bool = False, seed: int = 1, **definition: Any) -> Group:
    """The group that generators generate: a graph, or whatever :func:`graph` takes, with the same options.

    ``monte_carlo`` leaves the proof of the order out.

    >>> import cosetta
    >>> cosetta.group([[1, 2, 3, 4, 0], [0, 4, 3, 2, 1]]).order()
    10
    >>> cosetta.group([[[1, 1], [0, 1]], [[0, -1], [1, 0]]], modulus=7).order()
    336
    """
    return Group(generators if type(generators) is Graph and not definition else make_graph(generators, **definition), bool(monte_carlo), natural("seed", seed))
