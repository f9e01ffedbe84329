"""Relays behind HAProxy, as units of a recording systemctl (tests/delivery/fakes), watched by Prometheus, and asked all the time."""
import json
import os
import shlex
import subprocess
import threading
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import yaml

from support.processes import Process, free_port, http, wait_for
from support.stack import BIN, ROOT

FAKES = ROOT / "tests/delivery/fakes"

HAPROXY = """\
global
    stats socket {socket} level admin
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    retries 3
    option redispatch
    retry-on conn-failure empty-response response-timeout
frontend applications
    bind 127.0.0.1:{port}
    default_backend relays
frontend metrics
    bind 127.0.0.1:{metrics_port}
    http-request use-service prometheus-exporter
backend relays
    balance roundrobin
    option httpchk GET /readyz
{servers}
"""


class Fleet:
    """`names`: units, each with a relay. The first `serving` of them run from the start."""

    def __init__(self, stack, names, serving):
        self.stack, self.dir, self.names, self.serving = stack, stack.dir, names, names[:serving]
        self.relays, self.env = {}, {**os.environ, "PATH": f"{FAKES}:{os.environ['PATH']}", "FAKE_SYSTEMD": str(stack.dir)}
        self.port, self.metrics_port, self.prometheus = free_port(), free_port(), None
        (self.dir / "units").mkdir()

    def __enter__(self):
        for name in self.names:
            self._make_unit(name)
        for name in self.serving:
            self.systemctl("start", name + ".service")
        for name in self.serving:
            self.wait_ready(name)
        servers = "\n".join(f"    server {name} 127.0.0.1:{relay.port} check port {relay.operators_port} inter 100ms fall 1 rise 1"
                            for name, relay in self.relays.items())
        (self.dir / "haproxy.cfg").write_text(HAPROXY.format(socket=self.socket, port=self.port, metrics_port=self.metrics_port,
                                                             servers=servers))
        self.haproxy = Process(["haproxy", "-db", "-f", self.dir / "haproxy.cfg"], self.dir / "haproxy.log").start()
        wait_for(lambda: (answer := http("GET", f"http://127.0.0.1:{self.metrics_port}/metrics")) is not None and answer.status == 200,
                 lambda: f"HAProxy answers\n{self.haproxy.tail()}")
        return self

    def __exit__(self, *_):
        if self.prometheus:
            self.prometheus.stop()
        self.haproxy.stop()
        stops = [subprocess.Popen([FAKES / "systemctl", "stop", name + ".service"], env=self.env) for name in self.names]
        assert [stop.wait(120) for stop in stops] == [0] * len(stops)

    @property
    def socket(self):
        return self.dir / "haproxy.sock"

    def _make_unit(self, name):
        """What the stack would start, as a unit with a configuration file."""
        relay = self.stack.add_relay(name)
        self.stack.services.remove(relay)
        options = dict(zip(relay.process.command[1::2], relay.process.command[2::2]))
        options["--drain-delay"] = "1000"  # HAProxy looks ten times a second, and tries another relay if this one is gone
        config = self.dir / f"{name}.conf"
        config.write_text("".join(f"{option[2:]} = {value}\n" for option, value in options.items()))
        (self.dir / "units" / f"{name}.service").write_text(f"[Service]\nExecStart={BIN}/fanion-relay --config {config}\n")
        self.relays[name] = relay

    def systemctl(self, *arguments):
        subprocess.run([FAKES / "systemctl", *arguments], env=self.env, check=True, timeout=120)

    def wait_ready(self, name):
        url = self.relays[name].operators + "/readyz"
        wait_for(lambda: (answer := http("GET", url)) is not None and answer.status == 200, lambda: f"{name} is ready\n{self.log_of(name)}")

    def log_of(self, name):
        return (self.dir / f"{name}.service.log").read_text()[-3000:]

    def pid(self, name):
        return int((self.dir / "state" / f"{name}.service.pid").read_text())

    def program(self, name):
        """What the unit runs in truth."""
        with open(f"/proc/{self.pid(name)}/cmdline", encoding="utf-8") as file:
            return file.read().split("\0")

    def unit_options(self, names, option="--unit"):
        return [part for name in names
                for part in (option, f"{name}=127.0.0.1:{self.relays[name].operators_port}=relays/{name}")]

    def start_prometheus(self):
        """A new one, which knows nothing of before; every second. It is ready when the job's rates are recorded."""
        if self.prometheus:
            self.prometheus.stop()
        self.url = f"http://127.0.0.1:{free_port()}"
        folder = self.dir / f"prometheus-{self.url[17:]}"
        folder.mkdir()
        control = f"127.0.0.1:{self.stack.control.operators_port}"
        rules = yaml.safe_load((ROOT / "deploy/monitoring/recording.yml").read_text())
        for group in rules["groups"]:
            group["interval"] = "1s"
        (folder / "recording.yml").write_text(yaml.safe_dump(rules, sort_keys=False))
        targets = [f"127.0.0.1:{relay.operators_port}" for relay in self.relays.values()]
        jobs = {"fanion-relay": targets, "fanion-control-plane": [control],
                "haproxy": [f"127.0.0.1:{self.metrics_port}"]}
        (folder / "prometheus.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": ["recording.yml"],
            "scrape_configs": [{"job_name": job, "static_configs": [{"targets": them}]} for job, them in jobs.items()]}))
        self.prometheus = Process(["prometheus", f"--config.file={folder}/prometheus.yml", f"--web.listen-address={self.url[7:]}",
                                   f"--storage.tsdb.path={folder}/tsdb", "--log.level=warn"], folder / "log").start()
        wait_for(lambda: self.ask("job:fanion_relay_requests:rate5m > 0"), lambda: f"rates are recorded\n{self.prometheus.tail()}")

    def ask(self, query):
        answer = http("GET", f"{self.url}/api/v1/query?{urlencode({'query': query})}")
        return answer.json["data"]["result"] if answer is not None and answer.status == 200 else None

    def build(self, name, script):
        """A program of its own: what `script` does with the relay's arguments."""
        file = self.dir / name
        file.write_text(f"#!/bin/sh\nrelay={shlex.quote(str(BIN / 'fanion-relay'))}\n{script}\n")
        file.chmod(0o755)
        return file


class Traffic:
    """Applications that ask HAProxy for a flag some fifty times a second, and how it ended."""

    def __init__(self, port, key, flag):
        self.port, self.flag = port, flag
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.answered, self.failed, self.values = 0, [], set()
        self.ending, self.thread = threading.Event(), threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join(60)

    def _run(self):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.ending.wait(0.02):
            try:
                connection.request("POST", f"/ofrep/v1/evaluate/flags/{self.flag}", b'{"context":{"targetingKey":"u"}}', self.headers)
                reply = connection.getresponse()
                body = reply.read()
            except (OSError, HTTPException) as error:
                self.failed.append(repr(error))
                connection.close()
                continue
            if reply.status == 200:
                self.answered += 1
                self.values.add(json.loads(body)["value"])
            else:
                self.failed.append(f"{reply.status} {body[:100]}")

    def wait_answered(self, more):
        """So many more answers, and no failure among them."""
        answered, failed = self.answered, len(self.failed)
        wait_for(lambda: self.answered >= answered + more, "more answers")
        assert len(self.failed) == failed, self.failed[failed:][:5]

