/** The docs page's style sheet: light and dark, readable on a phone, nothing loaded from elsewhere. */
export const docsStyle = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d2320; --soft: #5c665f; --line: #e0ddd3;
  --card: #fff;
  --accent: #0b6b46; --code: #f1efe8; --get: #0b6b46; --post: #1c4fa8; --put: #8a5a00; --patch: #6a3aa0;
  --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --paper: #121614; --ink: #e8ece9; --soft: #9aa69f;
  --line: #2b332f; --card: #191f1c;
  --accent: #5fd3a0; --code: #232b27; --get: #5fd3a0; --post: #8ab4ff; --put: #f0c060; --patch: #c9a2ff;
  --delete: #ff8a80; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
header { padding: 2.5rem 1.25rem 1rem; max-width: 78rem; margin: 0 auto; }
h1 { margin: 0; font-size: 2.2rem; letter-spacing: -0.02em; }
h1 small { color: var(--soft); font-size: 1rem; font-weight: 500; letter-spacing: 0; }
.lead { max-width: 46rem; color: var(--soft); }
.links a { display: inline-block; margin: 0 1rem 0.5rem 0; }
a { color: var(--accent); }
.columns { display: grid; grid-template-columns: 19rem minmax(0, 1fr); gap: 2rem; max-width: 78rem;
  margin: 0 auto;
  padding: 0 1.25rem 4rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 1rem 0;
  font-size: 0.85rem; }
nav h2 { margin: 1rem 0.4rem 0.2rem; font-size: 0.9rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: flex; gap: 0.5rem; align-items: baseline; padding: 0.3rem 0.4rem; border-radius: 0.4rem;
  color: inherit;
  text-decoration: none; overflow-wrap: anywhere; }
nav a:hover, nav a:focus-visible { background: var(--code); }
.method { flex: none; font-size: 0.72rem; letter-spacing: 0.04em; min-width: 3.4rem; }
.method.get { color: var(--get); } .method.post { color: var(--post); } .method.put { color: var(--put); }
.method.patch { color: var(--patch); } .method.delete { color: var(--delete); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem;
  padding: 1.2rem 1.4rem; margin: 0 0 1.25rem; }
section:target { border-color: var(--accent); }
h2 { font-size: 1.1rem; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
h3 { font-size: 0.78rem; text-transform: uppercase; letter-spacing: 0.07em; color: var(--soft);
  margin: 1.2rem 0 0.4rem; }
#schemas h3 { text-transform: none; letter-spacing: 0; font-size: 1rem; color: inherit; }
.summary { margin: 0; }
.policy { margin: 0.2rem 0 0; color: var(--soft); font-size: 0.9rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.87em; }
td code, p code { background: var(--code); border-radius: 0.3rem; padding: 0.05rem 0.3rem; }
pre { background: var(--code); border-radius: 0.6rem; padding: 0.9rem 1rem; overflow-x: auto; margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.8rem 0.35rem 0;
  border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { font-weight: 500; width: 14rem; }
small { color: var(--soft); font-weight: 400; }
.errors td:first-child { width: 3.5rem; color: var(--soft); font-variant-numeric: tabular-nums; }
tr:target { background: var(--code); }
details { margin-top: 1rem; } summary { cursor: pointer; color: var(--soft); }
@media (max-width: 52rem) {
  .columns { grid-template-columns: minmax(0, 1fr); gap: 0; }
  nav { position: static; max-height: none; }
  th { width: 40%; } section { padding: 1rem; }
}
`
