"""Growth and diameter."""

from __future__ import annotations

import os
from numbers import Real
from typing import Any, Callable, Optional, Union

import numpy as np

from . import _cosetta
from ._graph import Answer, Graph, graph as make_graph
from ._limits import Amount, choice, limits, natural, optional_natural, path_text, text

Progress = Callable[[int, int, int, float], Any]

_DEFAULT_ENGINE = _cosetta.Engine(None, "auto", "auto", "auto", True)


def _engine(max_depth: Optional[int], engine: str, backend: str, kernel: str, symmetry: bool) -> _cosetta.Engine:
    if max_depth is None and engine == "auto" and backend == "auto" and kernel == "auto" and symmetry is True:
        return _DEFAULT_ENGINE
    choice("backend", backend, ("auto", "cpu", "cuda"))
    return _cosetta.Engine(optional_natural("max_depth", max_depth), text("engine", engine), backend, text("kernel", kernel), bool(symmetry))


class Growth(Answer):
    """Sphere sizes around the central state. Whatever stopped the run, the layers that are here are exact.

    >>> import cosetta
    >>> growth = cosetta.growth("lrx:5")
    >>> growth
    lrx:5  |V| = 120, generators L R X, undirected
    1 3 6 10 16 24 29 21 6 3 1
    diameter 10, last sphere 1, mean 5.292, sd 1.855, skewness -0.344
    >>> growth.layers.sum(), growth.status
    (120, 'exact')
    """

    #: ``"exact"``: the whole graph; ``"lower_bound"``: as far as a limit allowed; ``"interrupted"``: a handler of SIGINT was called, and did not raise.
    status: str
    #: What stopped the run: ``"depth"``, ``"time"``, ``"memory"``, ``"interrupt"``, or None.
    limit: Optional[str]
    #: ``layers[i]`` states lie at distance i: int64, or a list of Python's integers where one passes 63 bits.
    layers: Union[np.ndarray, list[int]]
    #: Distance of the last layer: the diameter where the status is ``"exact"``, otherwise a lower bound of it.
    diameter: int
    #: How many states are in the layers.
    states: int
    #: Mean, standard deviation and skewness of the distance of the states in the layers.
    mean: float
    sd: float
    skewness: float
    #: States of the last layer in lexicographic order, (k, degree): all of them where they are at most ``last_layer``, which is 8 unless it was given; None where a limit came before they were found.
    last_layer: Optional[np.ndarray]
    #: How it was computed.
    engine: str
    backend: str
    threads: int
    seconds: float
    peak_bytes: int
    bits_per_state: float
    #: States that one stored state speaks for, at most.
    symmetry: int
    #: Whether the layers add up to the order of the group, proven in another way.
    certified: bool

    @property
    def is_exact(self) -> bool:
        return self.status == "exact"

    def __repr__(self) -> str:
        states = f"|V| {'=' if self.is_exact else '>='} {self.states}"
        names = self.graph.generator_names
        shown = " ".join(names[:8]) + (f" ... ({len(names)})" if len(names) > 8 else "")
        layers = " ".join(map(str, self.layers)) if len(self.layers) <= 200 else " ".join(map(str, self.layers[:100])) + f" ... ({len(self.layers)} layers)"
        last = f"diameter {'' if self.is_exact else '>= '}{self.diameter}, last sphere {self.layers[-1]}, mean {self.mean:.3f}, sd {self.sd:.3f}, skewness {self.skewness:.3f}"
        stopped = "" if self.limit is None else f"\nstopped by the limit of {self.limit}: the layers so far are exact"
        return f"{self.graph.spec}  {states}, generators {shown}, {'undirected' if self.graph.inverse_closed else 'directed'}\n{layers}\n{last}{stopped}"

    def _repr_svg_(self) -> str:
        from ._figures import plot_growth

        return plot_growth(self).svg

    def plot(self, **options: Any) -> Any:
        """See :func:`plot_growth`."""
        from ._figures import plot_growth

        return plot_growth(self, **options)

    def shape(self) -> Any:
        """Which distribution the growth is like: see :func:`fit_shapes`. Raises DomainError for less than four layers."""
        from ._conjecture import fit_shapes

        return fit_shapes(self.layers)


