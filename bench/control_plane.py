"""What the admin API and the streams of a control plane cost, with the real program on its embedded PostgreSQL.

Writes, edits and batches are timed from the request to its response, over connections that are kept. Reads come from wrk; for
them the control plane with its database has one core and wrk the other. "Reads with ETag" are GETs of a flag's configuration
with If-None-Match, which are answered 304. For those "with two threads against one" two control planes on one database are asked
in turn, and wrk and PostgreSQL take their part of the same cores: on a machine with two, two threads cannot be twice as fast.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time

import ingest
from propagation import percentile

ROOT = pathlib.Path(__file__).resolve().parents[1]
INSTRUCTIONS = "application/vnd.fanion.instructions+json"
LIST_VALUES = 100_000


def load_stack(programs):
    os.environ["FANION_BIN"] = str(programs)
    os.environ.setdefault("FANION_CLIENTS", "/nonexistent")  # no client program is started
    sys.path.insert(0, str(ROOT / "tests" / "e2e"))
    from support.stack import Stack

    class Unlimited(Stack):
        options = ("--request-rate", "0", "--quotas", "requests_per_second=unlimited,flags=unlimited")

    return Unlimited


class Client:
    """Requests over one kept connection."""

    def __init__(self, stack, token=None):
        self.stack, self.peer = stack, http.client.HTTPConnection("127.0.0.1", stack.control.port, timeout=120)
        self.token = token

    def call(self, method, path, body=None, kind="application/json", expect=(200, 201, 204), **headers):
        data = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        headers["Authorization"] = f"Bearer {self.token or self.stack.admin.token}"
        if data is not None:
            headers["Content-Type"] = kind
        self.peer.request(method, "/api/v1" + path, data, headers)
        reply = self.peer.getresponse()
        text = reply.read()
        if reply.status not in expect:
            sys.exit(f"bench: {method} {path}: {reply.status} {text[:500]}")
        return reply.headers, text

    def timed(self, *arguments, **more):
        begin = time.perf_counter()
        self.call(*arguments, **more)
        return (time.perf_counter() - begin) * 1000


class ControlPlane:
    def __init__(self, bench):
        self.bench, self.seconds = bench, bench.arguments.seconds

    def measure(self):
        folder = self.bench.work / "control-plane"
        folder.mkdir()
        with load_stack(self.bench.bin)(folder) as stack:
            self.stack, self.client = stack, Client(stack)
            self.project, self.environment = stack.home, "development"
            self.create_flags(1000)
            self.measure_writes(p50=5, p99=40)
            self.measure_reads()
            self.measure_threads()
            self.measure_sign_ins()
            ingest.measure(self.bench, self)
            self.measure_relays(1000)  # before what leaves freed memory to the program, which streams would use
            self.measure_segment()
            self.enter_large_project()
            self.create_flags(10_000)
            self.client.call("POST", f"{self.project}/environments", {"key": self.environment})
            self.measure_writes(p50=15)

    # A token lasts ten minutes.
    def renew(self):
        self.stack.admin.login(self.stack.email)

    def create_flags(self, count):
        self.bench.note(f"  creating {count} flags")
        for number in range(count):
            if number % 1000 == 0:
                self.renew()
            self.client.call("POST", f"{self.project}/flags", {"key": f"bench-{number:05}", "type": "boolean"})
        self.flags = count
        self.renew()

    def enter_large_project(self):
        """One without environments: flags that are in none are not published one by one."""
        projects = self.stack.home.rsplit("/", 1)[0]
        self.project, self.environment = f"{projects}/large", "only"
        self.renew()
        self.client.call("POST", projects, {"key": "large"})
        for key in ("development", "staging", "production"):
            path = f"{self.project}/environments/{key}"
            etag = self.client.call("GET", path)[0]["ETag"]
            self.client.call("DELETE", f"{path}?confirm={key}", **{"If-Match": etag})

    def write(self, number, on, client=None):
        path = f"{self.project}/flags/bench-{number % self.flags:05}/environments/{self.environment}"
        body = {"instructions": [{"kind": "turn_on" if on else "turn_off"}]}
        return (client or self.client).timed("PATCH", path, body, INSTRUCTIONS)

    def write_times(self, seconds, first=0):
        """Of flags that are off, each once; turned off again outside the measurement."""
        times, end = [], time.monotonic() + seconds
        while time.monotonic() < end and len(times) < self.flags:
            times.append(self.write(first + len(times), True))
        for number in range(len(times)):
            self.write(first + number, False)
        return times

    def flush_time(self):
        """What the disk takes for a commit: the median of flushes of 8 KiB beside the database, in milliseconds."""
        times = []
        with open(self.bench.work / "flushed", "wb", buffering=0) as file:
            for _ in range(100):
                file.write(os.urandom(8192))
                begin = time.perf_counter()
                os.fdatasync(file.fileno())
                times.append((time.perf_counter() - begin) * 1000)
        return percentile(times, 0.50)

    def measure_writes(self, p50, p99=None):
        times = self.write_times(self.seconds)
        name = f"flag write (validate, compile, sign, commit), {self.flags:,} flags, {len(times):,} writes"
        median, slow = percentile(times, 0.50), percentile(times, 0.99)
        figure = f"{median:.1f} ms (a flush of the disk alone: {self.flush_time():.1f})"
        self.bench.row(f"{name}, p50", figure, f"{p50} ms", median <= p50)
        if p99:
            self.bench.row("the same, p99", f"{slow:.1f} ms", f"{p99} ms", slow <= p99)

    # -- Reads -----------------------------------------------------------------------------------------------------

    def wrk(self, path, etag=None, service=None, core=None):
        script = self.bench.work / "get.lua"
        lines = [f'wrk.headers["Authorization"] = "Bearer {self.stack.admin.token}"']
        if etag:
            lines.append(f"wrk.headers[\"If-None-Match\"] = '{etag}'")
        lines.append('done = function(s) local e = s.errors io.write(string.format("RATE %f BAD %d\\n", '
                     "s.requests / s.duration * 1e6, e.connect + e.read + e.write + e.status + e.timeout)) end")
        script.write_text("\n".join(lines) + "\n")
        command = ["taskset", "-c", core or self.bench.load_core, "wrk", "-t1", "-c16", f"-d{self.seconds}s", "-s", str(script),
                   f"{(service or self.stack.control).url}/api/v1{path}"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rate, bad = re.search(r"RATE ([\d.]+) BAD (\d+)", out).groups()
        if int(bad) > 0:
            sys.exit(f"bench: {bad} failed requests to {path}\n{out}")
        return float(rate)

    @contextlib.contextmanager
    def on_one_core(self):
        """The control plane and its database."""
        pids = [self.stack.control.process.process.pid, *descendants(self.stack.control.process.process.pid)]
        pids += postgres_of(self.stack.dir)
        every = ",".join(map(str, sorted(os.sched_getaffinity(0))))
        for pid in set(pids):
            subprocess.run(["taskset", "-a", "-cp", self.bench.server_core, str(pid)], capture_output=True)
        try:
            yield
        finally:
            for pid in set(pids):
                subprocess.run(["taskset", "-a", "-cp", every, str(pid)], capture_output=True)

    def measure_reads(self):
        self.renew()
        path = f"{self.stack.home}/flags/bench-00000/environments/development"
        etag = self.client.call("GET", path)[0]["ETag"]
        with self.on_one_core():
            rounds = range(self.bench.arguments.rounds)
            reads = statistics.median(self.wrk(path, etag) for _ in rounds)
            lists = statistics.median(self.wrk(f"{self.stack.home}/flags?limit=100") for _ in rounds)
        self.bench.row("reads with ETag, one core with the database", f"{reads:,.0f}/s", "8,000/s", reads >= 8000)
        self.bench.row("lists of 100 flags, one core with the database", f"{lists:,.0f}/s", "700/s", lists >= 700)

    def measure_threads(self):
        self.renew()
        path = f"{self.stack.home}/flags/bench-00000/environments/development"
        etag = self.client.call("GET", path)[0]["ETag"]
        every = ",".join(map(str, sorted(os.sched_getaffinity(0))))
        services = {threads: self.stack.add_control_plane(f"threads-{threads}", "--threads", str(threads)) for threads in (1, 2)}
        rates = {threads: [] for threads in services}
        try:
            for service in services.values():
                service.start()
            for _ in range(self.bench.arguments.rounds):
                for threads, service in services.items():
                    rates[threads].append(self.wrk(path, etag, service, every))
        finally:
            for service in services.values():
                service.process.stop()
        one, two = (statistics.median(rates[threads]) for threads in (1, 2))
        cores = len(os.sched_getaffinity(0))
        name = f"reads with ETag, two threads against one, {cores} cores shared with wrk and the database"
        self.bench.row(name, f"{two / one:.2f}, {two:,.0f}/s", "1.1", two >= 1.1 * one)

    # -- Sign-ins --------------------------------------------------------------------------------------------------

    def measure_sign_ins(self):
        """Writes with and without four clients that sign in without a pause."""
        self.renew()
        alone = percentile(self.write_times(self.seconds), 0.50)
        stop, done = threading.Event(), []
        body = {"email": self.stack.email, "password": "correct horse battery staple 42"}

        def sign_in():
            client = Client(self.stack)
            while not stop.is_set():
                client.call("POST", "/auth/login", body, expect=(200, 429, 503))
                done.append(1)

        threads = [threading.Thread(target=sign_in) for _ in range(4)]
        for thread in threads:
            thread.start()
        beside = percentile(self.write_times(self.seconds, first=500), 0.50)
        stop.set()
        for thread in threads:
            thread.join()
        self.bench.row(f"flag write beside sign-ins without a pause ({len(done)} in the meantime), p50; alone {alone:.1f} ms",
                       f"{beside:.1f} ms", "1.5 times", beside <= 1.5 * alone)

    # -- Segments --------------------------------------------------------------------------------------------------

    def measure_segment(self):
        self.renew()
        home = f"{self.stack.home}/segments"
        self.client.call("POST", home, {"key": "large"})
        members = f"{home}/large/environments/development/members"
        lines = "".join(f"u{number * 7919:08x}@x.org\n" for number in range(LIST_VALUES - 100))
        size = self.client.timed("POST", f"{members}?mode=replace", lines.encode(), "text/plain")
        self.bench.note(f"  {LIST_VALUES:,} values in a file of {len(lines):,} bytes: {size:.0f} ms")
        forms = {"added and removed in turn": ("PATCH", members, "application/json"),
                 "the same by instructions": ("PATCH", members.removesuffix("/members"), INSTRUCTIONS)}
        for name, (method, path, kind) in forms.items():
            times, end = [], time.monotonic() + self.seconds
            while time.monotonic() < end:
                values = [f"new-{value}" for value in range(10)]
                is_addition = len(times) % 2 == 0
                body = {"add" if is_addition else "remove": values}
                if kind == INSTRUCTIONS:
                    body = {"instructions": [{"kind": "add_included" if is_addition else "remove_included", "values": values}]}
                times.append(self.client.timed(method, path, body, kind))
            median = percentile(times, 0.50)
            self.bench.row(f"edit of ten values in a segment of {LIST_VALUES:,}, {name}, {len(times)} edits, p50",
                           f"{median:.0f} ms", "100 ms", median <= 100)
        self.client.call("PATCH", members.removesuffix("/members"), {"included": []}, "application/merge-patch+json")

    # -- Relays ----------------------------------------------------------------------------------------------------

    def measure_relays(self, count):
        """Streams as relays hold them, and a change that all of them get."""
        self.renew()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * count + 100)), hard))
        key = self.stack.create_key("relay")
        before = self.resident()
        request = (f"GET /relay/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:{self.stack.control.port}\r\n"
                   f"Authorization: Bearer {key}\r\nFanion-Have: {self.version()}\r\n\r\n").encode()
        with contextlib.ExitStack() as open_streams:
            streams = []
            for _ in range(count):
                peer = open_streams.enter_context(socket.create_connection(("127.0.0.1", self.stack.control.port), 30))
                peer.sendall(request)
                streams.append(peer)
            wait_for_bytes(streams, b"\r\n\r\n", 30)
            time.sleep(2)
            cost = self.resident() - before
            reached = self.reach(streams)
        # What was freed before may have been given back in the meantime; then the difference says nothing.
        is_held = cost <= 64 if cost > 0 else None
        self.bench.row(f"memory of a replica for {count:,} connected relays", f"{cost:.1f} MiB", "64 MiB", is_held)
        self.bench.row(f"a change reaches {count:,} relays", f"{reached:.2f} s", "1 s", reached <= 1)

    def version(self):
        place = json.loads(self.client.call("GET", f"{self.stack.home}/environments/development")[1])
        return f"{place['env_id']}={place['ruleset_version']}"

    def resident(self):
        status = pathlib.Path(f"/proc/{self.stack.control.process.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024

    def reach(self, streams):
        """Seconds from before the request of a change until every stream has brought it."""
        times = []
        for turn in range(5):
            drain(streams)
            begin = time.perf_counter()
            writer = threading.Thread(target=self.write, args=(turn // 2, turn % 2 == 0, Client(self.stack)))
            writer.start()
            wait_for_bytes(streams, b"event: patch", 30)
            times.append(time.perf_counter() - begin)
            writer.join()
        return max(times)


def descendants(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *descendants(child)]
    return found


def postgres_of(folder):
    """The processes of the embedded cluster, which is no child of the program."""
    found = []
    for file in (pathlib.Path(folder) / "pg").rglob("postmaster.pid"):
        pid = int(file.read_text().split("\n", 1)[0])
        found += [pid, *descendants(pid)]
    return found


def drain(streams):
    for peer in streams:
        peer.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while peer.recv(65536):
                pass


def wait_for_bytes(streams, wanted, seconds):
    """Until `wanted` has come on every stream."""
    tails = {peer: b"" for peer in streams}
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as ready:
        for peer in streams:
            peer.setblocking(False)
            ready.register(peer, selectors.EVENT_READ)
        while tails:
            if time.monotonic() > end:
                sys.exit(f"bench: {len(tails)} streams did not bring {wanted!r}")
            for event, _ in ready.select(1):
                peer = event.fileobj
                data = peer.recv(65536)
                if not data:
                    sys.exit("bench: a stream ended")
                tails[peer] = (tails[peer] + data)[-200_000:]
                if wanted in tails[peer]:
                    ready.unregister(peer)
                    del tails[peer]


def measure(bench):
    ControlPlane(bench).measure()
