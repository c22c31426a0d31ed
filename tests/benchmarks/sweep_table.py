#!/usr/bin/env python3
"""The sweeps, one core, in one run: CPU seconds, memory and bandwidth of whole graphs, and other tools where they are installed.

    tests/benchmarks/sweep_table.py                      # a minute; build/release/tools/cosetta by default
    tests/benchmarks/sweep_table.py --large              # also LRX-14 and pancake-14: minutes, 6 GB and 16 GB
    tests/benchmarks/sweep_table.py --only lrx --repeats 5
    tests/benchmarks/sweep_table.py --peers              # GAP, twsearch and CayleyPy, those that are found

Seconds are those of the whole process, user and system, the median of the repeats. `of stream` is the least traffic with
main memory that the sweep had (each destination word read and written, each word of a far source read), over the CPU
time, as a part of the bandwidth of `c = a | b` over large arrays measured before and after (write-allocating, as a
compiler writes it). A row is marked when it misses its target; layers are checked by their sum and the diameter.
"""
import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent

# name, arguments of `cosetta growth`, states, diameter, target in CPU seconds or None
ROWS = [
    ("LRX-11", ["lrx:11"], 39916800, 55, None),
    ("LRX-12", ["lrx:12"], 479001600, 66, 0.18),
    ("LRX-12, no symmetry", ["lrx:12", "--symmetry", "off"], 479001600, 66, None),
    ("LRX-13", ["lrx:13"], 6227020800, 78, 4.2),
    ("LRX-13 in 450 MB", ["lrx:13", "--memory", "450M"], 6227020800, 78, 4.2),
    ("LX-12, directed", ["lx:12"], 479001600, None, None),
    ("pancake-11", ["pancake:11"], 39916800, 13, None),
    ("pancake-12", ["pancake:12"], 479001600, 14, 0.55),
    ("pancake-13", ["pancake:13"], 6227020800, 15, 12),
    ("burnt pancake 9", ["burnt_pancake:9"], 185794560, None, 0.5),
    ("Coxeter-12", ["coxeter:12"], 479001600, 66, None),
    ("all transpositions 12", ["all_transpositions:12"], 479001600, 11, None),
    ("TopSpin-12", ["top_spin:12"], 479001600, None, None),
    ("M24", ["mathieu:24"], 244823040, None, 0.5),
    ("2x2x2, 18 moves", ["rubik_cube:2,metric=HTM"], 88179840, 11, 0.35),
    ("2x2x2, 12 moves", ["rubik_cube:2,metric=QTM"], 88179840, 14, None),
    ("pyraminx", ["puzzle:pyraminx"], 302330880, None, 0.9),
    ("skewb", ["puzzle:skewb"], 37791360, None, None),
    ("dino", ["puzzle:dino"], 239500800, None, None),
    ("LRX-32 around 0^16 1^16", ["lrx:32", "--central", "0" * 16 + "1" * 16], 601080390, 186, 7.5),
    ("TopSpin-32 around 0^16 1^16", ["top_spin:32", "--central", "0" * 16 + "1" * 16], 601080390, 90, 3),
    ("Heisenberg(3) modulo 1009", ["heisenberg:3,modulo=1009"], 1027243729, 1008, 0.9),
    ("SL(2, 1009)", ["special_linear_fundamental_roots:2,modulo=1009"], 1027242720, None, 3),
]
LARGE = [
    ("TopSpin-36 around 0^18 1^18", ["top_spin:36", "--central", "0" * 18 + "1" * 18], 9075135300, 108, None),
    ("LRX-14", ["lrx:14"], 87178291200, 91, 85),
    ("pancake-14", ["pancake:14"], 87178291200, 16, None),
]


