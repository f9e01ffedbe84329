#!/usr/bin/env python3
"""What deploy/rollout decides, without a program, a server or a cluster."""
import json
import re
import unittest

import support
import yaml
from delivery import burn, durations, manifests, options, queries, steps, units

MONITORING = support.ROOT / "deploy/monitoring"


def recorded():
    groups = yaml.safe_load((MONITORING / "recording.yml").read_text())["groups"]
    return {rule["record"]: " ".join(str(rule["expr"]).split()) for group in groups for rule in group["rules"]}


def plain(expression):
    """A recorded expression without what tells programs apart, which a selector of instances makes needless."""
    expression = re.sub(r" and on \(job, instance\) fanion_\w+", "", expression)
    return re.sub(r"\s+", "", expression).replace("by(job)", "")


class Queries(unittest.TestCase):
    def test_a_build_is_judged_by_what_recording_yml_counts(self):
        for program, parts in queries.SPANS.items():
            for what in parts:
                record = f"job:fanion_{program.replace('-', '_')}_{what}:rate5m"
                ours = queries.of_build(program, what, "X", 300)
                without_selector = ours.replace("{X,", "{").replace("{X}", "")
                self.assertEqual(plain(without_selector), plain(recorded()[record]), record)
                self.assertIn(queries.of_job(program, what, "j", 300), record + '{job="j"}')
            self.assertIn(queries.budget(program), recorded())

    def test_the_windows_are_those_of_the_alerts_that_page(self):
        rules = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
        alerts = {rule["alert"]: rule["expr"] for group in rules for rule in group["rules"]}
        for name in ("FanionRelayErrorBudgetBurnsFast", "FanionControlPlaneErrorBudgetBurnsFast"):
            expression = alerts[name]
            for window in burn.PAGES:
                for seconds in (window.long, window.short):
                    if seconds != 300:  # that of the recorded rate itself
                        self.assertIn(f"[{durations.show(seconds)}]", expression)
                self.assertIn(f"> {window.burn:g} * scalar", expression)
            self.assertEqual(expression.count("> 10"), 2)
        self.assertEqual(options.parser().parse_args(["watch"]).min_errors, 10)

    def test_names_are_quoted(self):
        self.assertIn(r'{job="a\"b\\c"}', queries.of_job("relay", "errors", 'a"b\\c', 60))


class Burn(unittest.TestCase):
    WINDOWS = (burn.Window(14.4, 3600, 300), burn.Window(6, 21600, 1800))

    def judged(self, ratios, requests=100.0, **limits):
        rates = {seconds: burn.Rates(None if ratio is None else ratio * requests, requests) for seconds, ratio in ratios.items()}
        return burn.judge("it", self.WINDOWS, rates.get, 0.001, **limits)

    def test_both_windows_of_a_pair_must_burn(self):
        calm = {3600: 0, 300: 0, 21600: 0, 1800: 0}
        cases = [({}, burn.GOOD), ({3600: 0.02}, burn.GOOD), ({300: 0.02}, burn.GOOD), ({3600: 0.02, 300: 0.02}, burn.BURNING),
                 ({3600: 0.0145, 300: 0.0145}, burn.BURNING), ({3600: 0.0143, 300: 0.0143}, burn.GOOD),
                 ({21600: 0.007, 1800: 0.007}, burn.BURNING), ({21600: 0.0059, 1800: 0.0061}, burn.GOOD)]
        for ratios, state in cases:
            self.assertEqual(self.judged({**calm, **ratios}).state, state, ratios)

    def test_what_is_not_known_is_not_good(self):
        calm = {3600: 0.0, 300: 0.0, 21600: 0.0, 1800: 0.0}
        for seconds in calm:
            self.assertEqual(self.judged({**calm, seconds: None}).state, burn.UNKNOWN, seconds)
            self.assertEqual(self.judged({**calm, seconds: float("nan")}).state, burn.UNKNOWN, seconds)
            self.assertEqual(burn.judge_ratios("it", self.WINDOWS, {**calm, seconds: None}.get, 0.001).state, burn.UNKNOWN, seconds)
        self.assertEqual(self.judged(calm, requests=0.0).state, burn.UNKNOWN)

    def test_few_requests_and_few_errors_are_not_judged(self):
        all_fail = {3600: 1.0, 300: 1.0, 21600: 1.0, 1800: 1.0}
        calm = dict.fromkeys(all_fail, 0.0)
        per_second = 5 / 21600
        self.assertEqual(self.judged(calm, per_second, min_requests=6).state, burn.UNKNOWN)
        self.assertEqual(self.judged(calm, per_second, min_requests=5).state, burn.GOOD)
        self.assertEqual(self.judged(all_fail, per_second, min_errors=4).state, burn.BURNING)
        self.assertEqual(self.judged(all_fail, per_second, min_errors=5).state, burn.UNKNOWN)
        self.assertEqual(self.judged(all_fail, per_second, min_errors=5, few=burn.GOOD).state, burn.GOOD)

    def test_a_generous_budget_is_burnt_by_failing_always(self):
        rates = burn.Rates(10.0, 10.0)
        self.assertEqual(burn.judge("it", self.WINDOWS, lambda _: rates, 0.2).state, burn.BURNING)

    def test_a_new_build_is_not_measured_by_what_ran_before(self):
        self.assertEqual(burn.Window(6, 21600, 1800).clipped(90), burn.Window(6, 90, 90))
        self.assertEqual(burn.Window(6, 21600, 1800).clipped(7200), burn.Window(6, 7200, 1800))

    def test_the_worst_of_several_counts(self):
        verdicts = [burn.Verdict(state, state) for state in (burn.GOOD, burn.UNKNOWN, burn.BURNING)]
        self.assertEqual(burn.together(verdicts).state, burn.BURNING)
        self.assertEqual(burn.together(verdicts[:2]), burn.Verdict(burn.UNKNOWN, burn.UNKNOWN))
        self.assertEqual(burn.together(verdicts[:1]).state, burn.GOOD)


