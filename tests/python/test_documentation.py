"""Every example of a docstring, and of the pages about Python, runs and gives what it says."""

import doctest
import importlib
import inspect
import re
from pathlib import Path

import pytest

import cosetta

PAGES = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("module", ["cosetta", *(f"cosetta.{m}" for m in ("_graph", "_growth", "_search", "_group", "_conjecture", "_figures", "compat.cayleypy"))])
def test_docstrings(module):
    found = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)
    assert found.failed == 0 and found.attempted > 0


@pytest.mark.parametrize("page", ["python.md", "cayleypy.md", "tutorial.md"])
def test_pages(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(PAGES / page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.failed == 0 and found.attempted > 0


def test_everything_public_is_documented():
    for name in cosetta.__all__:
        thing = getattr(cosetta, name)
        assert inspect.getdoc(thing), name
    stub = (Path(cosetta.__file__).parent / "_cosetta.pyi").read_text()
    declared = set(re.findall(r"^(?:class|def) (\w+)|^(\w+):", stub, re.M))
    declared = {a or b for a, b in declared}
    from cosetta import _cosetta

    there = {name for name in dir(_cosetta) if not name.startswith("__")}
    assert declared >= there, there - declared
    assert declared - {"Limits"} <= there, declared - there
    for holder in ("Graph", "Group", "Store", "SolveArguments", "PathTables", "Engine"):
        body = re.search(rf"^class {holder}:\n((?:    .*\n|\n)+)", stub, re.M).group(1)
        methods = set(re.findall(r"^    (?:def )?(\w+)", body, re.M)) - {"def"}
        real = {name for name in vars(getattr(_cosetta, holder)) if not name.startswith("_")}
        assert real <= methods, (holder, real - methods)
