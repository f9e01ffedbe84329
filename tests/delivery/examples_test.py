#!/usr/bin/env python3
"""The examples for Argo Rollouts and Flagger: they ask what deploy/rollout asks, promtool evaluates that, names fit together, and
Flagger's objects have the members that its custom resource definitions have (flagger.schema.json). tests/helm checks the types of
Argo's objects."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema
import support
import yaml
from delivery import burn, queries

EXAMPLES = support.ROOT / "deploy/delivery"
SELECTORS = {"argo-rollouts": 'namespace="{{args.namespace}}",pod=~"{{args.rollout}}-{{args.hash}}-.+"',
             "flagger": 'namespace="{{ namespace }}",pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"'}
VALUES = {"{{args.namespace}}": "flags", "{{ namespace }}": "flags", "{{args.rollout}}": "fanion", "{{ target }}": "fanion",
          "{{args.hash}}": "new"}
WINDOWS = dict(zip(("fast", "slow"), burn.PAGES))


def objects(name):
    return [*yaml.safe_load_all((EXAMPLES / f"{name}.yaml").read_text())]


def asked(name):
    """(name of the object, name of the metric, query) of each."""
    for each in objects(name):
        if each["kind"] == "AnalysisTemplate":
            yield from ((each["metadata"]["name"], metric["name"], metric["provider"]["prometheus"]["query"])
                        for metric in each["spec"]["metrics"])
        if each["kind"] == "MetricTemplate":
            yield each["metadata"]["name"], each["metadata"]["name"], each["spec"]["query"]


def plain(text):
    return re.sub(r"\s+", "", text)


def series(program, pod, minutes, errors, good=600):
    """Input of promtool: a pod with so many requests a minute."""
    labels = f'namespace="flags",pod="{pod}"'
    if program == "relay":
        rows = {f'fanion_relay_requests_total{{{labels},outcome="ok"}}': good,
                f'fanion_relay_requests_total{{{labels},outcome="overloaded"}}': errors,
                f'fanion_http_handler_exceptions_total{{{labels},server="public"}}': 0}
    else:
        rows = {f'fanion_http_requests_total{{{labels},server="public",status="2xx"}}': good,
                f'fanion_http_requests_total{{{labels},server="public",status="5xx"}}': errors,
                f'fanion_control_plane_grpc_ended_total{{{labels},code="OK"}}': 0,
                f'fanion_control_plane_grpc_ended_total{{{labels},code="UNAVAILABLE"}}': 0}
    return [{"series": name, "values": f"0+{rate}x{minutes}"} for name, rate in rows.items()]


BUDGET = {"relay": 0.0005, "control-plane": 0.001}


class Examples(unittest.TestCase):
    def test_they_ask_what_the_program_asks(self):
        for name, selector in SELECTORS.items():
            expected = {plain(queries.alone(program, selector, window)): (program, label)
                        for program in queries.SPANS for label, window in WINDOWS.items()}
            found = set()
            for template, metric, query in asked(name):
                self.assertIn(plain(query), expected, (template, metric))
                program, label = expected[plain(query)]
                self.assertIn(program, template)
                self.assertTrue(metric.endswith(label), metric)
                found.add((program, label))
            self.assertEqual(len(found), 4, name)

    def cases(self):
        """(expression, input, expected numbers): 1 burns, 0 does not, and nothing is no answer."""
        for name in SELECTORS:
            for template, metric, query in asked(name):
                program = "control-plane" if "control-plane" in template else "relay"
                for placeholder, value in VALUES.items():
                    query = query.replace(placeholder, value)
                window, new, old = WINDOWS[metric.rsplit("-", 1)[1]], "fanion-new-a1", "fanion-primary-x1-b2"
                rule = f"fanion:{program.replace('-', '_')}_errors:budget"
                budget = [{"series": rule, "values": f"{BUDGET[program]}x400"}]
                just = 600 * window.burn * BUDGET[program]  # errors a minute among 600 requests
                yield query, budget + series(program, new, 400, just * 1.2), [1]
                yield query, budget + series(program, new, 400, just * 0.8), [0]
                yield query, budget + series(program, new, 400, 0) + series(program, old, 400, 500), [0]
                yield query, series(program, new, 400, 500), []
                yield query, budget + series(program, new, 400, 0, good=0), []
                yield query, budget + series(program, old, 400, 0), []

    def test_promtool_evaluates_them(self):
        tests = [{"interval": "1m", "input_series": data,
                  "promql_expr_test": [{"expr": query, "eval_time": "399m", "exp_samples": [{"labels": "{}", "value": value} for value in values]}]}
                 for query, data, values in self.cases()]
        self.assertEqual(len(tests), 48)
        with tempfile.TemporaryDirectory(prefix="fanion-") as folder:
            file = pathlib.Path(folder) / "tests.yml"
            file.write_text(json.dumps({"rule_files": [], "tests": tests}))
            done = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, (done.stdout + done.stderr)[:3000])

    def test_names_fit_together(self):
        argo = objects("argo-rollouts")
        templates = {each["metadata"]["name"]: each["spec"] for each in argo if each["kind"] == "AnalysisTemplate"}
        rollouts = [each for each in argo if each["kind"] == "Rollout"]
        for spec in templates.values():
            used = {word for metric in spec["metrics"] for word in re.findall(r"\{\{args\.(\w+)\}\}", metric["provider"]["prometheus"]["query"])}
            self.assertEqual(used, {each["name"] for each in spec["args"]})
        for rollout in rollouts:
            strategy = rollout["spec"]["strategy"]
            analysis = strategy["canary"]["analysis"] if "canary" in strategy else strategy["blueGreen"]["postPromotionAnalysis"]
            spec = templates[analysis["templates"][0]["templateName"]]
            given = {each["name"]: each.get("value") for each in analysis["args"]}
            self.assertEqual(set(given), {each["name"] for each in spec["args"]})
            self.assertEqual((given["rollout"], given["namespace"]), (rollout["metadata"]["name"], rollout["metadata"]["namespace"]))
            self.assertEqual("count" in spec["metrics"][0], "blueGreen" in strategy, "an analysis that nothing ends must end by itself")
        flagger = objects("flagger")
        metrics = {each["metadata"]["name"] for each in flagger if each["kind"] == "MetricTemplate"}
        named = {metric["templateRef"]["name"] for each in flagger if each["kind"] == "Canary" for metric in each["spec"]["analysis"]["metrics"]}
        self.assertEqual(metrics, named)

    def test_flaggers_objects_have_its_members(self):
        schema = json.loads((support.HERE / "flagger.schema.json").read_text())
        validator = jsonschema.Draft202012Validator(schema)
        for each in objects("flagger"):
            self.assertEqual([error.message for error in validator.iter_errors(each)], [])
        wrong = objects("flagger")[2]
        wrong["spec"]["analysis"]["treshold"] = wrong["spec"]["analysis"].pop("threshold")
        self.assertTrue([*validator.iter_errors(wrong)])


if __name__ == "__main__":
    unittest.main()
