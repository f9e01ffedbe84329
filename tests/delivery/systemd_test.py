#!/usr/bin/env python3
"""deploy/rollout on a recording systemctl and ssh, with a scripted Prometheus and HAProxy's socket: what it writes and calls, in which
order, and what is left. tests/e2e/test_delivery.py does it with real relays."""
import pathlib
import socketserver
import tempfile
import threading
import unittest

import support
from delivery import units
from scripted_prometheus import ScriptedPrometheus

UNIT = "[Service]\nExecStart={program} --config /etc/fanion/relay.conf\n"
DROP_IN = "60-fanion-build.conf"


class ScriptedHAProxy:
    """Its runtime socket: servers and their states."""

    def __init__(self, path, servers):
        self.path, self.servers, self.commands = str(path), dict(servers), []
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(owner.answer(self.rfile.readline().decode().strip()).encode())

        self.server = socketserver.ThreadingUnixStreamServer(self.path, Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, command):
        if command == "show stat":
            rows = [f"{server.replace('/', ',')},{status}," for server, status in self.servers.items()]
            return "\n".join(["# pxname,svname,status,", "relays,FRONTEND,OPEN,", *rows, "relays,BACKEND,UP,", "", ""])
        self.commands.append(command)
        _, _, server, _, state = command.split()
        if server not in self.servers:
            return "No such server.\n"
        self.servers[server] = {"ready": "UP", "drain": "DRAIN", "maint": "MAINT"}[state]
        return "\n"