class Words(unittest.TestCase):
    def test_steps(self):
        for text, size, counts in (("1,25%,50%", 10, [1, 3, 5]), ("1,25%,50%", 2, [1]), ("1,25%,50%", 1, [1]), ("10%,100%", 3, [1, 3]),
                                   ("5,3", 4, [4]), ("7", 7, [7])):
            self.assertEqual(steps.counts(steps.parse(text), size), counts, (text, size))
        for text in ("", "0", "-1", "101%", "1;2", "1,,2", "0%", "half"):
            self.assertRaises(ValueError, steps.parse, text)

    def test_durations(self):
        for text, seconds in (("90s", 90), ("5m", 300), ("1h30m", 5400), ("3d", 259200)):
            self.assertEqual(durations.parse(text), seconds)
        for seconds, text in ((0, "0s"), (90, "1m30s"), (300, "5m"), (21600, "6h"), (90061.9, "1d1h1m1s")):
            self.assertEqual(durations.show(seconds), text)
        for text in ("", "5", "m", "1.5h", "-1s", "5 m"):
            self.assertRaises(ValueError, durations.parse, text)

    def test_windows(self):
        self.assertEqual(options.windows("14.4:1h:5m,6:6h:30m"), [*burn.PAGES])
        for text in ("", "14.4", "14.4:1h", "x:1h:5m", "14.4:1h:5m:1m", "0:1h:5m", "14.4:5m:1h", "nan:1h:5m", "1:1h:0s"):
            self.assertRaises(ValueError, options.windows, text)


