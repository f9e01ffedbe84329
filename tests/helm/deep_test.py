#!/usr/bin/env python3
"""What takes longer, for tests/deep: every value of the charts does something, and values files of the matrix go together."""
import json
import os
import random
import re
import unittest

import charts
import rules
import typed
import yaml

SEED = int(os.environ.get("FANION_TEST_SEED", random.randrange(1 << 32)))
PAIRS = 120
CERTIFICATE = {"enabled": True, "issuerRef": {"name": "internal"}}
# Everything is on, so that each value has something to change.
ON = {"ingress": {"enabled": True, "hosts": [{"host": "a"}]}, "httpRoute": {"enabled": True, "parentRefs": [{"name": "g"}]},
      "autoscaling": {"enabled": True, "streams": 5}, "serviceMonitor": {"enabled": True, "interval": "20s"}, "grpc": {"enabled": True},
      "prometheusRule": {"enabled": True}, "tls": {"certManager": CERTIFICATE, "operators": True}}
BASE = {
    "fanion": {**ON, "database": {"existingSecret": "d"}, "keys": {"existingSecret": "k"}, "trust": {"existingSecret": "t"},
               "storeCredentials": {"existingSecret": "s"}, "storeCA": {"existingSecret": "s"}, "webhookCA": {"existingSecret": "s"},
               "backup": {"enabled": True, "place": "s3://b", "database": {"existingSecret": "d"}, "ca": {"existingSecret": "s"},
                          "recipient": {"existingConfigMap": "c"}, "credentials": {"existingSecret": "s"}},
               "signer": {"socket": "/run/signer/signer.sock", "sidecar": {"key": {"existingSecret": "k"}}},
               "kafka": {"brokers": ["a:1"], "topic": "t", "settings": {"existingSecret": "s"}}},
    "fanion-relay": {**ON, "upstream": ["https://a"], "relayKey": {"existingSecret": "k"}, "trust": {"existingSecret": "t"},
                     "storeCredentials": {"existingSecret": "s"}, "storeCA": {"existingSecret": "s"},
                     "upstreamCA": {"existingSecret": "s"}, "injector": {"enabled": True, "certManager": CERTIFICATE,
                                  "sidecar": {"upstreamCA": {"existingSecret": "s"}, "grpc": {"port": 8013}}}},
}
BASE["fanion"]["tls"] = {**ON["tls"], "clientCA": {"existingSecret": "c"}}
BASE["fanion-relay"]["tls"] = BASE["fanion"]["tls"]
STATEFUL = {"kind": "StatefulSet", "cache": {"persistence": {"enabled": True}}}
# Where it takes something else for a value to matter, and texts that patterns want.
TOKEN = {"module": "/m.so", "token": "t", "keyLabel": "l", "pin": {"existingSecret": "p"}}
BESIDES = {"/signer/sidecar/pkcs11": {"signer": {"sidecar": {"key": {"existingSecret": ""}, "pkcs11": TOKEN}}},
           "/keys/signingKey": {"signer": {"socket": "", "sidecar": {"key": {"existingSecret": ""}}}},
           "/cache/persistence": STATEFUL, "/autoscaling": {}, "/replicas": {"autoscaling": {"enabled": False}},
           "/serviceAccount/name": {"serviceAccount": {"create": True}}}
TEXTS = ("other", "https://other.example", "12Mi", "77h", "sha256:" + "ab" * 32, "7m", "10.1.0.0/16", "other:1", "AAAA", "/other", "@daily", "/run/other/other.sock")
NO_EFFECT = {"/global", "/injector/caBundle"}  # the latter beside a certificate of cert-manager


def leaves(schema, path=""):
    """(path, schema) of everything below which the schema names no members."""
    for name, part in schema.get("properties", {}).items():
        if part.get("properties") and f"{path}/{name}" not in ("/affinity", "/dnsConfig") and not name.endswith("elector"):
            yield from leaves(part, f"{path}/{name}")
        else:
            yield f"{path}/{name}", part


