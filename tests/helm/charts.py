"""Renders the charts with both Helms, as the tests need them."""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HELM = ROOT / "deploy/helm"
TOOLS = pathlib.Path(os.environ.get("FANION_HELM_TOOLS", ROOT / "build/helm"))  # what tests/helm/prepare made
PROGRAMS = {"helm3": TOOLS / "helm3", "helm4": TOOLS / "helm4"}
RELEASE, NAMESPACE = "one", "flags"

Case = collections.namedtuple("Case", "name chart place says path")

if not all(program.is_file() for program in PROGRAMS.values()):
    sys.exit(f"no Helm in {TOOLS}: run tests/helm/prepare {TOOLS}")


def cases(folder):
    """The values files of a folder, with what the comments at their head say."""
    found = []
    for path in sorted((HERE / folder).glob("*.yaml")):
        head = dict(line[2:].split(": ", 1) for line in path.read_text().splitlines() if line.startswith("# ") and ": " in line)
        found.append(Case(path.stem, head["chart"], head.get("place", ""), head.get("says", ""), path))
    return found


class Charts:
    """The charts in a folder of their own, where the example application has the library that it depends on."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="fanion-charts-")
        self.root = pathlib.Path(self._folder.name)
        for chart in ("fanion", "fanion-relay", "fanion-sidecar"):
            shutil.copytree(HELM / chart, self.root / chart)
        shutil.copytree(HELM / "examples/checkout", self.root / "checkout")
        shutil.copytree(HELM / "fanion-sidecar", self.root / "checkout/charts/fanion-sidecar")
        # Helm looks for its settings and caches in the home directory.
        self.environment = {"HOME": str(self.root), "PATH": os.environ["PATH"]}

    def close(self):
        self._folder.cleanup()

    def run(self, helm, *arguments):
        return subprocess.run([PROGRAMS[helm], *map(str, arguments)], env=self.environment, capture_output=True, text=True,
                              timeout=600, check=False)

    def template(self, chart, *values, helm="helm4", more=()):
        files = [part for path in values for part in ("--values", path)]
        return self.run(helm, "template", RELEASE, self.root / chart, "--namespace", NAMESPACE, *files, *more)

    def objects(self, chart, *values, helm="helm4", more=()):
        """The objects, in a fixed order. The charts must accept the values."""
        done = self.template(chart, *values, helm=helm, more=more)
        if done.returncode != 0 or done.stderr:
            raise AssertionError(f"{helm} {chart} {[str(path) for path in values]}: {done.stderr}")
        return ordered(parsed(done.stdout))

    def with_values(self, chart, values, helm="helm4"):
        """The same of a dictionary of values."""
        file = self.root / "values.json"
        file.write_text(json.dumps(values))
        return self.objects(chart, file, helm=helm)


def parsed(text):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [document for document in yaml.load_all(text, loader) if document]


def ordered(objects):
    return sorted(objects, key=lambda one: (one["kind"], one["metadata"]["name"]))


def one(objects, kind, suffix=""):
    """The object of a kind whose name ends so."""
    found = [each for each in objects if each["kind"] == kind and each["metadata"]["name"].endswith(suffix)]
    assert len(found) == 1, f"{len(found)} objects of kind {kind} with a name ..{suffix}"
    return found[0]


def pod_templates(objects):
    """(object, template) of everything that makes pods."""
    jobs = [(each, each["spec"]["jobTemplate"]["spec"]["template"]) for each in objects if each["kind"] == "CronJob"]
    return jobs + [(each, each["spec"]["template"]) for each in objects
                   if each["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job")]


def containers(template):
    return [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]


def environment(container):
    return {variable["name"]: variable.get("value", variable.get("valueFrom")) for variable in container.get("env", [])}


def selects(selector, labels):
    return all(labels.get(name) == value for name, value in selector.items())