class Units(unittest.TestCase):
    UNIT = "# /lib/systemd/system/fanion-relay.service\n[Unit]\nExecStart=no\n[Service]\nExecStart=/usr/bin/fanion-relay --config \\\n /etc/x\n"
    DROP_IN = "\n# /etc/systemd/system/fanion-relay.service.d/60-fanion-build.conf\n"

    def test_where_a_unit_is(self):
        one = units.parse_unit("fanion-relay@a=10.0.0.1:9090")
        self.assertEqual((one.host, one.name, one.instance, one.server), ("", "fanion-relay@a.service", "10.0.0.1:9090", ""))
        other = units.parse_unit("op@relay-2:fanion-relay.service=relay-2:9090=relays/r2")
        self.assertEqual((other.host, other.name, other.server, other.shown),
                         ("op@relay-2", "fanion-relay.service", "relays/r2", "op@relay-2:fanion-relay.service"))
        for text in ("", "a", "a=b", "a b=c:1", "-oProxyCommand=x:a=b:1", "-x:a=b:1", "a=b:1=c", "a=b:1=c/d;e", "a=b:1=c/d=e"):
            self.assertRaises(ValueError, units.parse_unit, text)

    def test_the_command_is_that_in_force(self):
        self.assertEqual(units.commands_of(self.UNIT), ["/usr/bin/fanion-relay --config   /etc/x"])
        more = "[Service]\nExecStart=\nExecStart=/opt/relay\n"
        self.assertEqual(units.commands_of(self.UNIT + "# /etc/a.conf\n" + more), ["/opt/relay"])
        self.assertEqual(len(units.commands_of(self.UNIT + more.replace("ExecStart=\n", ""))), 2)

    def test_a_drop_in_replaces_the_program_and_is_read_again(self):
        own = units.commands_of(self.UNIT)[0]
        made = units.drop_in(own, "/opt/2/fanion-relay", ("canary", "/usr/bin/fanion-relay"))
        both = self.UNIT + self.DROP_IN + made
        self.assertEqual(units.commands_of(both), ["/opt/2/fanion-relay --config   /etc/x"])
        self.assertEqual(units.notes(both), {"Build": "/opt/2/fanion-relay", "Before": "/usr/bin/fanion-relay", "Rollout": "canary"})
        self.assertEqual(units.commands_of(units.without_drop_in(both)), [own])
        self.assertEqual(units.notes(units.drop_in(own, "/a")), {"Build": "/a"})

    def test_prefixes_of_systemd_stay(self):
        self.assertEqual(units.with_program("-!/usr/bin/relay -x", "/opt/relay"), "-!/opt/relay -x")
        self.assertEqual(units.program_of("@/usr/bin/relay"), "/usr/bin/relay")


class Manifests(unittest.TestCase):
    def test_a_deployment_is_available_when_all_its_pods_are_new(self):
        good = {"metadata": {"generation": 3}, "spec": {"replicas": 2},
                "status": {"observedGeneration": 3, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 2}}
        self.assertTrue(manifests.is_available(good))
        for member, value in (("observedGeneration", 2), ("updatedReplicas", 1), ("replicas", 3), ("availableReplicas", 1)):
            bad = json.loads(json.dumps(good))
            bad["status"][member] = value
            self.assertFalse(manifests.is_available(bad), member)
        self.assertTrue(manifests.is_available({"metadata": {}, "spec": {"replicas": 0}}))

    def test_kubernetes_gives_up(self):
        condition = {"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "has timed out"}
        self.assertEqual(manifests.given_up({"status": {"conditions": [condition]}}), "has timed out")
        self.assertIsNone(manifests.given_up({"status": {"conditions": [{"type": "Progressing", "reason": "NewReplicaSetAvailable"}]}}))

    def test_a_pod_counts_against_the_build_that_it_runs(self):
        pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "relay", "image": "i:2"}]},
               "status": {"containerStatuses": [{"name": "relay", "restartCount": 1, "state": {}}]}}
        self.assertEqual(len([*manifests.pod_problems([pod], "relay", "i:2")]), 1)
        self.assertEqual([*manifests.pod_problems([pod], "relay", "i:1")], [])
        pod["status"]["containerStatuses"][0] = {"name": "relay", "restartCount": 0, "state": {"waiting": {"reason": "ImagePullBackOff"}}}
        self.assertEqual([*manifests.pod_problems([pod], "relay", "i:2")], ["pod p does not start: ImagePullBackOff"])

    def test_the_hash_is_that_of_the_present_template(self):
        def replica_set(revision, owner):
            return {"metadata": {"ownerReferences": [{"uid": owner}], "labels": {"pod-template-hash": revision + owner},
                                 "annotations": {"deployment.kubernetes.io/revision": revision}}}

        deployment = {"metadata": {"uid": "d", "annotations": {"deployment.kubernetes.io/revision": "2"}}}
        sets = [replica_set("1", "d"), replica_set("2", "other"), replica_set("2", "d")]
        self.assertEqual(manifests.template_hash(deployment, sets), "2d")
        self.assertIsNone(manifests.template_hash(deployment, sets[:2]))


if __name__ == "__main__":
    unittest.main()
