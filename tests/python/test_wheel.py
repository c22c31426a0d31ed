"""The wheel that `pip install .` makes, of the build tree that is tested."""

import base64
import hashlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import cosetta

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    build = Path(cosetta.__file__).parents[2]
    if not (build / "build.ninja").exists():
        pytest.skip("not run in a build tree")
    spec = importlib.util.spec_from_file_location("build_backend", ROOT / "tools/python/build_backend.py")
    backend = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    folder = tmp_path_factory.mktemp("wheel")
    backend._built = lambda settings: build / "python" / "cosetta"  # nothing is compiled here
    return folder / backend.build_wheel(folder)


def test_it_holds_what_it_says(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = archive.read(next(n for n in names if n.endswith("RECORD"))).decode().splitlines()
        assert sorted(line.split(",")[0] for line in record) == sorted(names)
        for name, digest, size in (line.split(",") for line in record if not line.endswith(",,")):
            content = archive.read(name)
            assert len(content) == int(size) and digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    sources = {str(p.relative_to(ROOT / "tools/python")) for p in (ROOT / "tools/python/cosetta").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert sources <= set(names)
    linked = {str(p.relative_to(Path(cosetta.__file__).parents[1])) for p in Path(cosetta.__file__).parent.rglob("*") if p.is_symlink()}
    assert sources == linked  # the build tree has them all, too


def test_it_runs_away_from_the_checkout(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = "import cosetta; from cosetta.compat import cayleypy; print(cosetta.growth('lrx:6').diameter, cosetta.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert said[0] == "15" and Path(said[1]).is_relative_to(tmp_path)


def backend_at(root):
    """The backend in a tree of its own, with nothing to compile."""
    folder = root / "tools/python"
    folder.mkdir(parents=True)
    for name in ("tools/python/build_backend.py", "pyproject.toml", "CMakeLists.txt", "LICENSE"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    spec = importlib.util.spec_from_file_location("build_backend_elsewhere", folder / "build_backend.py")
    backend = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    return backend


def test_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        said = archive.read(next(n for n in archive.namelist() if n.endswith("METADATA"))).decode()
    for line in ("License-Expression: MIT", "Summary: Group theory computation and Cayley graphs", "Requires-Dist: numpy", 'Requires-Dist: scipy ; extra == "scipy"', "Requires-Python: >=3.9"):
        assert line in said.splitlines()


def test_source_distributions_are_what_git_has(tmp_path, capsys):
    backend = backend_at(tmp_path / "tree")
    with pytest.raises(SystemExit, match="git"):
        backend.build_sdist(tmp_path)

    def git(*words):
        subprocess.run(["git", "-C", tmp_path / "tree", "-c", "user.name=x", "-c", "user.email=x@y.z", *words], check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "all")
    archive = tmp_path / backend.build_sdist(tmp_path)
    with tarfile.open(archive) as tar:
        assert any(n.endswith("tools/python/build_backend.py") for n in tar.getnames())
    assert capsys.readouterr().err == ""
    (tmp_path / "tree" / "LICENSE").write_text("changed")
    backend.build_sdist(tmp_path)
    assert "not committed" in capsys.readouterr().err


def test_only_release_trees_become_wheels(tmp_path):
    backend = backend_at(tmp_path / "tree")
    build = tmp_path / "debug"
    build.mkdir()
    (build / "build.ninja").touch()
    (build / "CMakeCache.txt").write_text("CMAKE_BUILD_TYPE:STRING=Debug\n")
    with pytest.raises(SystemExit, match="Release"):
        backend.build_wheel(tmp_path, {"build-dir": str(build)})
