"""Cosetta: groups, Cayley graphs, and conjectures about them.

Names are those of the command line, but for a few that docs/python.md lists: ``cosetta growth lrx:8`` is ``cosetta.growth("lrx:8")``, or
``cosetta.graph("lrx:8").growth()``. States and layers are NumPy arrays. Long work leaves the interpreter to other threads, and Ctrl-C ends it.

>>> import cosetta
>>> cosetta.growth("lrx:8").diameter
28
>>> cosetta.group("rubik_cube:3,metric=HTM").order()
43252003274489856000
"""

from . import errors
from ._cosetta import version as __version__
from ._conjecture import Fit, Formula, Shapes, Store, SweepResult, fit, fit_shapes, store
from ._figures import Figure, plot_diameters, plot_graph, plot_growth
from ._graph import Graph, families, graph
from ._group import ConjugacyClass, Group, group
from ._growth import Diameter, Growth, diameter, growth
from ._search import Path, Solution, Solutions, Walks, distances, path, solve, walks
from .errors import BackendError, DomainError, Error, LimitError, ParseError, ResourceError

__all__ = [
    "BackendError",
    "ConjugacyClass",
    "Diameter",
    "DomainError",
    "Error",
    "Figure",
    "Fit",
    "Formula",
    "Graph",
    "Group",
    "Growth",
    "LimitError",
    "ParseError",
    "Path",
    "ResourceError",
    "Shapes",
    "Solution",
    "Solutions",
    "Store",
    "SweepResult",
    "Walks",
    "diameter",
    "distances",
    "errors",
    "families",
    "fit",
    "fit_shapes",
    "graph",
    "group",
    "growth",
    "path",
    "plot_diameters",
    "plot_graph",
    "plot_growth",
    "solve",
    "store",
    "walks",
]
