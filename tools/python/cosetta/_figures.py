"""Pictures, as SVG."""

from __future__ import annotations

import os
import shlex
from typing import Any, Optional, Sequence, Union

from . import _cosetta
from ._conjecture import Store, _fit_rows
from ._graph import Graph, graph as make_graph
from ._growth import Growth, growth as grow
from ._limits import natural, text
from .errors import DomainError, ParseError


class Figure:
    """A picture: one whole ``<svg>`` element as text. Notebooks show it.

    >>> import cosetta
    >>> figure = cosetta.plot_growth("lrx:7")
    >>> figure.svg.startswith("<svg"), len(figure.svg) > 5000
    (True, True)
    """

    def __init__(self, svg: str):
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: Union[str, os.PathLike[str]]) -> None:
        """Writes the picture to a file, whole or not at all. Raises ParseError for another ending than ``.svg``."""
        target = os.fspath(path)
        if not target.lower().endswith(".svg"):
            raise ParseError(f"{target}: pictures are written as SVG: name it .svg, and let a browser or Inkscape make the rest of it")
        try:
            with open(target + ".part", "w", encoding="utf-8") as file:
                file.write('<?xml version="1.0" encoding="UTF-8"?>\n' + self.svg)
            os.replace(target + ".part", target)
        except OSError as e:
            raise DomainError(f"{target}: cannot be written: {e.strerror}") from None

    def __repr__(self) -> str:
        return f"Figure of {len(self.svg)} characters of SVG"


_SHAPES = ("Gaussian", "reflected Gumbel")


def _grown(graph: Any, options: dict[str, Any]) -> Growth:
    return graph if isinstance(graph, Growth) else grow(graph, last_layer=0, **options)


def _command(*words: str, title: str = "") -> str:
    """For a shell."""
    titled = [] if not title else [f"--title={title}"] if title.startswith("-") else ["--title", title]
    return shlex.join(["cosetta", "plot", *words, *titled])


def _growth_command(given: Sequence[Any], found: list[Growth], log: bool, shapes: list[str], title: str) -> str:
    """The command that makes the same picture; empty where there is none, such as for a growth that stopped when its time was over."""
    options = ["--log"] if log else []
    for graph, growth in zip(given, found):
        by_depth = growth.limit == "depth" and graph is not growth
        if growth.graph._origin is None or not (growth.is_exact or by_depth):
            return ""
        if by_depth:
            options += ["--max-depth", str(growth.diameter)]
    if tuple(shapes) != _SHAPES:
        options += ["--fits", ",".join(s.lower().replace(" ", "_").replace("-", "_") for s in shapes) or "none"]
    return _command("growth", *(g.graph.spec for g in found), *options, title=title)


def plot_growth(*graphs: Any, log: bool = False, shapes: Union[str, Sequence[str]] = _SHAPES, title: str = "", **limits: Any) -> Figure:
    """The sphere sizes of a graph with distributions fitted to them, or the limit shape of several, each moved and scaled to mean 0 and deviation 1; as ``cosetta plot growth``.

    ``graphs``: graphs, whatever :func:`graph` takes, or results of :func:`growth`; ``log``: logarithmic sizes; ``shapes``: of ``"Gaussian"``,
    ``"Gumbel"``, ``"reflected Gumbel"``, ``"skew-normal"`` (the command line's ``"reflected_gumbel,skew_normal"`` too), or none; limits as in :func:`growth`. Raises DomainError for more than 30 graphs, or several of which one is not whole.

    >>> import cosetta
    >>> "lrx:7" in cosetta.plot_growth("lrx:7", log=True).svg
    True
    >>> family = cosetta.plot_growth(*(f"coxeter:{n}" for n in (5, 6, 7)), shapes=["Gaussian"])
    """
    if not graphs:
        raise ParseError("plot_growth: no graph was given")
    names = [] if shapes in ("none", "") else shapes.split(",") if isinstance(shapes, str) else [text("shapes", s) for s in shapes]
    found = [_grown(g, limits) for g in graphs]
    command = _growth_command(graphs, found, log, names, text("title", title))
    curves = [(g.graph.spec, [int(n) for n in g.layers], g.is_exact) for g in found]
    return Figure(_cosetta.figure_of_growth(curves, bool(log), names, title, command))


def plot_graph(graph: Any, *, max_vertices: int = 200, labels: bool = True, title: str = "", limit: Optional[int] = None) -> Figure:
    """A small graph with its vertices on circles by distance, a colour for each generator, as ``cosetta plot graph``.

    ``max_vertices``, or ``limit``: at most 1000. Raises DomainError for a graph with more.

    >>> import cosetta
    >>> "cosetta plot graph lrx:4" in cosetta.plot_graph("lrx:4").svg
    True
    """
    if type(graph) is not Graph:
        graph = make_graph(graph)
    most = natural("max_vertices", max_vertices) if limit is None else natural("limit", limit)
    options = [*(["--limit", str(most)] if most != 200 else []), *([] if labels else ["--no-labels"])]
    command = "" if graph._origin is None else _command("graph", graph.spec, *options, title=text("title", title))
    return Figure(_cosetta.figure_of_graph(graph._core, most, bool(labels), text("title", title), command))


def plot_diameters(
    values: Any, sweep: Optional[str] = None, measure: str = "diameter", *, start: int = 1, step: int = 1, parameter: str = "n", fit: bool = True, period: int = 0, log: bool = False, title: str = "", table: str = ""
) -> Figure:
    """A measure along a parameter, with the formula that :func:`fit` finds and what is left over; bounds have open marks; as ``cosetta plot diameters``.

    ``values``: as :func:`fit` takes them, or a store and the name of a sweep, and of several tables in it ``table``, a part of a title; ``period``: classes of the parameter with marks of their own.

    >>> import cosetta
    >>> "n (n - 1) / 2" in cosetta.plot_diameters({n: n * (n - 1) // 2 for n in range(4, 14)}).svg
    True
    """
    command = ""
    if isinstance(values, Store):
        if sweep is None:
            raise ParseError(f"plot_diameters: which sweep of {values.path}? There are {', '.join(values.sweeps()) or 'none'}")
        tables = values.tables(sweep, measure)
        chosen = {name: one for name, one in tables.items() if text("table", table) in name}
        if len(chosen) != 1:
            raise DomainError(f"{values.path}: the sweep {sweep!r} has {len(chosen)} tables along a parameter{f' with {table!r}' if table else ''}: choose by table=: {', '.join(tables)}")
        family, one = next(iter(chosen.items()))
        parameter, rows = one["parameter"], one["rows"]
        options = [*(["--table", table] if table else []), *(["--period", str(period)] if period else []), *(["--log"] if log else []), *([] if fit else ["--no-fit"])]
        command = _command("diameters", sweep, measure, "--db", values.path, *options, title=title)
        title = title or f"{measure} of {family}"
    else:
        if table:
            raise ParseError("table chooses from a sweep: give a store")
        rows = _fit_rows(values, start, step)
    return Figure(_cosetta.figure_of_diameters(rows, parameter, measure, bool(fit), natural("period", period), bool(log), text("title", title), command))
