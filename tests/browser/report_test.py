"""A report as a browser shows it: a small sweep is computed, its page is opened in headless Chromium and measured there.

    report_test.py PROGRAM CHROMIUM

The page has no scripts, so it is measured from outside, by Chromium's debugging protocol over a pipe (JSON documents that end in a zero byte on
file descriptors 3 and 4); nothing but Python's own library is needed. Exits with 77 where there is no Chromium. A page that is wrong in every way
that is looked for is measured first: checks that cannot fail say nothing.
"""
import base64
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time

PATIENCE = 120  # seconds for any answer: machines may be busy

SPECIFICATION = {
    "name": "reported",
    "graphs": [
        {"family": "coxeter:{n}", "n": [3, 9]},
        {"family": "top_spin:{n},k={k}", "n": [5, 8], "k": 3},
        {"family": "lrx:{n}", "n": [4, 10]},
        {"generators": [[1, 0, 2], [1, 2, 0]], "label": "<script>document.title = 'taken over'</script>"},
        {"subsets": {"degree": 5, "size": 2, "class": "all"}, "up_to": "conjugacy_and_inversion"},
    ],
    "measures": ["diameter", "growth", "order", "girth"],
    "limits": {"max_states": 400000},
}

WRONG_PAGE = """<!DOCTYPE html><html><head><title></title></head><body><h1>a</h1><h3>b</h3><table><tr><td>1</td></tr></table>
<div style="width: 3000px">wide</div><svg width="0" height="0"></svg><img src="http://127.0.0.1:9/x.png"><script>console.error("wrong")</script></body></html>"""

