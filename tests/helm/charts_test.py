#!/usr/bin/env python3
"""What single values do, and that schemas, values and documents of the charts say the same."""
import json
import re
import subprocess
import unittest

import charts
import yaml

RELAY = {"upstream": ["https://flags.example.com"], "relayKey": {"existingSecret": "relay"}, "trust": {"existingConfigMap": "trust"}}
CONTROL = {"database": {"existingSecret": "database"}, "keys": {"existingSecret": "keys"}}
CHARTS = ("fanion", "fanion-relay", "fanion-sidecar")


def schema_of(chart):
    return json.loads((charts.HELM / chart / "values.schema.json").read_text())


def values_of(chart):
    return yaml.safe_load((charts.HELM / chart / "values.yaml").read_text())


class Documents(unittest.TestCase):
    def test_what_is_made_is_up_to_date(self):
        done = subprocess.run([charts.HELM / "make-charts", "--check"], capture_output=True, text=True, timeout=600, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stdout + done.stderr)

    def test_schemas_are_strict_and_self_contained(self):
        def walk(schema, path):
            self.assertNotIn("$ref", schema, path)
            if "properties" in schema:
                self.assertIs(schema.get("additionalProperties"), False, path)
            for name, part in [*schema.get("properties", {}).items(), ("[]", schema.get("items")), ("*", schema.get("additionalProperties"))]:
                if isinstance(part, dict):
                    walk(part, f"{path}/{name}")
        for chart in CHARTS:
            walk(schema_of(chart), chart)

    def test_schema_and_values_have_the_same_members(self):
        def walk(schema, values, path):
            properties = schema.get("properties")
            if not properties or path.endswith(("/config", "/affinity", "/dnsConfig", "/sidecar", "elector")) or not isinstance(values, dict):
                return
            optional = {"global", "claims", "initialDelaySeconds", "successThreshold"}
            self.assertEqual(set(properties) - optional, set(values) - optional, path)
            for name, part in properties.items():
                walk(part, values.get(name), f"{path}/{name}")
        for chart in CHARTS:
            walk(schema_of(chart), values_of(chart), chart)

    def test_versions_agree(self):
        version = re.search(r"set\(FANION_VERSION ([0-9.]+)", (charts.ROOT / "CMakeLists.txt").read_text(), re.I)[1]
        for chart in CHARTS:
            page = yaml.safe_load((charts.HELM / chart / "Chart.yaml").read_text())
            self.assertEqual((page["version"], page["appVersion"]), (version, version), chart)
        self.assertEqual(values_of("fanion-sidecar")["image"]["tag"], version)

    def test_the_page_names_every_value(self):
        """docs/howto/kubernetes.md, which values.yaml refers to."""
        page = (charts.ROOT / "docs/howto/kubernetes.md").read_text()
        for chart in CHARTS:
            for name in values_of(chart):
                self.assertRegex(page, rf"`{name}[.`]", f"{name} of {chart}")


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.charts = charts.Charts()
        cls.addClassCleanup(cls.charts.close)
        cls.relay = cls.charts.with_values("fanion-relay", RELAY)
        cls.control = cls.charts.with_values("fanion", CONTROL)

    def rendered(self, chart, **values):
        return self.charts.with_values(chart, {**(RELAY if chart == "fanion-relay" else CONTROL), **values})

    def test_charts_are_linted_by_both_helms(self):
        for helm in charts.PROGRAMS:
            for chart in (*CHARTS, "checkout"):
                done = self.charts.run(helm, "lint", "--strict", self.charts.root / chart)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_package_has_all_that_the_folder_has(self):
        for helm in charts.PROGRAMS:
            done = self.charts.run(helm, "package", self.charts.root / "fanion-relay", "--destination", self.charts.root / helm)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            (package,) = (self.charts.root / helm).iterdir()
            file = self.charts.root / "relay.json"
            file.write_text(json.dumps({**RELAY, "prometheusRule": {"enabled": True}}))
            packaged = self.charts.run(helm, "template", charts.RELEASE, package, "--namespace", charts.NAMESPACE, "--values", file)
            self.assertEqual(charts.ordered(charts.parsed(packaged.stdout)), self.charts.objects("fanion-relay", file, helm=helm))

    def test_pods_have_time_to_drain(self):
        for objects, container, delay in ((self.relay, "relay", 2000), (self.control, "control-plane", 0)):
            template = charts.one(objects, "Deployment")["spec"]["template"]["spec"]
            (found,) = [each for each in template["containers"] if each["name"] == container]
            environment = charts.environment(found)
            sleep = found["lifecycle"]["preStop"]["sleep"]["seconds"]
            self.assertEqual((sleep, template["terminationGracePeriodSeconds"]), (10, 60))
            self.assertEqual(int(environment.get("FANION_DRAIN_DELAY", 0)), delay)
            self.assertGreater(60_000, sleep * 1000 + delay + int(environment["FANION_STOP_TIMEOUT"]) + 10_000)

    def test_probes_ask_the_operators_port(self):
        for objects in (self.relay, self.control):
            (container,) = charts.one(objects, "Deployment")["spec"]["template"]["spec"]["containers"]
            asked = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
            self.assertEqual(asked, {"startupProbe": "/startupz", "livenessProbe": "/livez", "readinessProbe": "/readyz"})
            self.assertEqual({container[name]["httpGet"]["port"] for name in asked}, {"operators"})

    def test_the_migration_is_a_hook_that_needs_nothing_of_the_release(self):
        job, policy = charts.one(self.control, "Job"), charts.one(self.control, "NetworkPolicy", "-migrate")
        for each in (job, policy):
            self.assertEqual(each["metadata"]["annotations"]["helm.sh/hook"], "pre-install,pre-upgrade")
        weight = "helm.sh/hook-weight"
        self.assertLess(int(policy["metadata"]["annotations"][weight]), int(job["metadata"]["annotations"][weight]))
        spec = job["spec"]["template"]["spec"]
        self.assertNotIn("serviceAccountName", spec)
        self.assertEqual(spec["containers"][0]["args"], ["migrate"])
        self.assertEqual(charts.environment(spec["containers"][0])["FANION_DATABASE_URL"], {"secretKeyRef": {"name": "database", "key": "uri"}})
        for mode, migrates in (("startup", "true"), ("none", None)):
            objects = self.rendered("fanion", migration={"mode": mode})
            self.assertNotIn("Job", {each["kind"] for each in objects})
            (container,) = charts.one(objects, "Deployment")["spec"]["template"]["spec"]["containers"]
            self.assertEqual(charts.environment(container).get("FANION_MIGRATE"), migrates)

    def test_a_daemon_set_serves_its_own_node(self):
        objects = self.rendered("fanion-relay", kind="DaemonSet")
        self.assertEqual(charts.one(objects, "Service", "fanion-relay")["spec"]["internalTrafficPolicy"], "Local")
        workload = charts.one(objects, "DaemonSet")
        self.assertEqual(charts.environment(workload["spec"]["template"]["spec"]["containers"][0])["FANION_RELAY_ID"],
                         {"fieldRef": {"fieldPath": "spec.nodeName"}})
        self.assertFalse({"PodDisruptionBudget", "HorizontalPodAutoscaler"} & {each["kind"] for each in objects})
        self.assertNotIn("replicas", workload["spec"])

    def test_a_stateful_set_has_a_volume_for_each_pod(self):
        objects = self.rendered("fanion-relay", kind="StatefulSet", cache={"persistence": {"enabled": True}})
        spec = charts.one(objects, "StatefulSet")["spec"]
        self.assertEqual([claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"]], ["cache"])
        self.assertEqual(charts.one(objects, "Service", spec["serviceName"])["spec"]["clusterIP"], "None")

    def test_autoscaling_by_processor_and_by_streams(self):
        objects = self.rendered("fanion-relay", autoscaling={"enabled": True, "streams": 9000})
        metrics = charts.one(objects, "HorizontalPodAutoscaler")["spec"]["metrics"]
        self.assertEqual(metrics[0]["resource"]["target"]["averageUtilization"], 70)
        self.assertEqual(metrics[1]["pods"], {"metric": {"name": "fanion_relay_streams"},
                                              "target": {"type": "AverageValue", "averageValue": "9000"}})
        exported = (charts.ROOT / "docs/metrics.md").read_text()
        for chart in ("fanion", "fanion-relay"):
            self.assertIn(f"`{values_of(chart)['autoscaling']['streamsMetric']}` | gauge", exported)

    def test_budgets_let_pods_go_that_are_not_ready(self):
        for objects in (self.relay, self.control):
            self.assertEqual(charts.one(objects, "PodDisruptionBudget")["spec"]["unhealthyPodEvictionPolicy"], "AlwaysAllow")

    def test_policies_open_the_ports_of_the_urls(self):
        def ports(chart="fanion-relay", **values):
            policy = charts.one(self.rendered(chart, **values), "NetworkPolicy", chart)
            return sorted(port["port"] for rule in policy["spec"]["egress"] if "to" not in rule for port in rule["ports"])
        self.assertEqual(ports(), [443])
        self.assertEqual(ports(upstream=["http://a", "https://b:8443/x", "http://[fd00::1]:8081"]), [80, 8081, 8443])
        self.assertEqual(ports(bootstrap=["s3://b?endpoint=http://m:9000", "rediss://r", "/folder", "https://h/p?a=b:1"]), [443, 6379, 9000])
        self.assertEqual(ports(networkPolicy={"upstreamPorts": [8081]}), [8081])
        self.assertEqual(ports(config={"upstream-proxy": "http://u:p@proxy:3128"}), [443, 3128])
        traces = {"otlp-endpoint": "http://collector:4318"}
        self.assertEqual(ports(config=traces, networkPolicy={"upstreamPorts": [8081]}), [4318, 8081])
        self.assertEqual(ports("fanion", config=traces), [4318, 5432])

    def test_no_ingress_leads_to_the_operators_port(self):
        objects = self.rendered("fanion-relay", ingress={"enabled": True, "hosts": [{"host": "a"}]},
                                httpRoute={"enabled": True, "parentRefs": [{"name": "g"}]})
        service = charts.one(objects, "Service", "fanion-relay")
        self.assertNotIn("operators", [port["targetPort"] for port in service["spec"]["ports"]])
        rules = charts.one(objects, "HTTPRoute")["spec"]["rules"]
        backends = [rule["backendRefs"][0] for rule in rules]
        self.assertEqual({(backend["name"], backend["port"]) for backend in backends}, {(service["metadata"]["name"], 8080)})

    def test_streams_are_not_timed_or_buffered(self):
        described = (charts.ROOT / "proto-schemas/openapi/relay.yaml").read_text()
        values = {"httpRoute": {"enabled": True, "parentRefs": [{"name": "g"}]}, "ingress": {"enabled": True, "hosts": [{"host": "a"}]}}
        for chart, streams in (("fanion-relay", re.findall(r"^  (/\S+/stream|/sdk/v1/poll):", described, re.M)), ("fanion", ["/relay/v1/stream"])):
            objects = self.rendered(chart, **values)
            rule, rest = charts.one(objects, "HTTPRoute")["spec"]["rules"]
            self.assertEqual(rule["timeouts"], {"request": "0s", "backendRequest": "0s"})
            self.assertNotEqual(rest["timeouts"]["request"], "0s")
            self.assertTrue(streams)
            self.assertLessEqual(set(streams), {match["path"]["value"] for match in rule["matches"]})
            annotations = charts.one(objects, "Ingress")["metadata"]["annotations"]
            self.assertEqual(annotations["nginx.ingress.kubernetes.io/proxy-buffering"], "off")
            self.assertEqual(annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"], "3600")

    def test_alerts_are_those_of_the_file_and_can_be_chosen(self):
        groups = [group for file in sorted((charts.ROOT / "deploy/monitoring").glob("[ar]*.yml"))
                  for group in yaml.safe_load(file.read_text())["groups"]]
        rule = charts.one(self.rendered("fanion", prometheusRule={"enabled": True}), "PrometheusRule")
        self.assertEqual(rule["spec"]["groups"], groups)
        chosen = groups[-1]["name"]
        rule = charts.one(self.rendered("fanion", prometheusRule={"enabled": True, "groups": [chosen]}), "PrometheusRule")
        self.assertEqual([group["name"] for group in rule["spec"]["groups"]], [chosen])

    def test_large_numbers_stay_whole(self):
        objects = self.rendered("fanion-relay", config={"spool-bytes": 1 << 40, "max-ruleset-bytes": 1073741823})
        environment = charts.environment(charts.one(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0])
        self.assertEqual((environment["FANION_SPOOL_BYTES"], environment["FANION_MAX_RULESET_BYTES"]), ("1099511627776", "1073741823"))

    def test_sidecars_start_first_and_listen_on_loopback(self):
        values = {"fanion-sidecar": {"upstream": "https://a", "existingSecret": "s", "waitFor": "start", "readiness": False}}
        template = charts.one(self.charts.with_values("checkout", values), "Deployment")["spec"]["template"]["spec"]
        (sidecar,) = template["initContainers"]
        self.assertEqual(sidecar["restartPolicy"], "Always")
        self.assertEqual(charts.environment(sidecar)["FANION_LISTEN"], "127.0.0.1:8080")
        self.assertEqual(sidecar["startupProbe"]["httpGet"]["path"], "/startupz")
        self.assertNotIn("readinessProbe", sidecar)
        (cache,) = [volume for volume in template["volumes"] if volume["name"] == "fanion-cache"]
        self.assertEqual(cache["emptyDir"], {"sizeLimit": "512Mi"})
        self.assertLess(int(charts.environment(sidecar)["FANION_SPOOL_BYTES"]), 512 << 20)

    def signed(self, **values):
        """(containers before the control plane, the control plane, the volumes by name) of a release with a signer."""
        objects = self.rendered("fanion", **values)
        spec = charts.one(objects, "Deployment")["spec"]["template"]["spec"]
        return spec.get("initContainers", []), spec["containers"][0], {volume["name"]: volume for volume in spec["volumes"]}

    def test_a_signer_alone_has_the_key(self):
        values = {"socket": "/run/s/a.sock", "timeoutMillis": 700, "sidecar": {"key": {"existingSecret": "signing"}}}
        (signer,), control, volumes = self.signed(signer=values, extraInitContainers=[])
        self.assertEqual((signer["name"], signer["restartPolicy"]), ("signer", "Always"))
        self.assertEqual(signer["args"], ["signer", "serve", "--socket", "/run/s/a.sock", "--allow-user", "65532", "--allow-user", "65533",
                                          "--key", "/etc/fanion/signer-key/signer.pem"])
        self.assertEqual(signer["securityContext"]["runAsUser"], 65533)
        self.assertEqual(signer["startupProbe"]["exec"]["command"], ["/usr/bin/fanion", "signer", "check", "--socket", "/run/s/a.sock"])
        environment = charts.environment(control)
        self.assertEqual((environment["FANION_SIGNER"], environment["FANION_SIGNER_TIMEOUT"]), ("unix:/run/s/a.sock", "700"))
        self.assertNotIn("FANION_SIGNING_KEY", environment)
        self.assertEqual([item["key"] for item in volumes["keys"]["secret"]["items"]], ["jwt.pem", "secrets.key"])
        self.assertEqual(volumes["signer-key"]["secret"]["secretName"], "signing")
        self.assertEqual(volumes["signer"]["emptyDir"]["medium"], "Memory")
        mounted = {name: {mount["name"] for mount in container["volumeMounts"]} for name, container in (("signer", signer), ("control", control))}
        self.assertEqual(mounted["signer"], {"signer", "signer-key"})
        self.assertEqual(mounted["control"] & set(volumes), {"signer", "keys", "trust"})

    def test_a_token_takes_a_module_and_a_pin(self):
        token = {"module": "/m.so", "token": "t", "keyLabel": "l", "pin": {"existingSecret": "p", "key": "user"}}
        (signer,), _, volumes = self.signed(signer={"socket": "/run/s/a", "sidecar": {"pkcs11": token, "args": ["--socket-mode", "600"]}})
        self.assertEqual(signer["args"][8:], ["--pkcs11-module", "/m.so", "--token", "t", "--key-label", "l", "--pin-file",
                                              "/etc/fanion/signer-pin/user", "--socket-mode", "600"])
        self.assertEqual([item["key"] for item in volumes["signer-pin"]["secret"]["items"]], ["user"])

    def test_users_of_a_signer_are_those_of_the_pod(self):
        sidecar = {"key": {"existingSecret": "k"}}
        def users(container):
            return [container["args"][at + 1] for at, part in enumerate(container["args"]) if part == "--allow-user"]
        (signer,), _, _ = self.signed(signer={"socket": "/run/s/a", "sidecar": {**sidecar, "securityContext": {"runAsUser": 7}}},
                                      podSecurityContext={"runAsUser": 1000001})
        self.assertEqual((users(signer), signer["securityContext"]["runAsUser"]), (["1000001", "7"], 7))
        # Where the cluster chooses the user, it is the same for both, and nobody knows it.
        (signer,), _, _ = self.signed(signer={"socket": "/run/s/a", "sidecar": sidecar}, podSecurityContext={"runAsUser": None})
        self.assertEqual(users(signer), [])
        self.assertNotIn("runAsUser", signer["securityContext"])

    def test_another_signer_is_what_its_operator_says(self):
        (signer,), _, volumes = self.signed(signer={"socket": "/run/s/a", "sidecar": {"command": ["/kms"], "args": ["--x"]}})
        self.assertEqual((signer["command"], signer["args"]), (["/kms"], ["--x"]))
        self.assertNotIn("startupProbe", signer)
        self.assertNotIn("signer-key", volumes)
        none, control, volumes = self.signed(signer={"socket": "/run/s/a", "volume": {"csi": {"driver": "d"}}, "sidecar": {"enabled": False}})
        self.assertEqual(none, [])
        self.assertEqual(volumes["signer"]["csi"], {"driver": "d"})
        self.assertIn({"name": "signer", "mountPath": "/run/s", "readOnly": True}, control["volumeMounts"])

    def test_backups_never_run_twice_at_once_and_reach_what_they_need_only(self):
        objects = self.rendered("fanion", backup={
            "enabled": True, "place": "s3://b?endpoint=https://store:9000", "database": {"existingSecret": "d"},
            "recipient": {"existingSecret": "r"}, "credentials": {"existingSecret": "s", "sessionToken": "token"}})
        spec = charts.one(objects, "CronJob")["spec"]
        self.assertEqual(spec["concurrencyPolicy"], "Forbid")
        (container,) = spec["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        environment = charts.environment(container)
        self.assertEqual(environment["FANION_DATABASE_URL"], {"secretKeyRef": {"name": "d", "key": "uri"}})
        self.assertEqual(environment["AWS_SESSION_TOKEN"], {"secretKeyRef": {"name": "s", "key": "token"}})
        self.assertEqual((environment["FANION_BACKUP_KEEP"], environment["FANION_BACKUP_KEEP_WEEKLY"]), ("7", "4"))
        self.assertEqual(environment["FANION_BACKUP_TRUST"], "/etc/fanion/trust/trust.json")
        rules = charts.one(objects, "NetworkPolicy", "-backup")["spec"]["egress"]
        self.assertEqual([port["port"] for rule in rules for port in rule["ports"]], [53, 53, 5432, 9000])
        self.assertNotIn("CronJob", {each["kind"] for each in self.control})

    def test_the_webhook_is_asked_about_pods_with_the_annotation_only(self):
        objects = self.rendered("fanion-relay", injector={"enabled": True, "certManager": {"enabled": True, "issuerRef": {"name": "i"}}})
        (webhook,) = charts.one(objects, "MutatingWebhookConfiguration")["webhooks"]
        self.assertEqual((webhook["sideEffects"], webhook["failurePolicy"], webhook["admissionReviewVersions"]), ("None", "Ignore", ["v1"]))
        self.assertIn("'fanion.dev/inject' in object.metadata.annotations", webhook["matchConditions"][0]["expression"])
        service = charts.one(objects, "Service", webhook["clientConfig"]["service"]["name"])
        self.assertEqual(webhook["clientConfig"]["service"]["port"], service["spec"]["ports"][0]["port"])
        certificate = charts.one(objects, "Certificate")
        self.assertIn(f"{service['metadata']['name']}.{charts.NAMESPACE}.svc", certificate["spec"]["dnsNames"])
        sidecar = json.loads(charts.one(objects, "ConfigMap", "-sidecar")["data"]["sidecar.json"])["initContainers"][0]
        relay = charts.one(objects, "Deployment", "fanion-relay")["spec"]["template"]["spec"]["containers"][0]
        self.assertEqual(sidecar["image"], relay["image"])
        self.assertEqual(charts.environment(sidecar)["FANION_UPSTREAM"], RELAY["upstream"][0])

    def test_notes_say_what_to_do_next(self):
        """With Helm 4: even to show notes, Helm 3 asks a cluster."""
        backup = {"enabled": True, "place": "s3://b", "database": {"existingSecret": "d"}, "recipient": {"existingConfigMap": "c"},
                  "credentials": {"existingSecret": "s"}}
        injector = {"enabled": True, "certManager": {"enabled": True, "issuerRef": {"name": "i"}}}
        for chart, values, said in (("fanion", CONTROL, "fanion-control-plane bootstrap"), ("fanion", CONTROL, "Nothing backs up"),
                                    ("fanion", {**CONTROL, "backup": backup}, "job --from=cronjob/one-fanion-backup"),
                                    ("fanion-relay", RELAY, "/ofrep/v1/evaluate/flags"),
                                    ("fanion-relay", {**RELAY, "injector": injector}, "the annotation fanion.dev/inject: ORG")):
            file = self.charts.root / "notes.json"
            file.write_text(json.dumps(values))
            done = self.charts.run("helm4", "install", charts.RELEASE, self.charts.root / chart, "--dry-run=client", "--namespace",
                                   charts.NAMESPACE, "--values", file)
            self.assertIn("NOTES:", done.stdout, done.stderr)
            self.assertIn(said, done.stdout.split("NOTES:")[1])


if __name__ == "__main__":
    unittest.main()
