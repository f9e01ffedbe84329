"""The import rules of control-plane/dashboard/src, and the sizes of its files: pages use parts, parts use ui; both use api and
api uses model; model uses nothing. What draws with a library (React Aria, CodeMirror, uPlot, icons) is in ui alone."""
import pathlib
import re

PLACE = "control-plane/dashboard/src"
FILE_LINES = 250
COMPONENT_LINES = 150

# Layer -> layers that it may import, its own always among them. A file directly in src is of the layer `app`, which may import all;
# those in SHARED are for everybody who draws.
ALLOWED = {
    "model": set(),
    "evaluator": {"model", "sdk"},  # of sdk/wasm, what a module is called with
    "api": {"model", "evaluator"},
    "text": {"model"},
    "ui": {"model", "text"},
    "parts": {"api", "evaluator", "model", "text", "ui"},
    "pages": {"api", "evaluator", "model", "parts", "text", "ui"},
}
SHARED = {"paths", "search"}

OWNED = [
    (re.compile(r"^(react-aria|react-stately|@react-aria|@react-stately|@react-types|@internationalized)"), {"ui"}),
    (re.compile(r"^(@codemirror|@lezer|codemirror|uplot|qr(/|$)|lucide-react|@tanstack/react-virtual)"), {"ui"}),
    (re.compile(r"^openapi-fetch"), {"api"}),
    (re.compile(r"^@tanstack/react-router"), {"app", "parts", "pages"}),
    (re.compile(r"^@tanstack/react-query"), {"app", "api", "parts", "pages"}),
    (re.compile(r"^react(-dom)?(/|$)"), {"app", "ui", "parts", "pages"}),
]
TEST_ONLY = re.compile(r"^(vitest|fast-check|node:)")
IMPORT = re.compile(r'(?:^|\n)\s*(?:import|export)\b[^;"]*?from\s*"([^"]+)"|\bimport\(\s*"([^"]+)"|(?:^|\n)import\s*"([^"]+)";')
COMPONENT = re.compile(r"^(?:export )?(?:default )?(?:function|const) ([A-Z]\w*)")
LAZY = re.compile(r'import \{[^}]*\blazy\b[^}]*\} from "react"')
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")


def layer_of(path):
    """Of a path below src. A folder alone is its index."""
    parts = path.split("/")
    return parts[0] if len(parts) > 1 or path in ALLOWED else "app"


def resolve(path, name):
    """The path below src that an import names, or None for a package."""
    if not name.startswith("."):
        return None
    steps = path.split("/")[:-1]
    for step in name.split("?")[0].split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def long_components(lines):
    for begin, line in enumerate(lines):
        found = COMPONENT.match(line)
        if not found or line.rstrip().endswith(";"):
            continue
        end = next((i for i in range(begin + 1, len(lines)) if re.match(r"^[})]", lines[i]) and not lines[i].startswith("}:")), begin)
        if end - begin > COMPONENT_LINES:
            yield found.group(1), begin + 1, end - begin


def check(path, text):
    """`path` is below src."""
    layer, found = layer_of(path), []
    where = f"{PLACE}/{path}"
    is_test = ".test." in path or path.endswith("testing.ts")
    for match in IMPORT.finditer(text):
        name = match.group(1) or match.group(2) or match.group(3)
        target = resolve(path, name)
        if target is None:
            is_allowed = next((layer in owners for pattern, owners in OWNED if pattern.match(name)), TEST_ONLY.match(name) and is_test)
            if not is_allowed:
                found.append(f"{where}: {layer} must not import {name}")
            continue
        other = layer_of(target)
        if layer == "app" or other == layer or other == "style" or (other == "app" and target in SHARED and layer in ("parts", "pages")):
            continue
        if other not in ALLOWED.get(layer, set()):
            found.append(f"{where}: {layer} must not import {target}")
    if path != "ui/later.ts" and LAZY.search(text):
        found.append(f"{where}: code that comes later is fetched by ui/later.ts, which waits while nothing answers")
    lines = text.splitlines()
    if len(lines) > FILE_LINES and not is_test:
        found.append(f"{where}: {len(lines)} lines (at most {FILE_LINES})")
    if path.endswith(".tsx"):
        found += [f"{where}:{line}: {name} has {length} lines (at most {COMPONENT_LINES})"
                  for name, line, length in long_components(lines)]
        found += [f"{where}: style only sets custom properties" for match in re.finditer(r"style=\{\{\s*(\S+)", text)
                  if not match.group(1).startswith('"--')]
    return found


def check_style(path, text):
    """Colours are named by tokens.css alone; the sides of things follow the direction of writing."""
    if path == "style/tokens.css":
        return []
    found = [f"{PLACE}/{path}: the colour {match.group(0)} belongs into style/tokens.css" for match in COLOUR.finditer(text)]
    physical = re.compile(r"^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height|min-width|max-width|min-height|max-height))\s*:",
                          re.M)
    return found + [f"{PLACE}/{path}: `{match.group(0).strip()}` has a logical name" for match in physical.finditer(text)]


def self_test():
    wrong = [
        ("model/x.ts", 'import { a } from "../api/client";'),
        ("model/x.ts", 'import { useState } from "react";'),
        ("api/x.ts", 'import { a } from "../ui/Button";'),
        ("ui/X.tsx", 'import { a } from "../parts/Link";'),
        ("parts/X.tsx", 'import { a } from "../pages/flags/Flags";'),
        ("pages/x/X.tsx", 'import { Button } from "react-aria-components";'),
        ("pages/x/X.tsx", 'const page = () => import("uplot");'),
        ("parts/X.tsx", 'import { Plus } from "lucide-react";'),
        ("pages/x/X.tsx", 'import createClient from "openapi-fetch";'),
        ("api/x.ts", 'import { readFileSync } from "node:fs";'),
        ("pages/x/X.tsx", 'import x from "left-pad";'),
        ("ui/x.ts", "\n" * (FILE_LINES + 1)),
        ("ui/X.tsx", "export function X() {" + "\n  a();" * (COMPONENT_LINES + 1) + "\n}"),
        ("ui/X.tsx", "<div style={{ color }} />"),
        ("pages/x/X.tsx", 'import { lazy, Suspense } from "react";'),
    ]
    right = [
        ("pages/x/X.tsx", 'import { paths } from "../../paths";\nimport { Button } from "../../ui/Button";'),
        ("model/x.test.ts", 'import fc from "fast-check";'),
        ("ui/X.tsx", '<div style={{ "--x": 1 } as object} />'),
        ("routes.tsx", 'const load = () => import("./pages/x/X");'),
    ]
    missed = [case for case in wrong if not check(*case)] + [case for case in right if check(*case)]
    missed += [text for text in ("a { color: #123456; }", "a {\n  margin-left: 0;\n}") if not check_style("ui/x.css", text)]
    return missed


def check_all(root):
    found = []
    for file in sorted((root / PLACE).rglob("*")):
        path = file.relative_to(root / PLACE).as_posix()
        if file.suffix in (".ts", ".tsx") and not path.endswith("schema.d.ts"):
            found += check(path, file.read_text())
        elif file.suffix == ".css":
            found += check_style(path, file.read_text())
    return found


if __name__ == "__main__":
    print(self_test(), "\n".join(check_all(pathlib.Path(__file__).resolve().parents[2])))