class Diameter(Answer):
    """A diameter, or proven bounds of it. It compares with numbers, as far as the bounds say; calculate with ``int(d)``, or with ``d.lower``.

    >>> import cosetta
    >>> d = cosetta.diameter("lrx:6", witness=True)
    >>> d == 15, d < 20, int(d) + 1, d
    (True, True, 16, 15  exact)
    >>> d.witness
    array([1, 0, 5, 4, 3, 2])
    """

    #: ``"exact"``, or ``"lower_bound"`` or ``"interrupted"``: only bounds.
    status: str
    lower: int
    upper: Optional[int]
    #: What shows the bounds: ``"growth"``, ``"spheres"``, ``"counting"``, ``"antipode"``; ``"growth"``, ``"words"``.
    lower_by: str
    upper_by: str
    #: The number of states, where it is known.
    vertices: Optional[int]
    #: The lexicographically least state of the last sphere that was reached, with ``witness=True``.
    witness: Optional[np.ndarray]
    #: (state, proven distance, length of a word) of the farthest state that was looked at, or None.
    far: Optional[tuple[np.ndarray, int, int]]
    #: As far as the graph was grown.
    growth: Growth

    def __init__(self, graph: Graph, raw: dict[str, Any]):
        self.__dict__ = raw
        self.graph = graph
        self.growth = Growth(graph, raw["growth"])

    @property
    def is_exact(self) -> bool:
        return self.status == "exact"

    def __int__(self) -> int:
        if not self.is_exact:
            raise ValueError(f"{self.graph.spec}: only bounds of the diameter are known: {self!r}")
        return self.lower

    __index__ = __int__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Diameter):
            return (self.status, self.lower, self.upper) == (other.status, other.lower, other.upper)
        return self.is_exact and self.lower == other

    def _below(self, other: Any, or_equal: bool) -> Any:
        number = int(other) if isinstance(other, Diameter) else other
        if not isinstance(number, Real):
            return NotImplemented
        highest = self.lower if self.is_exact else self.upper
        if highest is not None and (highest <= number if or_equal else highest < number):
            return True
        if self.lower > number if or_equal else self.lower >= number:
            return False
        raise ValueError(f"{self.graph.spec}: the bounds of the diameter do not say it: {self!r}")

    def __lt__(self, other: Any) -> bool:
        return self._below(other, False)

    def __le__(self, other: Any) -> bool:
        return self._below(other, True)

    def __gt__(self, other: Any) -> bool:
        found = self._below(other, True)
        return found if found is NotImplemented else not found

    def __ge__(self, other: Any) -> bool:
        found = self._below(other, False)
        return found if found is NotImplemented else not found

    def __hash__(self) -> int:
        return hash(self.lower) if self.is_exact else hash((self.status, self.lower, self.upper))

    def __repr__(self) -> str:
        if self.is_exact:
            return f"{self.lower}  exact"
        upper = "" if self.upper is None else f", at most {self.upper} ({self.upper_by})"
        return f"at least {self.lower} ({self.lower_by}){upper}"


def growth(
    graph: Any,
    *,
    max_depth: Optional[int] = None,
    time: Union[float, str, None] = None,
    memory: Amount = None,
    threads: Optional[int] = None,
    engine: str = "auto",
    backend: str = "auto",
    kernel: str = "auto",
    symmetry: bool = True,
    last_layer: Optional[int] = None,
    checkpoint: Union[str, os.PathLike[str], None] = None,
    resume: Union[str, os.PathLike[str], None] = None,
    save_distances: Union[str, os.PathLike[str], None] = None,
    progress: Optional[Progress] = None,
) -> Growth:
    """Sphere sizes of a graph, as ``cosetta growth``: a graph, or whatever :func:`graph` takes.

    ``max_depth``: stop after this distance; ``time``: seconds or ``"90s"``, ``"2h"``; ``memory``: bytes or ``"16G"``, three quarters of what is free if
    not given; ``threads``: one a core if not given; ``last_layer``: keep up to this many states of the last layer; ``checkpoint``, ``resume``: folders;
    ``save_distances``: a file for the distances of all states; ``progress(depth, sphere, seen, seconds)`` is called now and then.

    Raises ParseError, DomainError (a graph over the integers without a depth), ResourceError (it does not fit the memory), KeyboardInterrupt.

    >>> import cosetta
    >>> cosetta.growth("lrx:10", max_depth=5).layers
    array([ 1,  3,  6, 12, 24, 47])
    """
    if type(graph) is not Graph:
        graph = make_graph(graph)
    raw = _cosetta.growth(
        graph._core,
        _engine(max_depth, engine, backend, kernel, symmetry),
        8 if last_layer is None else natural("last_layer", last_layer),
        last_layer is None,
        path_text(checkpoint),
        path_text(resume),
        path_text(save_distances),
        limits(threads, memory, time),
        progress,
    )
    return Growth(graph, raw)


def diameter(
    graph: Any,
    *,
    max_depth: Optional[int] = None,
    time: Union[float, str, None] = None,
    memory: Amount = None,
    threads: Optional[int] = None,
    engine: str = "auto",
    backend: str = "auto",
    kernel: str = "auto",
    symmetry: bool = True,
    witness: bool = False,
    words: int = 3_000_000,
    antipodes: Optional[int] = None,
    progress: Optional[Progress] = None,
) -> Diameter:
    """The greatest distance from the central state, as ``cosetta diameter``: exact where the whole graph can be grown, otherwise proven bounds.

    Limits as in :func:`growth`. ``words``: tried for the upper bound, 0 for none; ``antipodes``: states that look far, for the lower bound.

    >>> import cosetta
    >>> cosetta.diameter("lrx:9", max_depth=10, words=0, antipodes=0)
    at least 18 (counting)
    """
    if type(graph) is not Graph:
        graph = make_graph(graph)
    how = _engine(max_depth, engine, backend, kernel, symmetry)
    return Diameter(graph, _cosetta.diameter(graph._core, how, bool(witness), natural("words", words), optional_natural("antipodes", antipodes), limits(threads, memory, time), progress))
