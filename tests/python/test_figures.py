"""Pictures: whole XML, with the numbers in it."""

import re
import shlex
import subprocess
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

import cosetta

SVG = "{http://www.w3.org/2000/svg}"


def test_figures(tmp_path):
    growth = cosetta.growth("lrx:6")
    lab = cosetta.store(tmp_path / "s.db")
    lab.sweep({"name": "lrx", "graphs": [{"family": "lrx:{n}", "n": [4, 10]}], "measures": ["diameter"]})
    figures = {
        "growth": growth.plot(),
        "log": cosetta.plot_growth("lrx:6", log=True, shapes=["Gaussian", "skew-normal"]),
        "family": cosetta.plot_growth(growth, "lrx:7", cosetta.graph("lrx:8")),
        "part": cosetta.growth("lrx:9", max_depth=12).plot(title="the first <spheres>"),
        "graph": cosetta.graph("lx:4").plot(labels=False),
        "matrices": cosetta.plot_graph("heisenberg:3,modulo=2"),
        "diameters": cosetta.plot_diameters(lab, "lrx"),
        "values": cosetta.plot_diameters([6, 11, 18, 25, 35, 45], start=4, fit=False, period=2, log=True),
    }
    for name, figure in figures.items():
        root = xml.fromstring(figure.svg)
        assert root.tag == SVG + "svg" and root.find(SVG + "title") is not None and "Figure" in repr(figure)
        figure.save(tmp_path / f"{name}.svg")
        assert xml.parse(tmp_path / f"{name}.svg").getroot().tag == SVG + "svg"
    assert not list(tmp_path.glob("*.part"))
    assert growth._repr_svg_() == figures["growth"].svg == figures["growth"]._repr_svg_()
    said = {name: " ".join(xml.fromstring(f.svg).itertext()) for name, f in figures.items()}
    assert "cosetta plot growth lrx:6" in said["growth"] and "the first <spheres>" in said["part"] and "n (n - 1) / 2" in said["diameters"]


def test_what_cannot_be_drawn(tmp_path):
    for call in (
        lambda: cosetta.plot_growth(),
        lambda: cosetta.plot_growth("lrx:6", shapes=["square"]),
        lambda: cosetta.plot_growth("lrx:6", cosetta.growth("lrx:9", max_depth=3)),
        lambda: cosetta.plot_graph("lrx:6"),
        lambda: cosetta.plot_diameters([]),
        lambda: cosetta.plot_diameters(cosetta.store(tmp_path / "e.db")),
        lambda: cosetta.plot_growth("lrx:5").save("growth.png"),
        lambda: cosetta.plot_growth("lrx:5").save(tmp_path / "nowhere" / "growth.svg"),
    ):
        with pytest.raises(ValueError) as raised:
            call()
        assert isinstance(raised.value, cosetta.Error)


def test_the_command_on_a_picture_makes_it(tmp_path):
    program = Path(cosetta.__file__).parents[2] / "tools" / "cosetta"
    lab = cosetta.store(tmp_path / "a b.db")
    lab.sweep({"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 9]}], "measures": ["diameter"]})
    figures = [
        cosetta.plot_growth("fp:a,b|a^2,b^3,(a*b)^4", log=True, title="it's <this>"),
        cosetta.plot_growth("lrx:8", max_depth=9, shapes=["reflected Gumbel", "skew_normal"]),
        cosetta.plot_growth("lrx:6", shapes="none"),
        cosetta.plot_graph("lrx:4", labels=False, limit=30, title="-"),
        cosetta.plot_diameters(lab, "lx", period=2, log=True, fit=False),
    ]
    for figure in figures:
        words = shlex.split(xml.fromstring(figure.svg).find(SVG + "desc").text.partition("Made by: ")[2])
        assert words[:2] == ["cosetta", "plot"]
        if program.exists():
            made = subprocess.run([program, *words[1:]], capture_output=True, text=True)
            assert made.returncode in (0, 3), made.stderr
            assert pictured(made.stdout) == pictured(figure.svg)
    part = cosetta.growth("lrx:9", max_depth=12)
    for figure in (part.plot(), cosetta.plot_diameters([6, 11, 18, 25, 35, 45]), cosetta.graph("lrx:6").with_central_state("000111").plot()):
        assert "cosetta plot" not in figure.svg


def pictured(svg):
    """All but the command itself, and the names made of it."""
    elements = xml.fromstring(re.sub("fig[0-9a-f]{16}", "fig", svg)).iter()
    return [(e.tag, e.attrib, e.text) for e in elements if e.get("class") != "command" and not e.tag.endswith("desc")]
