"""Makes wheels by CMake (PEP 517 and 660): `pip install .` in a checkout. Nothing is downloaded.

Settings, as `pip install . --config-settings=build-dir=FOLDER`: build-dir, a build tree of the same Python to take instead of build/wheel.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).resolve().parent / "cosetta"


def _version():
    return re.search(r"project\(cosetta VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def _project():
    """What pyproject.toml says, as far as it is text and lists of text: Python 3.9 has no tomllib."""
    section, values = "", {}
    for line in (ROOT / "pyproject.toml").read_text().splitlines():
        heading = re.match(r"\[([\w.-]+)\]$", line)
        entry = re.match(r"([\w-]+) = (.+)$", line)
        if heading:
            section = heading.group(1)
        elif entry:
            texts = re.findall(r'"([^"]*)"', entry.group(2).split("  #")[0])
            values[f"{section}.{entry.group(1)}"] = texts if entry.group(2).startswith("[") else "".join(texts)
    return values


def _metadata():
    project = _project()
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['project.name']}",
        f"Version: {_version()}",
        f"Summary: {project['project.description']}",
        f"License-Expression: {project['project.license']}",
        "License-File: LICENSE",
        f"Requires-Python: {project['project.requires-python']}",
        *(f"Requires-Dist: {d}" for d in project["project.dependencies"]),
    ]
    for key, needed in project.items():
        section, _, extra = key.rpartition(".")
        if section == "project.optional-dependencies":
            lines += [f"Provides-Extra: {extra}", *(f'Requires-Dist: {d} ; extra == "{extra}"' for d in needed)]
    return "\n".join(lines) + "\n"


def _tag():
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return f"{python}-{python}-{re.sub(r'[^a-zA-Z0-9]', '_', sysconfig.get_platform())}"


def _check_release(folder):
    """Wheels of what is not optimized, or instrumented, would be slow, or not run."""
    kind = re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", (folder / "CMakeCache.txt").read_text(), re.M)
    if kind is None or kind.group(1) != "Release":
        raise SystemExit(f"{folder}: a build tree of type {kind.group(1) or 'none' if kind else 'none'}: give one of type Release as build-dir")


def _built(settings):
    """The folder that holds the extension."""
    folder = Path((settings or {}).get("build-dir", ROOT / "build" / "wheel")).resolve()
    if not (folder / "build.ninja").exists():
        configure = ["cmake", "-S", str(ROOT), "-B", str(folder), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCOSETTA_PYTHON=ON", f"-DPython3_EXECUTABLE={sys.executable}"]
        subprocess.run(configure, check=True)
    _check_release(folder)
    subprocess.run(["cmake", "--build", str(folder), "--target", "cosetta_python"], check=True)
    return folder / "python" / "cosetta"


def _extension(settings):
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    extension = _built(settings) / f"_cosetta{suffix}"
    if not extension.exists():
        raise SystemExit(f"{extension}: not built: the build tree is of another Python; give another build-dir")
    return extension


def _write_wheel(directory, files):
    """`files`: (name in the wheel, bytes). The name of the wheel's file."""
    info = f"cosetta-{_version()}.dist-info"
    files = list(files)
    files.append((f"{info}/METADATA", _metadata().encode()))
    files.append((f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: cosetta\nRoot-Is-Purelib: false\nTag: {_tag()}\n".encode()))
    files.append((f"{info}/licenses/LICENSE", (ROOT / "LICENSE").read_bytes()))
    record = ""
    name = f"cosetta-{_version()}-{_tag()}.whl"
    with zipfile.ZipFile(Path(directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        def put(path, content):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))  # the same wheel of the same files
            entry.external_attr = (0o755 if path.endswith(".so") else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, content)

        for path, content in files:
            put(path, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(content)}\n"
        put(f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode())
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    extension = _extension(config_settings)
    strip = shutil.which("strip")
    stripped = Path(wheel_directory) / extension.name
    shutil.copyfile(extension, stripped)
    if strip:
        subprocess.run([strip, "--strip-unneeded", str(stripped)], check=True)
    content = stripped.read_bytes()
    stripped.unlink()
    modules = sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".pyi") or p.name == "py.typed")
    files = [(f"cosetta/{p.relative_to(PACKAGE).as_posix()}", p.read_bytes()) for p in modules]
    return _write_wheel(wheel_directory, [(f"cosetta/{extension.name}", content), *files])


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """The build tree itself, whose modules are links to the sources: what is edited or compiled is what is imported."""
    folder = _extension(config_settings).parents[1]
    return _write_wheel(wheel_directory, [("cosetta.pth", f"{folder}\n".encode())])


def build_sdist(sdist_directory, config_settings=None):
    """What is committed."""
    status = subprocess.run(["git", "-C", str(ROOT), "status", "--porcelain"], capture_output=True, text=True) if (ROOT / ".git").exists() and shutil.which("git") else None
    if status is None or status.returncode != 0:
        raise SystemExit(f"{ROOT}: no checkout of git: a source distribution is what git has; make it in a checkout, or build a wheel")
    if status.stdout:
        print(f"warning: {len(status.stdout.splitlines())} files have changes that are not committed: they are left out", file=sys.stderr)
    name = f"cosetta-{_version()}"
    archive = Path(sdist_directory) / f"{name}.tar.gz"
    subprocess.run(["git", "-C", str(ROOT), "archive", "--format=tar.gz", f"--prefix={name}/", "-o", os.path.abspath(archive), "HEAD"], check=True)
    return archive.name


def get_requires_for_build_wheel(config_settings=None):
    return []


get_requires_for_build_editable = get_requires_for_build_sdist = get_requires_for_build_wheel