MEASURE = """(() => {
  const box = e => { const r = e.getBoundingClientRect(); return [r.width, r.height]; };
  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return {
    title: document.title, language: document.documentElement.lang, h1: [...document.querySelectorAll('h1')].map(h => h.innerText),
    levels, scripts: document.querySelectorAll('script, iframe, object, embed, link, [onload], [onerror], [onclick]').length,
    links: [...document.querySelectorAll('[href], [src]')].map(e => e.getAttribute('href') || e.getAttribute('src')),
    targets: [...document.querySelectorAll('a[href]')].filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length,
    doubled: ids.filter((id, i) => ids.indexOf(id) !== i),
    width: document.documentElement.clientWidth, scroll: document.documentElement.scrollWidth,
    tables: [...document.querySelectorAll('table')].map(t => ({caption: t.caption ? t.caption.textContent : '', rows: t.tBodies[0].rows.length,
      heads: [...t.querySelectorAll('thead th')].map(h => h.textContent), unscoped: t.querySelectorAll('th:not([scope])').length,
      cells: [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent)), inside: box(t)[0] <= 0 || t.closest('.scroll') !== null})),
    figures: [...document.querySelectorAll('figure')].map(f => ({size: box(f.querySelector('svg')), named: !!f.querySelector('svg > title'),
      caption: f.querySelector('figcaption').innerText, marks: f.querySelectorAll('svg .mark, svg .bar').length,
      smallest: Math.min(...[...f.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize) * box(f.querySelector('svg'))[0] / 800))})),
    svgs: [...document.querySelectorAll('svg')].map(box),
    details: document.querySelectorAll('details').length,
    ground: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color,
    picture: [...document.querySelectorAll('.picture')].map(p => getComputedStyle(p).backgroundColor),
    reproduce: [...document.querySelectorAll('pre')].map(p => p.textContent),
  };
})()"""


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, chromium, profile):
        to_browser, self.out = os.pipe()
        self.into, from_browser = os.pipe()
        # The ends move to 3 and 4 by way of numbers that none of them has.
        high_in, high_out = os.dup(to_browser) + 40, os.dup(from_browser) + 41
        os.dup2(to_browser, high_in)
        os.dup2(from_browser, high_out)

        def place_pipes():
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
                   "--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir=" + profile, "about:blank"]
        self.process = subprocess.Popen(command, pass_fds=(3, 4, high_in, high_out), preexec_fn=place_pipes, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for fd in (high_in, high_out, to_browser, from_browser):
            os.close(fd)
        self.number, self.buffer, self.events, self.session = 0, b"", [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def receive(self, until):
        while b"\0" not in self.buffer:
            if not select.select([self.into], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.into, 1 << 20)
            if not piece:
                raise ConnectionError("the browser has gone")
            self.buffer += piece
        document, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(document)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while True:
            answer = self.receive(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, path, width):
        """Measurements of the page, and what it asked of the network and told the console."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.events = []
        self.call("Page.navigate", url="file://" + path)
        until = time.monotonic() + PATIENCE
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.receive(until))
        found = self.evaluate(MEASURE)
        found["requests"] = [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        found["console"] = [e["params"] for e in self.events if e.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
        return found

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(30)
        except Exception:
            self.process.kill()
            self.process.wait()


def problems(page, path):
    """What is wrong with any page of this kind."""
    out = []
    if page["language"] != "en" or not page["title"] or len(page["h1"]) != 1:
        out.append("title")
    if any(b > a + 1 for a, b in zip(page["levels"], page["levels"][1:])):
        out.append("headings")
    if page["scripts"] or any(not link.startswith("#") for link in page["links"]):
        out.append("scripts or references")
    if page["targets"] or page["doubled"]:
        out.append("anchors")
    if [u for u in page["requests"] if u != "file://" + path]:
        out.append("requests")
    if page["console"]:
        out.append("console")
    if page["scroll"] > page["width"]:
        out.append("overflow")
    if any(not t["caption"] or t["unscoped"] or not t["heads"] or not t["inside"] for t in page["tables"]):
        out.append("tables")
    if any(w < 100 or h < 50 for w, h in page["svgs"]):
        out.append("figures")
    return out


def check(condition, what):
    if not condition:
        print("FAILED:", what, file=sys.stderr)
        check.failures += 1


check.failures = 0


def brightness(colour):
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def check_content(page):
    """What this sweep is to show."""
    check("3 tables of sweep reported" in page["title"] and "taken over" not in page["title"], f"title {page['title']}")
    by_caption = {t["caption"]: t for t in page["tables"]}
    values = [t for c, t in by_caption.items() if c.startswith("Diameter of coxeter(n)")]
    check(len(values) == 1 and values[0]["rows"] == 7, "seven rows of coxeter")
    check([r[1] for r in values[0]["cells"]] == [str(n * (n - 1) // 2) for n in range(3, 10)], f"n (n - 1) / 2: {values[0]['cells']}")
    check(all(r[4] == "0" for r in values[0]["cells"]), "no differences")
    bounded = [t for c, t in by_caption.items() if c.startswith("Diameter of lrx(n)")][0]
    check(bounded["cells"][-1][1].startswith("≥ ") and "lower bound" in bounded["cells"][-1][2], f"lrx:10 is a bound: {bounded['cells'][-1]}")
    rows = next(t["rows"] for c, t in by_caption.items() if c.startswith("All that the store knows"))
    check(rows == next(t["rows"] for c, t in by_caption.items() if c.startswith("How each row was found")) and rows > 50, f"{rows} rows in full")
    check(len(page["figures"]) == 3 * 4 + 2 and all(f["named"] and f["caption"] and f["marks"] > 0 for f in page["figures"]), f"{len(page['figures'])} figures")


def check_reproduction(program, folder, page):
    """The commands of the page, run as they stand, give the same values."""
    again = os.path.join(folder, "again")
    os.mkdir(again)
    environment = dict(os.environ, PATH=os.path.dirname(program) + os.pathsep + os.environ["PATH"])
    subprocess.run(["sh"], input=page["reproduce"][0], text=True, cwd=again, env=environment, check=True, stdout=subprocess.DEVNULL)  # the sweep ends with 3: bounds

    def rows(where):
        return subprocess.run([program, "conjecture", "report", "reported", "--db", "reported.db", "--format", "csv"], cwd=where, text=True, check=True, stdout=subprocess.PIPE).stdout

    check(rows(folder) == rows(again), "the commands of the page give other values")
    check(os.path.getsize(os.path.join(again, "reported.html")) > 100000, "the commands of the page write a page")


def main(program, chromium):
    if not os.path.exists(chromium):
        print("no Chromium here: skipped")
        return 77
    with tempfile.TemporaryDirectory(prefix="cosetta-browser-") as folder:
        with open(os.path.join(folder, "spec.json"), "w", encoding="utf-8") as file:
            json.dump(SPECIFICATION, file)
        subprocess.run([program, "conjecture", "sweep", "spec.json", "--db", "reported.db", "-q"], cwd=folder, stdout=subprocess.DEVNULL)  # 3: bounds
        subprocess.run([program, "conjecture", "report", "reported", "--db", "reported.db", "-o", "report.html"], cwd=folder, check=True)
        wrong, path = os.path.join(folder, "wrong.html"), os.path.join(folder, "report.html")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write(WRONG_PAGE)
        browser = Browser(chromium, os.path.join(folder, "profile"))
        try:
            found = problems(browser.open(wrong, 800), wrong)
            expected = ["title", "headings", "scripts or references", "requests", "console", "overflow", "tables", "figures"]
            check(found == expected, f"of a page that is wrong in every way only this is seen: {found}")
            for width in (800, 360):
                page = browser.open(path, width)
                check(problems(page, path) == [], f"at {width} px: {problems(page, path)} {page['console']} {page['requests']} {page['doubled']}")
                browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                unfolded = browser.evaluate(MEASURE)
                check(unfolded["scroll"] <= unfolded["width"], f"at {width} px, unfolded: {unfolded['scroll']} px wide")
                check_content(unfolded)
                check(all(f["smallest"] >= (10 if width == 800 else 8) for f in page["figures"]), f"letters at {width} px: {[f['smallest'] for f in page['figures']]}")
            check_reproduction(program, folder, page)
            check(brightness(page["ground"]) > 200 and brightness(page["ink"]) < 60, "dark on light")
            browser.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": "dark"}])
            dark = browser.open(path, 800)
            check(brightness(dark["ground"]) < 60 and brightness(dark["ink"]) > 200, "light on dark")
            check(dark["picture"] and all(brightness(c) > 250 for c in dark["picture"]), "figures keep their white ground")
            pdf = base64.b64decode(browser.call("Page.printToPDF", preferCSSPageSize=True)["data"])
            check(pdf.startswith(b"%PDF") and len(pdf) > 20000, "prints")
        finally:
            browser.close()
    print("failures:", check.failures)
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "/usr/bin/chromium"))