def other(schema, present=None):
    """A value of the schema that is not the present one."""
    kinds = schema.get("type") if isinstance(schema.get("type"), list) else [schema.get("type")]
    if "enum" in schema:
        return next(value for value in schema["enum"] if value != present)
    if "boolean" in kinds:
        return not present
    if "integer" in kinds:
        return (present or schema.get("minimum", 0)) + 1
    if "array" in kinds:
        return [other(schema.get("items", {}))]
    if "object" in kinds:
        names = schema.get("properties") or {name: {} for name in schema.get("required", [])} or {"other": schema.get("additionalProperties", {})}
        return {name: other(part) for name, part in names.items()}
    return next(text for text in TEXTS if text != present and re.search(schema.get("pattern", ""), text))


def at(values, path):
    for name in path.strip("/").split("/"):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def put(values, path, value):
    *folders, name = path.strip("/").split("/")
    for folder in folders:
        values = values.setdefault(folder, {})
    values[name] = value


def unshared(values):
    """A copy in which no two places are one object."""
    return json.loads(json.dumps(values))


def merged(one, more):
    if isinstance(one, dict) and isinstance(more, dict):
        return {name: merged(one.get(name), more[name]) if name in more else one[name] for name in {**one, **more}}
    return unshared(one if more is None else more)


class Deep(unittest.TestCase):
    def setUp(self):
        print(f"FANION_TEST_SEED={SEED}")
        self.random = random.Random(SEED)
        self.charts = charts.Charts()
        self.addCleanup(self.charts.close)
        self.bases = {}  # (chart, values) -> what became of them: most values have the same others

    def rendered(self, chart, values):
        file = self.charts.root / "values.json"
        file.write_text(json.dumps(values))
        return self.charts.template(chart, file)

    def rendered_base(self, chart, values):
        key = chart, json.dumps(values)
        if key not in self.bases:
            self.bases[key] = self.rendered(chart, values)
        return self.bases[key]

    def changes(self, chart, defaults, path, part):
        """Another value there makes another release, or is refused for what it does not go with."""
        base = unshared(BASE[chart])
        for place, more in BESIDES.items():
            if path.startswith(place):
                base = merged(base, more)
        values = unshared(base)
        put(values, path, other(part, at(merged(defaults, base), path)))
        before, after = self.rendered_base(chart, base), self.rendered(chart, values)
        self.assertEqual(before.returncode, 0, before.stderr)
        self.assertNotIn("the schema", after.stderr)
        self.assertNotEqual((after.stdout, after.stderr), (before.stdout, ""))

    def test_every_value_does_something(self):
        for chart in BASE:
            schema = json.loads((charts.HELM / chart / "values.schema.json").read_text())
            defaults = yaml.safe_load((charts.HELM / chart / "values.yaml").read_text())
            if chart == "fanion-relay":
                defaults["injector"]["sidecar"] = yaml.safe_load((charts.HELM / chart / "files/sidecar-values.yaml").read_text())
            for path, part in leaves(schema):
                if path not in NO_EFFECT:
                    with self.subTest(chart, path=path):
                        self.changes(chart, defaults, path, part)

    def test_values_files_go_together(self):
        objects, refused = {}, 0
        matrix = [case for case in charts.cases("matrix") if case.chart != "checkout"]
        for number in range(PAIRS):
            first = self.random.choice(matrix)
            second = self.random.choice([case for case in matrix if case.chart == first.chart])
            with self.subTest(f"{first.name} {second.name}"):
                done = {helm: self.charts.template(first.chart, first.path, second.path, helm=helm) for helm in charts.PROGRAMS}
                found, other = (charts.ordered(charts.parsed(done[helm].stdout)) for helm in ("helm4", "helm3"))
                self.assertEqual(found, other)  # but for their order: the Helms know different kinds
                if done["helm4"].returncode != 0:
                    refused += 1
                    self.assertIn(f"values of {first.chart}:", done["helm4"].stderr)
                    continue
                both = merged(*(yaml.safe_load(case.path.read_text()) for case in (first, second)))
                self.assertEqual(rules.findings(found, both.get("networkPolicy", {}).get("enabled", True)), [])
                objects[f"{number} {first.name} {second.name}"] = found
        self.assertLess(refused, PAIRS / 2)
        self.assertEqual(typed.type_errors(objects), [])
        self.assertEqual(typed.pod_security_problems(objects), [])


if __name__ == "__main__":
    unittest.main()
