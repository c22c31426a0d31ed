#include <tools/report/page_parts.hpp>

namespace cosetta::report {

// Wide tables and long lines scroll within their boxes, so that the page itself never does. Figures keep their white ground in the dark.
std::string page_style() {
  return R"(:root { color-scheme: light dark; --ground: #ffffff; --text: #1b1b1b; --soft: #595959; --line: #d0d0d0; --panel: #f5f6f8; --accent: #00558c; --warn: #8a3b00; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181b; --text: #e8e8e8; --soft: #b0b0b0; --line: #44474c; --panel: #212429; --accent: #7cc4f4; --warn: #f0a860; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 3rem; background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, "Liberation Sans", "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; }
.kind { color: var(--soft); margin: 0 0 .25rem; }
.lead { color: var(--soft); }
.warn { color: var(--warn); font-weight: 600; }
nav ul { columns: 16rem; margin: .5rem 0; padding-left: 1.25rem; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: minmax(7rem, 13rem) minmax(0, 1fr); gap: .3rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.formula { font-size: 1.15rem; }
sup { line-height: 0; }
code, pre, .mono { font-family: ui-monospace, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .875em; }
pre, .scroll { overflow-x: auto; max-width: 100%; border: 1px solid var(--line); border-radius: 4px; }
pre { padding: .75rem; background: var(--panel); overflow-wrap: normal; tab-size: 2; }
.scroll { margin: .75rem 0; overflow-wrap: normal; }
.tall { max-height: 32rem; overflow-y: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .5rem .75rem; color: var(--soft); font-size: .9rem; }
th, td { padding: .3rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { background: var(--panel); white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
.num { text-align: right; white-space: nowrap; }
td.long { min-width: 18rem; overflow-wrap: anywhere; }
tr.bound td, tr.bound th { font-style: italic; }
tr.wrong td, tr.wrong th { color: var(--warn); font-weight: 600; }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); border-radius: 4px; }
figcaption { color: var(--soft); font-size: .9rem; margin-top: .35rem; }
summary { cursor: pointer; color: var(--accent); padding: .35rem 0; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
@media (max-width: 30rem) { body { padding: 1rem .75rem 2rem; } h1 { font-size: 1.3rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } th, td { padding: .3rem .5rem; } }
@media print {
  :root { color-scheme: light; --ground: #ffffff; --text: #000000; --soft: #444444; --line: #999999; --panel: #ffffff; --accent: #000000; --warn: #000000; }
  @page { margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2, h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  pre { white-space: pre-wrap; }
  .scroll { overflow: visible; max-height: none; border: none; }
}
)";
}

}  // namespace cosetta::report
