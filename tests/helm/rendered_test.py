#!/usr/bin/env python3
"""Renders every values file of the matrix and of the examples with Helm 3 and Helm 4, and checks the objects: both Helms make the
same, the rules hold, a few are as tests/helm/golden has them, TypeScript finds each to be of its type, and Monokle finds the
restricted Pod Security Standard kept.

    tests/helm/rendered_test.py            [-k PATTERN]
    tests/helm/rendered_test.py --golden   writes the golden files anew
"""
import sys
import unittest

import charts
import rules
import typed
import yaml

GOLDEN = ("control-plane-minimal", "control-plane-signer", "control-plane-tls", "relay-everything-extra", "relay-minimal",
          "relay-stateful", "sidecar-minimal")
EXAMPLES = {"values-control-plane.yaml": "fanion", "values-relay.yaml": "fanion-relay", "values-edge.yaml": "fanion-relay",
            "values-each-node.yaml": "fanion-relay"}
# There are no types of CloudNativePG's objects, nor of Flagger's, for which tests/delivery has a schema.
MANIFESTS = ("helm/examples/cert-manager.yaml", "helm/examples/gitops-flags.yaml", "helm/examples/pod-monitor.yaml",
             "delivery/argo-rollouts.yaml")


def all_cases():
    examples = [charts.Case(f"example-{file}", chart, "", "", charts.HELM / "examples" / file) for file, chart in EXAMPLES.items()]
    return [*charts.cases("matrix"), *examples]


def golden_text(objects):
    return "---\n".join(yaml.safe_dump(each, sort_keys=True, width=120) for each in objects)


INJECTOR = "relay-injector"  # of the matrix
INJECTED = charts.ROOT / "tests/fixtures/inject/sidecar.json"  # what unit_relay_inject adds to pods


def sidecar_text(objects):
    """The file that the webhook of a release reads."""
    return charts.one(objects, "ConfigMap", "-injector-sidecar")["data"]["sidecar.json"]


def golden_file(name):
    return charts.HERE / "golden" / f"{name}.yaml"


class Rendered(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.charts = charts.Charts()
        cls.addClassCleanup(cls.charts.close)
        cls.objects = {case.name: cls.charts.objects(case.chart, case.path) for case in all_cases()}

    def with_manifests(self):
        manifests = {file: charts.parsed((charts.ROOT / "deploy" / file).read_text()) for file in MANIFESTS}
        return {**self.objects, **manifests}

    def test_the_matrix_is_large(self):
        self.assertGreaterEqual(len(self.objects), 20)

    def test_both_helms_make_the_same(self):
        for case in all_cases():
            with self.subTest(case.name):
                self.assertEqual(self.charts.objects(case.chart, case.path, helm="helm3"), self.objects[case.name])

    def test_the_rules_hold(self):
        for case in all_cases():
            with self.subTest(case.name):
                has_policies = (yaml.safe_load(case.path.read_text()) or {}).get("networkPolicy", {}).get("enabled", True)
                self.assertEqual(rules.findings(self.objects[case.name], has_policies), [])

    def test_the_golden_files(self):
        for name in GOLDEN:
            with self.subTest(name):
                self.assertEqual(golden_text(self.objects[name]), golden_file(name).read_text(),
                                 "if this is meant: tests/helm/rendered_test.py --golden")
        self.assertEqual({path.stem for path in (charts.HERE / "golden").iterdir()}, set(GOLDEN))

    def test_what_the_webhooks_tests_add_is_what_the_chart_renders(self):
        self.assertEqual(sidecar_text(self.objects[INJECTOR]), INJECTED.read_text(), "if this is meant: tests/helm/rendered_test.py --golden")

    def test_each_object_is_of_its_type(self):
        self.assertEqual(typed.type_errors(self.with_manifests()), [])

    def test_pods_are_restricted(self):
        self.assertEqual(typed.pod_security_problems(self.with_manifests()), [])

    def test_a_wrong_object_is_found(self):
        """A misspelt member, a number for a text, and a pod that may do anything: else the two tests above could not fail."""
        wrong = {"wrong": [
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"prots": []}},
            {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "a"},
             "spec": {"selector": {}, "endpoints": [{"intervall": "30s"}]}},
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "a"},
             "spec": {"strategy": {"canary": {"steps": [{"setWeigth": 10}]}}}},
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": 1}}]}
        self.assertEqual(len(typed.type_errors(wrong)), 4)
        pod = {"containers": [{"name": "a", "image": "a:1"}]}
        deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
                      "spec": {"selector": {"matchLabels": {"a": "a"}},
                               "template": {"metadata": {"labels": {"a": "a"}}, "spec": pod}}}
        found = typed.pod_security_problems({"wrong": [deployment]})
        for word in ("privilege", "root", "seccomp", "capabilities"):
            self.assertTrue(any(word in finding.lower() for finding in found), f"{word} in {found}")
        self.assertEqual(len(list(rules.restricted([deployment]))), 4)


def write_golden():
    rendering = charts.Charts()
    for case in charts.cases("matrix"):
        if case.name in GOLDEN:
            golden_file(case.name).write_text(golden_text(rendering.objects(case.chart, case.path)))
        if case.name == INJECTOR:
            INJECTED.write_text(sidecar_text(rendering.objects(case.chart, case.path)))
    rendering.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["--golden"]:
        sys.exit(write_golden())
    unittest.main()
