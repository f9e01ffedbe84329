"""What a request costs a relay beside bare Beast, and what it keeps in memory."""
import pathlib
import re
import socket
import time

import servers


class Serving:
    def __init__(self, bench):
        self.bench, self.bin, self.work = bench, bench.bin, bench.work

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
