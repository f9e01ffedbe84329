#!/usr/bin/env python3
"""deploy/rollout on a recording kubectl and a scripted Prometheus: what it calls, in which order, and what is left in the cluster."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import support
from scripted_prometheus import ScriptedPrometheus

LABELS = {"app.kubernetes.io/name": "fanion-relay", "app.kubernetes.io/instance": "relay", "app.kubernetes.io/component": "relay"}


def deployment(name="relay", image="fanion-relay:1", replicas=4):
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": "flags", "labels": {**LABELS, "app.kubernetes.io/managed-by": "Helm"},
                         "annotations": {"meta.helm.sh/release-name": "relay"}},
            "spec": {"replicas": replicas, "selector": {"matchLabels": dict(LABELS)},
                     "template": {"metadata": {"labels": dict(LABELS)},
                                  "spec": {"containers": [{"name": "relay", "image": image}, {"name": "sidecar", "image": "other:1"}]}}}}


def service(name="relay"):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"selector": dict(LABELS)}}


class Kubectl(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        self.addCleanup(folder.cleanup)
        self.directory = pathlib.Path(folder.name)
        self.prometheus = ScriptedPrometheus()
        self.enterContext(self.prometheus)
        self.put(deployment(), service())

    def put(self, *objects):
        (self.directory / "objects.json").write_text(json.dumps(
            {f"{each['kind'].lower()}/{each['metadata']['name']}": each for each in objects}))
        # The stand-in's controllers act after each change.
        subprocess.run(["kubectl", "patch", "service", "relay", "--type", "merge", "--patch", "{}"],
                       env=support.environment(self.directory), check=True)
        (self.directory / "calls.jsonl").unlink()

    def objects(self):
        return json.loads((self.directory / "objects.json").read_text())

    def set(self, name, *words):
        (self.directory / name).write_text(" ".join(words))

    def undo(self):
        """It needs no Prometheus, which may be what is wrong."""
        return support.rollout(self.directory, "undo", "--deployment", "relay", "--namespace", "flags", "--prometheus", "http://127.0.0.1:1")

    def run_rollout(self, command, *more, build="fanion-relay:2", **how):
        target = ["--deployment", "relay", "--namespace", "flags"]
        built = ["--build", build] if build else []
        return support.rollout(self.directory, command, *target, *built, "--prometheus", self.prometheus.url, *support.QUICK, "--log",
                               self.directory / "log", *more, **how)

    def changes(self):
        """The calls that change something, without the options that all have."""
        return [[word for word in call if not word.startswith("--request")][2:] for call in support.calls(self.directory)
                if "get" not in call]

    def image(self):
        return self.objects()["deployment/relay"]["spec"]["template"]["spec"]["containers"][0]["image"]

    def check_as(self, image):
        """One Deployment, one Service that all its pods answer, nothing left over."""
        objects = self.objects()
        self.assertEqual([key for key in objects if key.startswith("deployment/")], ["deployment/relay"])
        self.assertEqual(objects["service/relay"]["spec"]["selector"], LABELS)
        self.assertEqual(objects["deployment/relay"]["spec"]["selector"], {"matchLabels": LABELS})
        self.assertEqual(self.image(), image)
        self.assertEqual(objects["deployment/relay"]["spec"]["replicas"], 4)

    def test_a_good_build_goes_from_step_to_step(self):
        done = self.run_rollout("canary", "--steps", "1,50%", in_process=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_as("fanion-relay:2")
        verbs = [call[:2] for call in self.changes()]
        self.assertEqual(verbs, [["create", "--filename"], ["patch", "deployment"], ["patch", "deployment"], ["set", "image"],
                                 ["delete", "deployment"]])
        self.assertEqual(json.loads(self.changes()[1][-1])["spec"], {"replicas": 2})
        self.assertEqual([each["detail"] for each in support.events(self.directory / "log") if each["event"] == "stage_started"],
                         ["1 beside 4 instances: fanion-relay:2", "2 beside 4 instances: fanion-relay:2", "all 4 instances: fanion-relay:2"])
        self.assertIn('fanion_relay_requests_total{namespace="flags",pod=~"relay-canary-[a-z0-9]+-[a-z0-9]+"}[', " ".join(self.prometheus.asked))
        self.assertIn('avg_over_time(job:fanion_relay_errors:rate5m{job="fanion-relay"}[1h])', self.prometheus.asked)

    def test_the_copy_is_its_own_deployment_with_the_same_labels(self):
        self.prometheus.build = None
        self.run_rollout("canary")
        created = json.loads((self.directory / "created.json").read_text())
        self.assertEqual(created["spec"]["selector"]["matchLabels"], {**LABELS, "fanion.dev/track": "canary"})
        self.assertEqual(created["spec"]["template"]["metadata"]["labels"], {**LABELS, "fanion.dev/track": "canary"})
        self.assertEqual([each["image"] for each in created["spec"]["template"]["spec"]["containers"]], ["fanion-relay:2", "other:1"])
        self.assertEqual(created["metadata"]["labels"], {"app.kubernetes.io/name": "fanion-relay", "app.kubernetes.io/component": "relay",
                                                         "fanion.dev/track": "canary"})
        self.assertEqual(set(created["metadata"]["annotations"]), {"fanion.dev/rollout"})
        self.assertEqual(set(created["metadata"]), {"name", "labels", "annotations"})

    def test_a_build_that_burns_is_taken_back(self):
        self.prometheus.build = (5.0, 50.0)
        flag = self.directory / "flag"
        done = self.run_rollout("canary", "--on-burn", f"echo off >{flag}")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("rolled back to fanion-relay:1", done.stdout)
        self.assertIn("burn rate 200", done.stdout)
        self.check_as("fanion-relay:1")
        self.assertEqual(flag.read_text(), "off\n")
        self.assertNotIn(["set", "image"], [call[:2] for call in self.changes()])
        self.assertEqual([each["reason"] for each in support.events(self.directory / "log") if "rolled_back" == each["event"]], ["burning"])

    def test_a_failing_command_on_burn_does_not_keep_it_from_going_back(self):
        self.prometheus.build = (5.0, 50.0)
        done = self.run_rollout("canary", "--on-burn", "echo no such flag >&2; false")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--on-burn failed", done.stdout)
        self.assertIn("no such flag", done.stdout)
        self.check_as("fanion-relay:1")

    def test_what_burns_when_all_have_it_is_taken_back_too(self):
        self.prometheus.bad = 'pod=~"relay(-canary)?-'
        done = self.run_rollout("canary", "--steps", "1")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("relay=fanion-relay:2", sum(self.changes(), []))
        self.assertIn("relay=fanion-relay:1", sum(self.changes(), []))
        self.check_as("fanion-relay:1")

    def test_no_samples_are_not_safe(self):
        for build, said in ((None, "no samples"), ((0.0, 0.0), "there were no requests"), ((0.0, 1.0), "requests, of 10")):
            with self.subTest(said):
                self.prometheus.build = build
                done = self.run_rollout("canary")
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(said, done.stdout)
                self.check_as("fanion-relay:1")

    def test_prometheus_that_ends_meanwhile_is_not_safe(self):
        original = self.prometheus.answer

        def answer(query, authorization):
            if self.prometheus.builds_asked >= 2:
                self.prometheus.status = 503
            return original(query, authorization)

        self.prometheus.answer = answer
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("answers 503: out of order", done.stdout)
        self.check_as("fanion-relay:1")

    def test_an_own_ratio_is_watched_too(self):
        for ratio, code in ((0.0, 0), (0.5, 1), (None, 1), (float("nan"), 1)):
            with self.subTest(ratio):
                self.put(deployment(), service())
                self.prometheus.ratio = ratio
                done = self.run_rollout("canary", "--steps", "1", "--error-ratio", "my_ratio{$canary}[$window]")
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertRegex(" ".join(self.prometheus.asked), r'my_ratio\{namespace="flags",pod=~"relay-canary-[^"]+"\}\[\d+s\]')

    def test_pods_that_restart_or_never_are_available(self):
        for fault, said in (("crashing", "has restarted 1 times"), ("unstartable", "0 of 1 pods are available")):
            with self.subTest(fault):
                self.set(fault, "fanion-relay:2")
                done = self.run_rollout("canary")
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(said, done.stdout)
                self.check_as("fanion-relay:1")
                self.set(fault)

    def test_blue_green_switches_the_service_at_once(self):
        done = self.run_rollout("blue-green")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_as("fanion-relay:2")
        selectors = [json.loads(call[-1])["spec"]["selector"]["pod-template-hash"] for call in self.changes() if call[:2] == ["patch", "service"]]
        self.assertEqual(len(selectors), 3)
        self.assertTrue(selectors[0] and selectors[1] and selectors[0] != selectors[1])
        self.assertIsNone(selectors[2])
        kinds = [(call[0], call[1]) for call in self.changes()]
        # Held to the old pods before the first new one is there, and free again before the copy goes.
        self.assertEqual(kinds, [("create", "--filename"), ("patch", "service"), ("patch", "deployment"), ("patch", "deployment"),
                                 ("patch", "service"), ("patch", "deployment"), ("set", "image"), ("patch", "service"),
                                 ("delete", "deployment")])

    def test_blue_green_goes_back_to_blue(self):
        self.prometheus.build = (5.0, 50.0)
        done = self.run_rollout("blue-green")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.check_as("fanion-relay:1")
        order = [call[0] for call in self.changes()][-3:]
        self.assertEqual(order, ["patch", "delete", "patch"])  # requests go back first

    def test_the_service_must_be_that_of_the_deployment(self):
        other = service()
        other["spec"]["selector"] = {"app": "other"}
        self.put(deployment(), other)
        done = self.run_rollout("blue-green")
        self.assertEqual((done.returncode, self.changes()), (2, []), done.stderr)
        self.assertIn("does not select the pods", done.stderr)

    def test_nothing_is_changed_where_it_cannot_begin(self):
        cases = [
            (["--deployment", "other"], {}, 4, 'deployments "other" not found'),
            (["--container", "none"], {}, 4, "--container is one of relay, sidecar"),
            (["--prometheus", "http://127.0.0.1:1"], {}, 3, "no Prometheus answers at http://127.0.0.1:1"),
            (["--prometheus", "ftp://there"], {}, 3, "it is an http or https URL"),
            ([], {"status": 500}, 3, "answers 500: out of order"),
            ([], {"job": None}, 3, "has no samples of requests and errors. Load deploy/monitoring/recording.yml"),
            ([], {"job": (20.0, 50.0)}, 3, "not begun: job fanion-relay: burn rate 800"),
            (["--build", "fanion-relay:1"], {}, 2, "runs already"),
            (["--resume"], {}, 4, "no rollout is under way"),
            (["--before", "echo the schema is locked >&2; exit 1"], {}, 4, "the schema is locked"),
            (["--log", "/nowhere/log"], {}, 2, "--log /nowhere/log"),
            (["--unit", "a=b:1"], {}, 2, "A --deployment, or each --unit"),
            (["--steps", "0"], {}, 2, "'0' is no step"),
            (["--windows", "14.4:5m:1h"], {}, 2, "not shorter than the short one"),
            (["--hold", "soon"], {}, 2, "'soon' is no duration"),
        ]
        for arguments, answers, code, said in cases:
            with self.subTest(said):
                good = {"status": 200, "job": (0.0, 50.0)}
                vars(self.prometheus).update({**good, **answers})
                done = self.run_rollout("canary", *arguments)
                self.assertEqual((done.returncode, self.changes()), (code, []), done.stdout + done.stderr)
                self.assertIn(said, done.stderr)
                vars(self.prometheus).update(good)

    def test_the_remedy_of_a_fire_may_be_rolled_out(self):
        self.prometheus.job = (20.0, 50.0)
        done = self.run_rollout("canary", "--even-if-burning", "--budget", "0.001")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_as("fanion-relay:2")

    def test_a_refusal_before_the_first_change_leaves_nothing(self):
        self.set("refuse", "create")
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 4)
        self.assertIn("create is forbidden", done.stderr)
        self.check_as("fanion-relay:1")

    def test_a_refusal_later_takes_it_back(self):
        self.set("refuse", "set")
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("set is forbidden", done.stdout)
        self.check_as("fanion-relay:1")

    def test_a_rollback_that_is_refused_is_tried_again(self):
        self.prometheus.build = (5.0, 50.0)
        self.set("refuse", "2*delete")
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("delete is forbidden; trying again"), 2)
        self.check_as("fanion-relay:1")

    def test_a_cluster_that_does_not_answer_now_is_asked_again(self):
        self.set("refuse", "1*pods")
        done = self.run_rollout("canary", "--steps", "1")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("pods is forbidden", done.stdout)
        self.check_as("fanion-relay:2")
        self.set("refuse", "pods")
        done = self.run_rollout("canary", build="fanion-relay:3")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("not known to be good", done.stdout)
        self.check_as("fanion-relay:2")

    def test_a_rollback_that_fails_asks_for_a_person(self):
        self.prometheus.build = (5.0, 50.0)
        self.set("refuse", "delete")
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 5)
        self.assertIn("THE ROLLBACK IS NOT COMPLETE", done.stderr)
        self.set("refuse")
        self.assertIn("being taken back; go on with `undo`", self.run_rollout("canary", "--resume").stderr)
        undone = self.undo()
        self.assertEqual(undone.returncode, 0, undone.stdout + undone.stderr)
        self.check_as("fanion-relay:1")

    def test_a_log_or_an_output_that_ends_does_not_keep_it_from_going_back(self):
        self.prometheus.build = (5.0, 50.0)
        command = [support.PYTHON, support.ROLLOUT, "canary", "--deployment", "relay", "--namespace", "flags", "--build", "fanion-relay:2",
                   "--prometheus", self.prometheus.url, *support.QUICK, "--log", "/dev/full"]
        process = subprocess.Popen(command, env=support.environment(self.directory), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.close()
        self.assertEqual(process.wait(60), 1)
        self.check_as("fanion-relay:1")

    def interrupted(self, stage, how, *more, command="canary"):
        """Starts a rollout, sends it the signal in that stage, and returns it."""
        log = self.directory / "log"
        log.unlink(missing_ok=True)
        process = subprocess.Popen(
            [support.PYTHON, support.ROLLOUT, command, "--deployment", "relay", "--namespace", "flags", "--build", "fanion-relay:2",
             "--prometheus", self.prometheus.url, *support.QUICK, "--log", log, *more],
            env=support.environment(self.directory), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        end = time.monotonic() + 60
        while not log.exists() or not any(each.get("stage") == stage for each in support.events(log)) or not any(
                each["event"] == "state_changed" for each in support.events(log)[-1:]):
            self.assertIsNone(process.poll(), process.stdout.read() if process.poll() is not None else "")
            self.assertLess(time.monotonic(), end, "it did not come to " + stage)
            time.sleep(0.02)
        os.kill(process.pid, how)
        process.wait(60)
        return process

    def test_an_interruption_takes_it_back(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                done = self.interrupted("canary", number, "--hold", "1h")
                self.assertEqual(done.returncode, 130, done.stdout.read())
                self.check_as("fanion-relay:1")

    def test_what_was_left_is_found_and_goes_on(self):
        done = self.interrupted("canary", signal.SIGINT, "--hold", "1h", "--on-interrupt", "leave")
        self.assertEqual(done.returncode, 130)
        self.assertIn("deployment/relay-canary", self.objects())
        status = support.rollout(self.directory, "status", "--deployment", "relay", "--namespace", "flags")
        self.assertIn("under way: canary of fanion-relay:2 after fanion-relay:1, in the stage canary", status.stdout)
        again = self.run_rollout("canary")
        self.assertEqual(again.returncode, 4)
        self.assertIn("a rollout is under way already", again.stderr)
        other = self.run_rollout("canary", "--resume", build="fanion-relay:3")
        self.assertIn("is of fanion-relay:2", other.stderr)
        resumed = self.run_rollout("canary", "--resume", "--steps", "1", build=None)
        self.assertEqual(resumed.returncode, 0, resumed.stdout + resumed.stderr)
        self.check_as("fanion-relay:2")

    def test_after_a_kill_it_is_found_and_undone(self):
        for command, stage in (("canary", "canary"), ("blue-green", "switch")):
            with self.subTest(command):
                self.interrupted(stage, signal.SIGKILL, "--hold", "1h", command=command)
                done = self.undo()
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.check_as("fanion-relay:1")

    def test_blue_green_goes_on_where_it_was_killed(self):
        self.interrupted("switch", signal.SIGKILL, "--hold", "1h", command="blue-green")
        done = self.run_rollout("blue-green", "--resume", build=None)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2/3 all requests", done.stdout)
        self.assertNotIn("1/3", done.stdout)
        self.check_as("fanion-relay:2")

    def test_a_service_that_was_left_held_is_found(self):
        held = service()
        held["spec"]["selector"]["pod-template-hash"] = "abc"
        self.put(deployment(), held)
        done = self.undo()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_as("fanion-relay:1")

    def test_a_deployment_of_somebody_else_is_not_touched(self):
        self.put(deployment(), service(), deployment("relay-canary"))
        done = self.run_rollout("canary")
        self.assertEqual((done.returncode, self.changes()), (4, []))
        self.assertIn("that no rollout has made", done.stderr)

    def test_a_dry_run_changes_nothing(self):
        for command, said in (("canary", "would run: kubectl create deployment relay-canary: 1 pods"), ("blue-green", "would run: kubectl --namespace")):
            with self.subTest(command):
                before = self.objects()
                done = self.run_rollout(command, "--dry-run", "--before", "false")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual((self.changes(), self.objects()), ([], before))
                self.assertIn(said, done.stdout)
                self.assertIn("would watch for 1s", done.stdout)
                self.assertIn("would run: --before: false", done.stdout)
                self.assertFalse((self.directory / "log").exists())

    def test_the_control_plane_is_rolled_out_by_its_own_metrics(self):
        control = deployment()
        control["metadata"]["labels"]["app.kubernetes.io/name"] = "fanion"
        control["spec"]["template"]["spec"]["containers"][0]["name"] = "control-plane"
        self.put(control, service())
        (self.directory / "token").write_text("s3cret\n")
        done = self.run_rollout("canary", "--program", "control-plane", "--steps", "1", "--before", "true", "--prometheus-token-file",
                                self.directory / "token")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("control-plane=fanion-relay:2", sum(self.changes(), []))
        asked = " ".join(self.prometheus.asked)
        self.assertIn('job:fanion_control_plane_requests:rate5m{job="fanion"}', asked)
        self.assertIn("fanion_control_plane_grpc_ended_total", asked)
        self.assertEqual(self.prometheus.authorization, "Bearer s3cret")


if __name__ == "__main__":
    unittest.main()
