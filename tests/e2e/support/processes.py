"""Processes for the tests: started, watched, and ended by their id. Nothing here sleeps longer than a polling interval."""
import contextlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

DEADLINE = float(os.environ.get("FANION_E2E_DEADLINE", "60"))  # seconds; sanitizers and busy machines are slow


_given = set()


def free_port():
    """An unused port that was not returned before. It is below the range of ephemeral ports, so that no connection can take it
    before the service listens, or while it is down."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as ports:
        end = min(int(ports.read().split()[0]), 32768)
    while True:
        port = random.randrange(end - 8192, end)
        with contextlib.closing(socket.socket()) as probe:
            if port in _given or probe.connect_ex(("127.0.0.1", port)) == 0:
                continue
        _given.add(port)
        return port


def wait_for(condition, what, deadline=DEADLINE):
    """Polls `condition` and returns its first true result. Fails with `what`, a text or what makes it, at the deadline."""
    end = time.monotonic() + deadline
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline:.0f} s: {what() if callable(what) else what}")
        time.sleep(0.02)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(NoRedirect())


def http(method, url, body=None, headers=None, timeout=30):
    """Returns the response, whatever its status, or None if the connection is refused or lost. Follows no redirect."""
    headers = dict(headers or {})
    data = None
    if body is not None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with _opener.open(request, timeout=timeout) as reply:
            return Answer(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, refusal.headers, refusal.read())
    except OSError:
        return None


class Process:
    """A program whose output goes to a file."""

    def __init__(self, command, log, env=None):
        self.command, self.log, self.env = [str(c) for c in command], log, env
        self.process = None

    def start(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            env={**os.environ, **(self.env or {})})
        return self

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.alive:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self, deadline=DEADLINE):
        """Sends SIGTERM and returns the exit code."""
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(deadline)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.command[0]} did not end within {deadline:.0f} s of SIGTERM")
        return self.process.returncode

    def tail(self):
        with open(self.log, "rb") as lines:
            return lines.read()[-4000:].decode(errors="replace")


class LineClient:
    """A client program that answers each line of JSON with one line."""

    def __init__(self, command, log):
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=open(log, "ab"), text=True, bufsize=1)

    def ask(self, kind, flag, default, context=None):
        self.process.stdin.write(json.dumps({"type": kind, "flag": flag, "default": default, "context": context or {}}) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
        line = self.process.stdout.readline() if ready else ""
        assert line, f"no answer from {self.process.args[0]}"
        return json.loads(line)

    def close(self):
        """A client that does not end when its input does is a mistake: nobody would notice how long the tests wait for it."""
        self.process.stdin.close()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.process.args[0]} did not end within {DEADLINE:.0f} s of the end of its input") from None
