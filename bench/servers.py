"""Servers that a benchmark starts, and one request to them over a socket of its own."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

CONTEXT = ('{"context":{"targetingKey":"user-8f14e45f","country":"SE","plan":"enterprise","email":"kim@example.com",'
           '"app":{"version":"2.4.1"}}}')
SINGLE = "/ofrep/v1/evaluate/flags/bench-0050"
BULK = "/ofrep/v1/evaluate/flags"
EVENTS = "/sdk/v1/events"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"bench: a server ended at its start: {process.args}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"bench: nothing answers at port {port}")


@contextlib.contextmanager
def running(command, port, log):
    with open(log, "ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        wait_for_port(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Answer:
    """One POST over a socket of its own, as bytes."""

    def __init__(self, port, path, key):
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            peer.sendall(request_bytes(port, path, key))
            self.head, self.body = read_answer(peer)
        self.status = int(self.head.split(b" ", 2)[1])


def request_bytes(port, path, key):
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {key}\r\nContent-Length: {len(CONTEXT)}\r\n\r\n{CONTEXT}").encode()


def read_answer(peer):
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            sys.exit("bench: a server closed the connection")
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"content-length: *(\d+)", head, re.I).group(1))
    while len(body) < length:
        body += peer.recv(65536)
    return head, body


def make_cache(programs, work, flags):
    """A relay's cache with that many flags: its directory and a server key."""
    directory = work / f"flags-{flags}"
    if directory.exists():
        shutil.rmtree(directory)
    key = subprocess.run([programs / "make_ruleset", directory, str(flags)], check=True, capture_output=True, text=True)
    return directory, key.stdout.strip()


def relay_command(programs, directory, port, operators=None, upstream="http://127.0.0.1:9", threads=1):
    """A relay from its cache, with nobody upstream unless given, and limits out of the way."""
    return [str(programs / "fanion-relay"), "--listen", f"127.0.0.1:{port}",
            "--operators-listen", f"127.0.0.1:{operators or free_port()}",
            "--upstream", upstream, "--upstream-idle", "600000", "--key-file", str(directory / "relay.key"),
            "--trust", str(directory / "trust.json"), "--cache-dir", str(directory / "cache"), "--threads", str(threads),
            "--key-rate", "10000000", "--total-rate", "10000000", "--streams", "100000", "--streams-per-key", "100000",
            "--connections", "100000", "--drain-delay", "0"]


def tls_options(work):
    """Of a relay that serves over TLS, with a certificate of its own."""
    certificate, key = work / "tls.pem", work / "tls.key"
    if not certificate.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key],
                       check=True, capture_output=True)
    return ["--tls-cert", str(certificate), "--tls-key", str(key)]


def processor_seconds(pid):
    """Of all its threads so far, in steps of a hundredth of a second."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def nginx_command(work, port, body):
    """nginx with one worker that answers everything with `body`."""
    prefix = work / "nginx"
    prefix.mkdir(exist_ok=True)
    quoted = body.decode().replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    (prefix / "nginx.conf").write_text(f"""
worker_processes 1;
daemon off;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {prefix}; proxy_temp_path {prefix}; fastcgi_temp_path {prefix};
  uwsgi_temp_path {prefix}; scgi_temp_path {prefix};
  default_type application/json;
  geo $dollar {{ default "$"; }}
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "{quoted}"; }} }}
}}
""")
    return ["nginx", "-p", str(prefix), "-c", str(prefix / "nginx.conf")]
