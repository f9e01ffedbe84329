"""A whole Fanion on loopback: embedded PostgreSQL, control-plane replicas, relays, an administrator and keys."""
import contextlib
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import tempfile

from support.processes import LineClient, Process, free_port, http, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ["FANION_BIN"])          # where the three programs are
CLIENTS = pathlib.Path(os.environ["FANION_CLIENTS"])  # what tests/e2e/prepare made
PASSWORD = "correct horse battery staple 42"


def has_sanitizers():
    """Whether the programs are built with AddressSanitizer."""
    return b"__asan_init" in (BIN / "fanion-relay").read_bytes()


class Service:
    """A program with an application port and an operators' port."""

    def __init__(self, name, command, log, env=None):
        self.name = name
        self.port, self.operators_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.operators = f"http://127.0.0.1:{self.operators_port}"
        listen = ["--listen", f"127.0.0.1:{self.port}", "--operators-listen", f"127.0.0.1:{self.operators_port}"]
        self.process = Process([*command, *listen], log, env)

    def start(self, ready=True):
        self.process.start()
        return self.wait_ready() if ready else self.wait_alive()

    def _answers(self, path):
        assert self.process.alive, f"{self.name} ended:\n{self.process.tail()}"
        answer = http("GET", self.operators + path)
        return answer is not None and answer.status == 200

    def wait_ready(self):
        wait_for(lambda: self._answers("/readyz"), f"{self.name} ready\n{self.process.tail()}")
        return self

    def wait_alive(self):
        wait_for(lambda: self._answers("/livez"), f"{self.name} alive\n{self.process.tail()}")
        return self

    def metrics(self):
        """name{labels} -> value"""
        text = http("GET", self.operators + "/metrics").body.decode()
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))}

    def status(self):
        return http("GET", self.operators + "/status").json


class Admin:
    """The admin API as one person. Every response must have the expected status."""

    def __init__(self, base, token=None):
        self.base, self.token = base, token

    def call(self, method, path, body=None, expect=(200, 201, 204), headers=None):
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = http(method, self.base + "/api/v1" + path, body, headers)
        assert answer is not None, f"{method} {path}: no answer"
        assert answer.status in expect, f"{method} {path}: {answer.status} {answer.body.decode()[:2000]}"
        return answer

    def login(self, email, password=PASSWORD):
        self.token = self.call("POST", "/auth/login", {"email": email, "password": password}).json["access_token"]
        return self