def run(command, **options):
    """Output, CPU seconds and peak bytes of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return done, cpu


def stream_bandwidth(cxx="c++"):
    """Bytes a second of c = a | b on one core, or None without a compiler."""
    program = """
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>
int main() {
  const std::size_t n = std::size_t{1} << 25;
  std::vector<std::uint64_t> a(n, 1), b(n, 2), c(n);
  double best = 0;
  for (int r = 0; r < 5; ++r) {
    const auto t = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < n; ++i) c[i] = a[i] | (b[i] + r);
    const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
    if (24.0 * n / s > best && c[r] != 0) best = 24.0 * n / s;
  }
  std::printf("%.0f", best);
}
"""
    if shutil.which(cxx) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder) / "stream.cpp", Path(folder) / "stream"
        source.write_text(program)
        subprocess.run([cxx, "-O3", "-std=c++17", str(source), "-o", str(binary)], check=True)
        return float(subprocess.run([str(binary)], stdout=subprocess.PIPE, check=True, text=True).stdout)


def measure(cosetta, row, repeats, threads=1):
    name, arguments, states, diameter, target = row
    times, walls, document = [], [], None
    for _ in range(repeats):
        done, cpu = run([cosetta, "growth", *arguments, "--threads", str(threads), "--json", "-q"])
        if done.returncode != 0:
            return {"name": name, "error": done.stderr.strip().splitlines()[-1] if done.stderr else f"exit {done.returncode}"}
        document = json.loads(done.stdout)
        times.append(cpu)
        walls.append(document["run"]["seconds"])
    result = document["result"]
    if int(result["states"]) != states or (diameter is not None and result["diameter"] != diameter):
        return {"name": name, "error": f"wrong: {result['states']} states, diameter {result['diameter']}"}
    return {"name": name, "cpu": statistics.median(times), "wall": statistics.median(walls), "run": document["run"],
            "states": states, "diameter": result["diameter"], "target": target,
            "generators": len(document["graph"]["generators"])}


def print_row(m, stream):
    if "error" in m:
        print(f"| {m['name']} | {m['error']} |")
        return False
    swept = m["run"].get("swept_bytes", 0)
    share = f"{100 * swept / m['cpu'] / stream:.0f} %" if swept and stream else ""
    missed = m["target"] is not None and m["cpu"] > m["target"]
    target = "" if m["target"] is None else f"{m['target']:g}" + (" **missed**" if missed else "")
    edges = m["cpu"] * 1e9 / m["states"] / m["generators"]
    print(f"| {m['name']} | {m['diameter']} | {m['run']['engine']} | {m['cpu']:.3f} | {target} | {edges:.3f} | "
          f"{m['run']['peak_bytes'] / 2**20:.0f} MiB | {share} |", flush=True)
    return not missed


def peers(cosetta):
    """Other tools on what they can do in a minute, beside us in the same run."""
    print("\n| what | tool | CPU s | ours, CPU s | ratio |\n| --- | --- | ---: | ---: | ---: |")

    def compare(what, tool, cpu, arguments):
        ours = min(run([cosetta, "growth", *arguments, "--threads", "1", "-q"])[1] for _ in range(3))
        print(f"| {what} | {tool} | {cpu:.2f} | {ours:.3f} | {cpu / ours:.0f} |", flush=True)

    if gap := shutil.which("gap"):
        def gap_seconds(code):
            with tempfile.NamedTemporaryFile("w", suffix=".g") as file:
                file.write(code + "QUIT;")
                file.flush()
                return run([gap, "-q", file.name], stdin=subprocess.DEVNULL)[1]

        growth = "GrowthFunctionOfGroup(Group((1,2,3,4,5,6,7,8,9),(1,2)));;"
        compare("growth of S_9 under L, R, X", "GAP GrowthFunctionOfGroup, without its start", gap_seconds(growth) - gap_seconds(""), ["lrx:9"])
    python = sys.executable
    script = ("import time, cayleypy\n"
              "from cayleypy.algo import bfs_bitmask\n"
              "g = cayleypy.CayleyGraph(cayleypy.PermutationGroups.lrx({n}))\n"
              "print(bfs_bitmask(g))\n")
    if subprocess.run([python, "-c", "import cayleypy"], stderr=subprocess.DEVNULL).returncode == 0:
        done, cpu = run([python, "-c", script.format(n=11)])
        if done.returncode == 0:
            compare("LRX-11", "CayleyPy bfs_bitmask", cpu, ["lrx:11"])
    if twsearch := shutil.which("twsearch"):
        with tempfile.TemporaryDirectory() as folder:
            for what, spec in (("LRX-10", "lrx:10"), ("2x2x2, 18 moves", "rubik_cube:2,metric=HTM")):
                graph = json.loads(run([cosetta, "graph", "info", spec, "--json"])[0].stdout)["graph"]
                path = Path(folder) / "puzzle.tws"
                moves = "".join(f"Move m{i}\nP\n{' '.join(str(x + 1) for x in images)}\nEnd\n"
                                for i, images in enumerate(graph["generators"]))
                path.write_text(f"Name puzzle\nSet P {graph['degree']} 1\nSolved\nP\n"
                                f"{' '.join(str(i + 1) for i in range(graph['degree']))}\nEnd\n{moves}")
                done, cpu = run([twsearch, "-g", "-q", str(path)])
                if done.returncode == 0:
                    compare(what, "twsearch -g", cpu, [spec])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cosetta", default=str(HERE.parents[1] / "build" / "release" / "tools" / "cosetta"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose name holds this, whatever the case")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--peers", action="store_true")
    a = parser.parse_args()
    if not Path(a.cosetta).exists():
        parser.error(f"{a.cosetta}: no such program; ./run build makes it")
    first = stream_bandwidth()
    rows = [r for r in ROWS + (LARGE if a.large else []) if a.only.lower() in r[0].lower()]
    print(f"{time.strftime('%Y-%m-%d')}, one thread, medians of {a.repeats}" + (f"; c = a | b: {first / 1e9:.1f} GB/s" if first else ""))
    print("\n| graph | diameter | engine | CPU s | target | ns an edge | memory | of stream |\n| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    ok = True
    for row in rows:
        ok &= print_row(measure(a.cosetta, row, 1 if row in LARGE else a.repeats), first)
    if "lrx-13" in [r[0].lower() for r in rows]:
        row = next(r for r in rows if r[0] == "LRX-13")
        one, two = measure(a.cosetta, row, a.repeats), measure(a.cosetta, row, a.repeats, 2)
        print(f"\nLRX-13, two threads over one, wall: {one['wall'] / two['wall']:.2f}")
    if first:
        print(f"c = a | b again: {stream_bandwidth() / 1e9:.1f} GB/s")
    if a.peers:
        peers(a.cosetta)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
