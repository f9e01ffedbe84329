"""Runs a pod's containers as processes of this machine: with its environment and nothing else, its volumes as folders, its user, and
its probes. What stands for a cluster is in the paths (below a folder) and the ports (free ones) only."""
import os
import pathlib
import re
import signal
import subprocess
import sys

import charts

sys.path.insert(0, str(charts.ROOT / "tests/e2e"))

from support.processes import free_port, http, wait_for  # noqa: E402

BIN = pathlib.Path(os.environ["FANION_BIN"]).resolve()
USER = 65532  # of the images


class Container:
    """`sources`: name of a secret or config map -> its entries (text). `extra`: what `kubectl exec` or a job adds."""

    def __init__(self, template, container, sources, folder, program):
        self.template, self.container, self.sources, self.program = template, container, sources, BIN / program
        self.folder = pathlib.Path(folder)
        self.log = self.folder / "log"
        self.ports = {}  # of the pod -> of this machine
        self.process = None
        self._make_volumes()
        self.environment = {name: self._here(self._value(value)) for name, value in charts.environment(container).items()}

    def _make_volumes(self):
        volumes = {volume["name"]: volume for volume in self.template["spec"].get("volumes", [])}
        group = self.template["spec"]["securityContext"].get("fsGroup")
        self.folder.mkdir(mode=0o755)
        for mount in self.container.get("volumeMounts", []):
            place, volume = pathlib.Path(self._here(mount["mountPath"])), volumes[mount["name"]]
            source = volume.get("secret") or volume.get("configMap")
            place.mkdir(mode=0o755, parents=True, exist_ok=source is None)
            if source is None:  # an empty folder
                place.chmod(0o777)
                continue
            for item in source["items"]:
                file = place / item["path"]
                file.write_text(self.sources[source.get("secretName") or source["name"]][item["key"]])
                file.chmod(source["defaultMode"])
                if group is not None and os.geteuid() == 0:
                    os.chown(file, 0, group)

    def _value(self, value):
        if isinstance(value, str):
            return value
        if "secretKeyRef" in value:
            return self.sources[value["secretKeyRef"]["name"]][value["secretKeyRef"]["key"]]
        return {"metadata.name": "pod-0", "spec.nodeName": "node-0"}[value["fieldRef"]["fieldPath"]]

    def _here(self, text):
        """Paths of the pod below our folder, and ports that it listens on as free ports of loopback."""
        listens = re.fullmatch(r"(?:0\.0\.0\.0|127\.0\.0\.1):(\d+)", text)
        if listens:
            port = self.ports.setdefault(int(listens[1]), free_port())
            return f"127.0.0.1:{port}"
        if text.startswith(("/run/", "unix:/run/")):  # what containers of a pod share
            return text.replace("/run/", f"{self.folder.parent}/run/", 1)
        return f"{self.folder}{text}" if text.startswith(("/etc/", "/var/")) else text

    def _as_user(self):
        user = self.container["securityContext"].get("runAsUser", USER)
        return {"user": user, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}

    def _arguments(self):
        return [self._here(argument) for argument in self.container.get("args", [])]

    def port(self, name):
        """Of this machine, by the name or number of the pod's port."""
        named = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        return self.ports[named.get(name, name)]

    def run(self, *arguments):
        """What `kubectl exec` and jobs do: runs to the end, and returns what was printed."""
        arguments = arguments or self._arguments()
        done = subprocess.run([self.program, *arguments], env=self.environment, cwd="/", timeout=300,
                              capture_output=True, text=True, check=False, **self._as_user())
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen([self.program, *self._arguments()], env=self.environment, cwd="/",
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out, **self._as_user())
        return self

    def probe(self, name):
        assert self.process.poll() is None, self.log.read_text()[-4000:]
        if "exec" in self.container[name]:
            command = [self._here(part) for part in self.container[name]["exec"]["command"]]
            return subprocess.run([self.program, *command[1:]], env=self.environment, cwd="/", timeout=300, capture_output=True,
                                  check=False, **self._as_user()).returncode == 0
        get = self.container[name]["httpGet"]
        answer = http("GET", f"http://127.0.0.1:{self.port(get['port'])}{get['path']}")
        return answer is not None and answer.status == 200

    def wait_ready(self):
        probes = ("startupProbe", "livenessProbe", "readinessProbe") if "ports" in self.container else ("startupProbe",)
        for name in probes:
            wait_for(lambda probe=name: self.probe(probe), f"{name} of {self.container['name']}: {self.log}")
        return self

    def stop(self, deadline):
        """What the kubelet does, and its exit status; nothing after the pod's grace period."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "killed"
