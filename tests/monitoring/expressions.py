"""What queries of Prometheus name: metrics, matchers and labels; and where deploy/monitoring has queries."""
import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"
TARGET = {"job", "instance"}  # labels that Prometheus adds to what it scrapes
OWN = {"up": set(), "ALERTS": {"alertname", "alertstate", "severity"}}  # metrics that Prometheus makes
SUFFIXES = ("_bucket", "_sum", "_count")

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\$?[a-zA-Z_:][\w:]*|\[[^\]]*\]|=~|!~|!=|[^\s]')
GROUPINGS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
WORDS = {"and", "or", "unless", "offset", "bool", "inf", "nan"} | GROUPINGS


class Query:
    """metrics: name -> [(label, operator, value)] of each use; grouped: labels in by(..), on(..) and the like."""

    def __init__(self, text):
        self.text, self.metrics, self.grouped = text, {}, set()
        tokens = [token for token in TOKEN.findall(text) if not token.startswith("[")]
        at = 0
        while at < len(tokens):
            token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
            at += 1
            if token in GROUPINGS and following == "(":
                end = tokens.index(")", at)
                self.grouped |= {name for name in tokens[at + 1:end] if name != ","}
                at = end + 1
            elif self._is_metric(token, following) and not self._is_duration(tokens, at):
                matchers, at = self._matchers(tokens, at) if following == "{" else ([], at)
                self.metrics.setdefault(token, []).extend(matchers)

    @staticmethod
    def _is_metric(token, following):  # not a function, nor an aggregation as in `sum by (job) (..)`
        return re.match(r"[a-zA-Z_:]", token) and token not in WORDS and following != "(" and following not in GROUPINGS - {"on", "ignoring"}

    @staticmethod
    def _is_duration(tokens, at):
        return at >= 2 and tokens[at - 2].isdigit()  # offset 5m

    @staticmethod
    def _matchers(tokens, at):
        end = tokens.index("}", at)
        inside = [token for token in tokens[at + 1:end] if token != ","]
        return [(inside[i], inside[i + 1], inside[i + 2][1:-1]) for i in range(0, len(inside), 3)], end + 1


def family(name):
    """The metric of which a histogram's series are."""
    return next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)


def rules(file):
    """All rules of a file, in order."""
    return [rule for group in yaml.safe_load((MONITORING / file).read_text())["groups"] for rule in group["rules"]]


def alerts():
    return {rule["alert"]: rule for rule in rules("alerts.yml")}


def recorded():
    """Name -> expression."""
    return {rule["record"]: rule["expr"] for rule in rules("recording.yml")}


def dashboards():
    """File -> dashboard."""
    return {path: json.loads(path.read_text()) for path in sorted((MONITORING / "dashboards").glob("*.json"))}


def panels(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries():
    """(where, query) of all queries of Prometheus."""
    for name, rule in alerts().items():
        yield name, rule["expr"]
    yield from recorded().items()
    for path, dashboard in dashboards().items():
        for panel in panels(dashboard):
            for target in panel["targets"]:
                if "expr" in target:
                    yield f"{path.name}: {panel['title']}", target["expr"]


def documented():
    """Metric -> labels, of docs/metrics.md. A histogram has `le` too."""
    found = {}
    for line in (ROOT / "docs/metrics.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 5 and re.fullmatch(r"`fanion_\w+`", cells[1]):
            found[cells[1].strip("`")] = set(re.findall(r"`(\w+)`", cells[3])) | ({"le"} if cells[2] == "histogram" else set())
    return found
