"""What a relay serves beside nginx and bare Beast, and what it keeps in memory."""
import json
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time

import servers

CONNECTIONS = 32


class Serving:
    def __init__(self, bench):
        self.bench, self.bin, self.work = bench, bench.bin, bench.work

    def wrk(self, port, path, key, body=servers.CONTEXT):
        script = self.work / "post.lua"
        script.write_text(f"""
wrk.method = "POST"
wrk.body = '{body}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {key}"
done = function(summary)
  local e = summary.errors
  io.write(string.format("RATE %f BAD %d\\n", summary.requests / summary.duration * 1e6,
                         e.connect + e.read + e.write + e.status + e.timeout))
end
""")
        command = ["taskset", "-c", self.bench.load_core, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{self.bench.arguments.seconds}s",
                   "-s", str(script), f"http://127.0.0.1:{port}{path}"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rate, bad = re.search(r"RATE ([\d.]+) BAD (\d+)", out).groups()
        if int(bad) > 0:
            sys.exit(f"bench: {bad} failed requests\n{out}")
        return float(rate)

    def pinned(self, command):
        return ["taskset", "-c", self.bench.server_core] + command

    def measure_load(self):
        self.bench.note("load: relay and nginx in turn")
        directory, key = servers.make_cache(self.bin, self.work, 100)
        port = servers.free_port()
        with servers.running(self.pinned(servers.relay_command(self.bin, directory, port)), port, self.bench.log):
            single, bulk = servers.Answer(port, servers.SINGLE, key), servers.Answer(port, servers.BULK, key)
            assert single.status == 200 and bulk.status == 200, (single.body, bulk.body)
        rates = {"relay single": [], "relay bulk": [], "nginx": []}
        for number in range(self.bench.arguments.rounds):
            port = servers.free_port()
            with servers.running(self.pinned(servers.relay_command(self.bin, directory, port)), port, self.bench.log):
                rates["relay single"].append(self.wrk(port, servers.SINGLE, key))
                rates["relay bulk"].append(self.wrk(port, servers.BULK, key))
            port = servers.free_port()
            with servers.running(self.pinned(servers.nginx_command(self.work, port, single.body)), port, self.bench.log):
                rates["nginx"].append(self.wrk(port, servers.SINGLE, key))
            self.bench.note("  round %d: " % (number + 1) + ", ".join(f"{name} {values[-1]:,.0f}/s" for name, values in rates.items()))
        median = {name: statistics.median(values) for name, values in rates.items()}
        nginx = median["nginx"]
        self.bench.row(f"OFREP single, one thread, {CONNECTIONS} connections, {len(single.body)} bytes (nginx `return 200`: {nginx:,.0f}/s)",
                       f"{median['relay single']:,.0f}/s, {median['relay single'] / nginx:.2f} of nginx", "0.80 of nginx",
                       median["relay single"] >= 0.8 * nginx)
        self.bench.row(f"OFREP bulk of 100 flags, {len(bulk.body):,} bytes",
                       f"{median['relay bulk']:,.0f}/s, {median['relay bulk'] / nginx:.2f} of nginx", "0.15 of nginx",
                       median["relay bulk"] >= 0.15 * nginx)

    def measure_events(self):
        """Without a control plane: the spool keeps what it has room for."""
        self.bench.note("load: events from SDKs")
        directory, key = servers.make_cache(self.bin, self.work, 100)
        exposures = [{"flag": "bench-0050", "variation": "on", "version": 1, "unit": f"user-{number:08}", "at": 1763720000000}
                     for number in range(100)]
        body = json.dumps({"exposures": exposures}, separators=(",", ":"))
        rates = []
        for _ in range(self.bench.arguments.rounds):
            port = servers.free_port()
            with servers.running(self.pinned(servers.relay_command(self.bin, directory, port)), port, self.bench.log):
                rates.append(self.wrk(port, servers.EVENTS, key, body))
            self.bench.note(f"  {rates[-1]:,.0f}/s")
        rate = statistics.median(rates)
        self.bench.row(f"requests with 100 exposures, {len(body):,} bytes, one core", f"{rate:,.0f}/s", "5,000/s", rate >= 5000)

    def instructions_per_request(self, make_command, key, path):
        def once(requests):
            port = servers.free_port()

            def drive():
                with socket.create_connection(("127.0.0.1", port), 60) as peer:
                    data = servers.request_bytes(port, path, key)
                    for _ in range(requests):
                        peer.sendall(data)
                        servers.read_answer(peer)
            return self.bench.callgrind(make_command(port), drive, port)
        few, many = 1000, 9000
        return (once(many) - once(few)) / (many - few)

    def measure_instructions(self):
        self.bench.note("instructions per request: relay and bare Beast under callgrind")
        directory, key = servers.make_cache(self.bin, self.work, 100)
        port = servers.free_port()
        with servers.running(servers.relay_command(self.bin, directory, port), port, self.bench.log):
            size = len(servers.Answer(port, servers.SINGLE, key).body)
        relay = self.instructions_per_request(lambda p: servers.relay_command(self.bin, directory, p), key, servers.SINGLE)
        beast = self.instructions_per_request(lambda p: [str(self.bin / "beast_constant"), str(p), str(size)], key, servers.SINGLE)
        self.bench.row(f"instructions per OFREP single request (bare Beast coroutine server, constant answer: {beast:,.0f})",
                       f"{relay:,.0f}, {relay / beast:.2f} times Beast", "1.40 times Beast", relay <= 1.4 * beast)

    def measure_memory(self):
        self.bench.note("memory at rest")
        directory, key = servers.make_cache(self.bin, self.work, 1000)
        port = servers.free_port()
        with servers.running(servers.relay_command(self.bin, directory, port), port, self.bench.log) as process:
            assert servers.Answer(port, servers.SINGLE, key).status == 200
            time.sleep(2)
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024
        self.bench.row("relay at rest, 1,000 flags, one thread", f"{resident:.1f} MiB resident", "40 MiB", resident <= 40)