class Stack:
    """`with Stack(tmp_path) as stack`: control plane, organisation acme, project web, nothing else. `programs`: the folder of the
    programs that it runs, unless a service is added with others."""

    org, project, email = "acme", "web", "owner@example.com"
    options = ("--request-burst", "100000")  # of every control plane; tests ask more often than people

    def __init__(self, directory, programs=BIN):
        self.dir, self.programs = pathlib.Path(directory), programs
        # The unprivileged user that runs PostgreSQL must be able to traverse the directory.
        for folder in (self.dir, *self.dir.parents):
            if folder.owner() == "root" and pathlib.Path(tempfile.gettempdir()) in folder.parents:
                folder.chmod(0o755)
        made = os.environ.get("FANION_TEST_CLUSTER")  # a migrated cluster; without it the control plane makes one
        if made and programs == BIN and not (self.dir / "pg").exists():
            subprocess.run(["cp", "-a", f"{made}/pg", self.dir / "pg"], check=True)
        self.services, self.clients = [], []

    def __enter__(self):
        self.control = self.add_control_plane("control-1")
        self.control.start()
        self.admin = self._bootstrap(self.org, self.email)
        self.admin.call("POST", f"/orgs/{self.org}/projects", {"key": self.project, "name": "Web"})
        return self

    def __exit__(self, *_):
        with contextlib.ExitStack() as ending:  # of everything, in this order from below, also when one of them fails
            ending.callback(self.stop_database)
            for service in self.services:
                ending.callback(service.process.stop)
            for client in self.clients:
                ending.callback(client.close)

    def stop_database(self):
        """Stops a cluster that outlived a killed control plane."""
        for file in (self.dir / "pg").rglob("postmaster.pid"):
            pid = int(file.read_text().split("\n", 1)[0])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
            wait_for(lambda f=file: not f.exists(), "PostgreSQL ended")

    def take_database_away(self):
        """Stops the database permanently. A control plane restarts a stopped cluster, so its folder is replaced by a file."""
        away = self.dir / "pg-away"
        (self.dir / "pg").rename(away)
        (self.dir / "pg").touch()
        for file in away.rglob("postmaster.pid"):
            pid = int(file.read_text().split("\n", 1)[0])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown
            wait_for(lambda p=pid: not os.path.exists(f"/proc/{p}"), "PostgreSQL ended")

    def _database(self):
        return ["--embedded-postgres", self.dir / "pg", "--data-dir", self.dir / "control"]

    def add_control_plane(self, name, *options, programs=None, migrate=True):
        command = [(programs or self.programs) / "fanion-control-plane", "serve", *self._database(), *(["--migrate"] if migrate else []),
                   *self.options, *options]
        service = Service(name, command,
                          self.dir / f"{name}.log")
        self.services.append(service)
        return service

    def control_plane(self, command, *arguments, programs=None):
        """Runs a command of the control plane that ends, and returns what it prints."""
        done = subprocess.run([(programs or self.programs) / "fanion-control-plane", command, *self._database(), *arguments],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _bootstrap(self, org, email, control=None):
        printed = self.control_plane("bootstrap", "--org", org, "--email", email)
        token = re.search(r"setup token[^\n]*?:\s*(\S+)", printed, re.I)
        assert token, printed
        admin = Admin((control or self.control).url)
        admin.call("POST", "/auth/setup", {"token": token.group(1), "password": PASSWORD})
        return admin.login(email)

    @property
    def home(self):
        return f"/orgs/{self.org}/projects/{self.project}"

    def create_flag(self, key, kind="boolean", **members):
        return self.admin.call("POST", f"{self.home}/flags", {"key": key, "type": kind, "name": key, **members}).json

    def configure(self, key, changes, env="development", admin=None):
        admin = admin or self.admin
        path = f"{self.home}/flags/{key}/environments/{env}"
        etag = admin.call("GET", path).headers["ETag"]
        return admin.call("PATCH", path, changes, headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})

    def create_key(self, kind, env="development", **members):
        path = f"{self.home}/environments/{env}/keys"
        return self.admin.call("POST", path, {"kind": kind, "name": f"{kind}-{secrets.token_hex(3)}", **members}).json["key"]

    def add_relay(self, name, controls=None, key=None, env="development", options=(), programs=None):
        key_file = self.dir / f"{name}.key"
        if not key_file.exists():
            key_file.write_text((key or self.create_key("relay", env)) + "\n")
            key_file.chmod(0o600)
        upstreams = [part for control in (controls or [self.control]) for part in ("--upstream", control.url)]
        command = [(programs or self.programs) / "fanion-relay", *upstreams, "--key-file", key_file, "--trust", self.dir / "control" / "trust.json",
                   "--cache-dir", self.dir / name / "cache", "--spool-dir", self.dir / name / "spool", "--relay-id", name,
                   "--threads", "2", "--flush-interval", "500", "--drain-delay", "0", *options]
        service = Service(name, command, self.dir / f"{name}.log")
        self.services.append(service)
        return service

    def client(self, kind, relay, key):
        log = self.dir / f"client-{kind}.log"
        if kind == "python":
            command = [CLIENTS / "python/bin/python", ROOT / "tests/e2e/clients/python/client.py", relay.url, key]
        else:
            command = ["node", ROOT / f"tests/e2e/clients/{kind}/client.mjs", CLIENTS / kind, relay.url, key]
        client = LineClient(command, log)
        self.clients.append(client)
        return client


def ofrep(relay, key, flag, context=None):
    body = {"context": context or {}}
    return http("POST", f"{relay.url}/ofrep/v1/evaluate/flags/{flag}", body, {"Authorization": f"Bearer {key}"})


def ofrep_value(relay, key, flag, context=None):
    answer = ofrep(relay, key, flag, context)
    return answer.json.get("value") if answer is not None and answer.status == 200 else None


def pretty(value):
    return json.dumps(value, indent=1)