class Systemd(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        self.addCleanup(folder.cleanup)
        self.directory = pathlib.Path(folder.name)
        self.prometheus = ScriptedPrometheus()
        self.enterContext(self.prometheus)
        self.programs = {}
        for version in "123":
            program = self.directory / f"build-{version}"
            program.write_text("#!/bin/sh\n")
            program.chmod(0o755)
            self.programs[version] = str(program)
        (self.directory / "transparent").touch()

    def units(self, *names, host=""):
        home = self.directory / host
        (home / "units").mkdir(parents=True, exist_ok=True)
        (home / "state").mkdir(exist_ok=True)
        (home / "transparent").touch()
        for name in names:
            (home / "units" / f"{name}.service").write_text(UNIT.format(program=self.programs["1"]))
            (home / "state" / f"{name}.service.pid").write_text("0")

    def run_rollout(self, command, *more, units=("a", "b", "c"), build="2"):
        named = [part for unit in units for part in ("--unit", f"{unit}=127.0.0.1:{9100 + ord(unit[-1])}=relays/{unit[-1]}")]
        built = ["--build", self.programs[build]] if build else []
        return support.rollout(self.directory, command, *named, *built, "--unit-dir", self.directory / "units", "--prometheus",
                               self.prometheus.url, *support.QUICK, "--log", self.directory / "log", *more)

    def undo(self, *more, units=("a", "b", "c")):
        named = [part for unit in units for part in ("--unit", f"{unit}=127.0.0.1:{9100 + ord(unit[-1])}=relays/{unit[-1]}")]
        return support.rollout(self.directory, "undo", *named, "--unit-dir", self.directory / "units", "--prometheus", "http://127.0.0.1:1", *more)

    def drop_in(self, name):
        file = self.directory / "units" / f"{name}.service.d" / DROP_IN
        return file.read_text() if file.exists() else None

    def builds(self, *names):
        """Which build each unit's drop-in names, 0 if there is none."""
        found = []
        for name in names:
            text = self.drop_in(name) or ""
            found += [int(version) for version, program in self.programs.items() if f"ExecStart={program} --config" in text] or [0]
        return found

    def verbs(self, host=""):
        return [tuple(call) for call in support.calls(self.directory / host) if call[0] not in ("show", "cat")]

    def test_units_get_the_build_one_after_another(self):
        self.units("a", "b", "c")
        done = self.run_rollout("canary", "--steps", "1")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.builds("a", "b", "c"), [2, 2, 2])
        self.assertNotIn("Rollout=", self.drop_in("a"))
        restarted = [call[1] for call in self.verbs() if call[0] == "restart"]
        self.assertEqual(restarted, ["a.service", "b.service", "c.service"])
        first = self.verbs().index(("restart", "a.service"))
        self.assertEqual(self.verbs()[first - 2:first], [("daemon-reload",), ("reset-failed", "a.service")])
        asked = " ".join(self.prometheus.asked)
        self.assertIn(r'fanion_relay_requests_total{instance=~"127\\.0\\.0\\.1:9197"}', asked)
        self.assertIn(r'{instance=~"127\\.0\\.0\\.1:9197|127\\.0\\.0\\.1:9198|127\\.0\\.0\\.1:9199"}', asked)

    def test_a_build_that_burns_leaves_the_units_as_they_were(self):
        self.units("a", "b", "c")
        self.prometheus.build = (5.0, 50.0)
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.builds("a", "b", "c"), [0, 0, 0])
        self.assertEqual([call for call in self.verbs() if call[0] == "restart"], [("restart", "a.service")] * 2)

    def test_it_goes_back_to_the_build_before_not_to_the_first(self):
        self.units("a", "b", "c")
        self.assertEqual(self.run_rollout("canary", "--steps", "3").returncode, 0)
        self.prometheus.build = (5.0, 50.0)
        done = self.run_rollout("canary", build="3")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"rolled back to {self.programs['2']}", done.stdout)
        self.assertEqual(self.builds("a", "b", "c"), [2, 2, 2])
        self.assertNotIn("Rollout=", self.drop_in("a"))

    def test_a_build_that_does_not_start_is_taken_back(self):
        self.units("a", "b", "c")
        (self.directory / "broken").write_text(self.programs["2"])
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("Job for a.service failed", done.stdout)
        self.assertEqual(self.builds("a", "b", "c"), [0, 0, 0])

    def test_a_build_that_systemd_has_to_start_again_is_taken_back(self):
        self.units("a", "b", "c")
        (self.directory / "restarting").write_text(self.programs["2"])
        done = self.run_rollout("canary")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("a.service has ended and was started again: 1 times", done.stdout)
        self.assertEqual(self.builds("a", "b", "c"), [0, 0, 0])

    def test_prometheus_that_is_gone_keeps_nothing_from_being_undone(self):
        self.units("a", "b", "c")
        own = self.directory / "units"
        text = units.drop_in(f"{self.programs['1']} --config /etc/fanion/relay.conf", self.programs["2"], ("canary", self.programs["1"]))
        (own / "a.service.d").mkdir()
        (own / "a.service.d" / DROP_IN).write_text(text)
        status = support.rollout(self.directory, "status", "--unit", "a=127.0.0.1:1", "--unit", "b=127.0.0.1:2", "--unit-dir", own)
        self.assertIn(f"under way: canary of {self.programs['2']} after {self.programs['1']}", status.stdout)
        self.assertEqual(self.run_rollout("canary").returncode, 4)
        done = self.undo()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.builds("a", "b", "c"), [0, 0, 0])
        self.assertIn("Prometheus cannot be asked whether they are ready", done.stdout)

    def test_what_was_left_goes_on(self):
        self.units("a", "b", "c")
        text = units.drop_in(f"{self.programs['1']} --config /etc/fanion/relay.conf", self.programs["2"], ("canary", self.programs["1"]))
        (self.directory / "units/a.service.d").mkdir()
        (self.directory / "units/a.service.d" / DROP_IN).write_text(text)
        done = self.run_rollout("canary", "--resume", build=None)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.builds("a", "b", "c"), [2, 2, 2])
        self.assertEqual([call[1] for call in self.verbs() if call[0] == "restart"],
                         ["a.service", "b.service", "c.service"])  # a was killed before its restart, perhaps

    def test_units_of_other_machines(self):
        self.units("a", host="one")
        self.units("a", host="two")
        done = self.run_rollout("canary", "--unit-dir", "/dev/null/none", units=("one:a", "two:a"))
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("/dev/null/none", done.stderr)
        for host in ("one", "two"):
            self.assertEqual(self.verbs(host), [])
        done = self.run_rollout("canary", "--steps", "1", "--unit-dir", "units", units=("one:a", "two:a"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for host in ("one", "two"):
            self.assertIn(("restart", "a.service"), self.verbs(host))
            self.assertIn(self.programs["2"], (self.directory / host / "units/a.service.d" / DROP_IN).read_text())
        self.assertEqual(self.verbs(), [])

    def test_nothing_is_changed_where_it_cannot_begin(self):
        self.units("a", "b", "c")
        cases = [
            (["--unit", "d=h:1"], 4, "Unit d.service could not be found"),
            (["--build", "relay-2"], 2, "the absolute path of a program"),
            (["--build", "/no/such/program"], 4, "a.service: --build /no/such/program: there is no such program"),
            (["--build", self.programs["1"]], 2, "runs already"),
            (["--unit", "nothing"], 2, "'nothing' is no unit"),
            (["--deployment", "relay"], 2, "A --deployment, or each --unit"),
        ]
        for arguments, code, said in cases:
            with self.subTest(said):
                done = self.run_rollout("canary", *arguments)
                self.assertEqual((done.returncode, self.verbs()), (code, []), done.stdout + done.stderr)
                self.assertIn(said, done.stderr)
        (self.directory / "state/b.service.pid").unlink()
        self.assertIn("b.service does not run", self.run_rollout("canary").stderr)

    def test_a_dry_run_changes_nothing(self):
        self.units("a", "b", "c")
        done = self.run_rollout("canary", "--dry-run", "--steps", "1")
        self.assertEqual((done.returncode, self.verbs()), (0, []), done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("would run: a.service: systemctl restart"), 1)
        self.assertEqual(self.builds("a", "b", "c"), [0, 0, 0])

    def haproxy(self, **servers):
        found = ScriptedHAProxy(self.directory / "haproxy", {f"relays/{name}": status for name, status in servers.items()})
        return self.enterContext(found)

    def sides(self):
        return ["--other-unit", "d=127.0.0.1:9200=relays/d", "--haproxy", self.directory / "haproxy"]

    def test_blue_green_moves_the_requests(self):
        self.units("a", "d")
        (self.directory / "state/d.service.pid").unlink()
        haproxy = self.haproxy(a="UP 1/3", d="DOWN")
        done = self.run_rollout("blue-green", *self.sides(), units=["a"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(haproxy.commands, ["set server relays/d state maint", "set server relays/d state ready",
                                            "set server relays/a state drain", "set server relays/a state maint"])
        self.assertEqual(self.builds("a", "d"), [0, 2])
        self.assertIn(("stop", "a.service"), self.verbs())
        self.assertLess(self.verbs().index(("restart", "d.service")), self.verbs().index(("stop", "a.service")))
        # The next one goes the other way, whatever the order on the command line.
        done = self.run_rollout("blue-green", *self.sides(), units=["a"], build="3")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.builds("a", "d"), [3, 2])
        self.assertEqual(haproxy.servers, {"relays/a": "UP", "relays/d": "MAINT"})

    def test_blue_green_that_was_left_goes_on_or_back(self):
        """Requests had moved: the unit that serves is not restarted."""
        self.units("a", "d")
        text = units.drop_in(f"{self.programs['1']} --config /etc/fanion/relay.conf", self.programs["2"], ("blue-green", self.programs["1"]))
        (self.directory / "units/d.service.d").mkdir()
        for go_on in (True, False):
            with self.subTest(go_on):
                (self.directory / "units/d.service.d" / DROP_IN).write_text(text)
                (self.directory / "haproxy").unlink(missing_ok=True)
                haproxy = self.haproxy(a="DRAIN", d="UP")
                if go_on:
                    done = self.run_rollout("blue-green", *self.sides(), "--resume", units=["a"], build=None)
                    self.assertIn("2/3 all requests", done.stdout)
                    self.assertNotIn(("restart", "d.service"), self.verbs())
                    self.assertEqual(haproxy.servers, {"relays/a": "MAINT", "relays/d": "UP"})
                else:
                    done = self.undo(*self.sides(), units=["a"])
                    self.assertEqual(haproxy.servers, {"relays/a": "UP", "relays/d": "MAINT"})
                    self.assertEqual(self.builds("a", "d"), [0, 0])
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_blue_green_goes_back(self):
        self.units("a", "d")
        (self.directory / "state/d.service.pid").unlink()
        self.prometheus.build = (5.0, 50.0)
        haproxy = self.haproxy(a="UP", d="DOWN")
        done = self.run_rollout("blue-green", *self.sides(), units=["a"])
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(haproxy.servers, {"relays/a": "UP", "relays/d": "MAINT"})
        self.assertEqual(self.builds("a", "d"), [0, 0])
        self.assertIn(("stop", "d.service"), self.verbs())

    def test_blue_green_wants_a_balancer_that_knows_the_units(self):
        self.units("a", "d")
        cases = [(["--other-unit", "d=h:1=relays/d"], 2, "wants --haproxy"),
                 (["--haproxy", str(self.directory / "none")], 2, "--other-unit"),
                 (["--other-unit", "d=h:1=relays/x", "--haproxy", str(self.directory / "haproxy")], 4, "HAProxy has no server 'relays/x'"),
                 (["--other-unit", "d=h:1=relays/d", "--haproxy", "127.0.0.1:1"], 4, "no HAProxy answers at 127.0.0.1:1")]
        self.haproxy(a="UP", d="DOWN")
        for arguments, code, said in cases:
            with self.subTest(said):
                done = self.run_rollout("blue-green", *arguments, units=["a"])
                self.assertEqual((done.returncode, self.verbs()), (code, []), done.stdout + done.stderr)
                self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
