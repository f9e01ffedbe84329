#!/usr/bin/env python3
"""The webhook of chart fanion-relay as its rendered pod starts it: asked over TLS as an API server asks, it makes of a pod of the
example application what chart fanion-sidecar renders, field for field."""
import base64
import copy
import http.client
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

import charts
import pods
import typed
import yaml

from support.processes import http as plain  # found by way of pods
from support.processes import wait_for

REVIEWS = charts.ROOT / "tests/fixtures/inject/reviews"
HOST = f"{charts.RELEASE}-fanion-relay-injector.{charts.NAMESPACE}.svc"  # as the API server calls it
RELAY = {"upstream": ["https://flags.example.com"], "relayKey": {"existingSecret": "relay"}, "trust": {"existingConfigMap": "trust"}}
SECONDS = 120  # patience with a busy machine


def made_certificate(folder):
    """(certificate, key) for the Service's name, which is its own authority."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=injector", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", folder / "key", "-out", folder / "crt"],
                   check=True, capture_output=True, timeout=SECONDS)
    return (folder / "crt").read_text(), (folder / "key").read_text()


def patched(pod, patch):
    """The pod after a JSON Patch that only adds."""
    pod = copy.deepcopy(pod)
    for operation in patch:
        assert operation["op"] == "add", operation
        *way, last = operation["path"].split("/")[1:]
        place = pod
        for name in way:
            place = place[name]
        if isinstance(place, list):
            place.insert(len(place) if last == "-" else int(last), operation["value"])
        else:
            place[last] = operation["value"]
    return pod


def as_object(pod):
    """As the API server would store it: with a name, and without what it has not set yet."""
    metadata = {name: value for name, value in pod["metadata"].items() if value is not None}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": metadata.get("generateName"), **metadata}, "spec": pod["spec"]}


def review_of(pod):
    review = json.loads((REVIEWS / "v1.29-deployment.json").read_text())
    review["request"]["object"] = {"kind": "Pod", "apiVersion": "v1", **pod}
    return review


class Running(unittest.TestCase):
    """A webhook in a pod of its own for the tests of a class."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="fanion-injector-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.charts = charts.Charts()
        cls.addClassCleanup(cls.charts.close)
        cls.certificate, key = made_certificate(cls.folder)
        objects = cls.release({"existingSecret": "injector-tls"})
        template = charts.one(objects, "Deployment", "-injector")["spec"]["template"]
        (container,) = template["spec"]["containers"]
        sources = {"injector-tls": {"tls.crt": cls.certificate, "tls.key": key},
                   f"{charts.RELEASE}-fanion-relay-injector-sidecar": {"sidecar.json": cls.file_of(objects)}}
        cls.webhook = pods.Container(template, container, sources, cls.folder / "pod", "fanion-relay")
        cls.addClassCleanup(lambda: cls.webhook.stop(SECONDS))
        cls.webhook.start().wait_ready()

    @classmethod
    def release(cls, injector):
        """The objects with these values of the injector."""
        ca = {} if "certManager" in injector else {"caBundle": base64.b64encode(cls.certificate.encode()).decode()}
        return cls.charts.with_values("fanion-relay", {**RELAY, "injector": {"enabled": True, **ca, **injector}})

    @staticmethod
    def file_of(objects):
        return charts.one(objects, "ConfigMap", "-injector-sidecar")["data"]["sidecar.json"]

    def path(self, name):
        return self.webhook.folder / "etc/fanion" / name

    def connect(self):
        context = ssl.create_default_context(cadata=self.certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", self.webhook.port("webhook"), timeout=SECONDS)
        plain_socket = socket.create_connection(("127.0.0.1", self.webhook.port("webhook")), timeout=SECONDS)
        connection.sock = context.wrap_socket(plain_socket, server_hostname=HOST)
        self.addCleanup(connection.close)
        return connection

    def ask(self, body, method="POST", path="/inject?timeout=5s", **headers):
        """(status, answer)"""
        connection = self.connect()
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, text, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def response_to(self, review):
        status, answer = self.ask(review)
        self.assertEqual(status, 200, answer)
        self.assertEqual((answer["apiVersion"], answer["kind"]), ("admission.k8s.io/v1", "AdmissionReview"))
        self.assertEqual(answer["response"]["uid"], review["request"]["uid"])
        return answer["response"]

    def patch_for(self, review):
        response = self.response_to(review)
        self.assertTrue(response["allowed"], response)
        self.assertEqual(response.get("patchType", "JSONPatch"), "JSONPatch")
        return json.loads(base64.b64decode(response.get("patch", base64.b64encode(b"[]"))))

    def reread(self, sidecar):
        """The webhook has this file."""
        self.path("sidecar/sidecar.json").write_text(sidecar)
        before = self.webhook.log.read_text().count('"configuration_reread"')
        self.webhook.process.send_signal(signal.SIGHUP)
        wait_for(lambda: self.webhook.log.read_text().count('"configuration_reread"') > before, lambda: self.webhook.log.read_text())

    def metrics(self):
        return plain("GET", f"http://127.0.0.1:{self.webhook.port('operators')}/metrics").body.decode()

    def metric(self, outcome):
        (line,) = [line for line in self.metrics().splitlines() if line.startswith(f'fanion_relay_inject_reviews_total{{outcome="{outcome}"}}')]
        return float(line.split()[-1])


class Webhook(Running):
    def check_values(self, values):
        """The same pod from both charts; `values` are those of fanion-sidecar."""
        own = {name: value for name, value in values.items() if name != "environments"}
        self.reread(self.file_of(self.release({"existingSecret": "injector-tls", "sidecar": own})))
        (expected,) = [template for _, template in charts.pod_templates(self.charts.with_values("checkout", {"fanion-sidecar": values}))]
        (without,) = [template for _, template in
                      charts.pod_templates(self.charts.with_values("checkout", {"fanion-sidecar": {"enabled": False}}))]
        self.assertNotIn("initContainers", without["spec"])
        environments = values.get("environments", "acme/shop/production")
        asked = environments if isinstance(environments, str) else ",".join(environments)
        pod = {"metadata": {"annotations": {"fanion.dev/inject": asked}}, "spec": without["spec"]}
        made = patched(pod, self.patch_for(review_of(pod)))
        self.assertEqual(made["spec"], expected["spec"])
        self.assertEqual(self.patch_for(review_of(made)), [])

    def test_both_charts_make_the_same_pod(self):
        self.check_values({"upstream": "https://flags.example.com", "existingSecret": "checkout-relay"})
        full = yaml.safe_load((charts.HERE / "matrix/sidecar-full.yaml").read_text())["fanion-sidecar"]
        self.check_values(full)

    def test_recorded_reviews(self):
        counted = {outcome: self.metric(outcome) for outcome in ("added", "present", "not_asked", "refused")}
        self.reread((REVIEWS.parent / "sidecar.json").read_text())
        pods_made = []
        for file in sorted(REVIEWS.iterdir()):
            with self.subTest(file.name):
                review = json.loads(file.read_text())
                response = self.response_to(review)
                if not response["allowed"]:
                    self.assertEqual((response["status"]["code"], "patch" in response), (422, False))
                    self.assertIn("no Fanion relay can be added: ", response["status"]["message"])
                    continue
                pod = review["request"]["object"]
                made = patched(pod, self.patch_for(review))
                pods_made.append(as_object(made))
                names = [container["name"] for container in made["spec"].get("initContainers", [])]
                self.assertEqual(names.count("fanion-relay"), int("fanion.dev/inject" in pod["metadata"]["annotations"]))
                if made != pod:
                    self.assertEqual(names[0], "fanion-relay")
                    volumes = [volume["name"] for volume in made["spec"]["volumes"]]
                    self.assertEqual(len(volumes), len(set(volumes)))
                    self.assertEqual(made["spec"]["containers"], pod["spec"]["containers"])
        self.assertEqual(typed.type_errors({"what the webhook made": pods_made}), [])
        self.assertEqual(self.metric("refused") - counted["refused"], 2)
        self.assertEqual(self.metric("present") - counted["present"], 2)  # asked twice, as those that are added
        self.assertEqual(self.metric("added") - counted["added"], 8)
        self.assertEqual(self.metric("not_asked") - counted["not_asked"], 2)

    def test_hostile_requests_get_an_answer(self):
        before = self.metric("malformed")
        for body, said in ((b"", "syntax"), (b"{}", "AdmissionReview"), (b"[" * 1000, "deep"), (b"\xff", "UTF-8")):
            status, answer = self.ask(body)
            self.assertEqual(status, 400, answer)
            self.assertTrue(answer["errors"], said)
        self.assertEqual(self.ask(b"{}", **{"Content-Type": "text/plain"})[0], 415)
        self.assertEqual(self.ask(b"{}", **{"Content-Encoding": "gzip"})[0], 415)
        self.assertEqual(self.metric("malformed") - before, 6)
        self.assertEqual(self.ask(b"", method="GET")[0], 405)
        self.assertEqual(self.ask(b"", path="/")[0], 404)
        connection = self.connect()
        connection.putrequest("POST", "/inject")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(3 << 20))
        connection.endheaders()
        refused = connection.getresponse()
        self.assertEqual((refused.status, json.loads(refused.read())["status"]), (413, 413))
        self.assertEqual(plain("POST", f"http://127.0.0.1:{self.webhook.port('webhook')}/inject", {}).status, 400)  # no TLS
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            self.assertTrue(self.webhook.probe(probe))

    def test_every_metric_is_documented(self):
        page = (charts.ROOT / "docs/metrics.md").read_text()
        exported = {line.split()[2] for line in self.metrics().splitlines() if line.startswith("# TYPE ")}
        self.assertIn("fanion_http_tls_certificate_expires_seconds", exported)
        self.assertEqual([name for name in exported if f"| `{name}` |" not in page], [])

    def test_a_new_certificate_is_shown_and_a_bad_file_keeps_what_is(self):
        before = self.connect().sock.getpeercert(True)
        good = self.path("sidecar/sidecar.json").read_text()
        self.path("sidecar/sidecar.json").write_text("{}")
        self.webhook.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "needs initContainers" in self.webhook.log.read_text(), "the file is refused")
        self.path("sidecar/sidecar.json").write_text(good)
        review = json.loads((REVIEWS / "v1.29-deployment.json").read_text())
        self.assertEqual(len(self.patch_for(review)), 4)
        type(self).certificate, key = made_certificate(self.folder)
        for name, text in (("tls.crt", self.certificate), ("tls.key", key)):
            self.path(f"injector-tls/{name}").write_text(text)

        def shown():
            try:
                return self.connect().sock.getpeercert(True)
            except ssl.SSLError:  # not yet the one that is trusted
                return before
        wait_for(lambda: shown() != before, "the new certificate")
        self.assertEqual(len(self.patch_for(review)), 4)


class Stop(Running):
    def test_it_stops_at_once_and_says_what_it_did(self):
        self.patch_for(json.loads((REVIEWS / "v1.32-dry-run.json").read_text()))
        self.response_to(json.loads((REVIEWS / "v1.33-host-network.json").read_text()))
        self.assertEqual(self.webhook.stop(SECONDS), 0, self.webhook.log.read_text())
        lines = [json.loads(line) for line in self.webhook.log.read_text().splitlines()]
        events = {line["event"]: line for line in lines}
        self.assertEqual((events["sidecar_added"]["namespace"], events["sidecar_added"]["pod"], events["sidecar_added"]["dry_run"]),
                         ("default", "probe", True))
        self.assertIn("spec.hostNetwork", events["sidecar_refused"]["reason"])
        self.assertTrue(events["stopped"]["clean"])


if __name__ == "__main__":
    unittest.main()
