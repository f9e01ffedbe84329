"""TLS from an application to a relay and from the relay to a control plane, with a private authority; proxies and Unix sockets."""
import asyncio
import base64
import contextlib
import http.client
import json
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import pytest

from support.processes import wait_for
from support.stack import Stack

FAILED = 'fanion_http_tls_handshakes_failed_total{{server="public",reason="{}"}}'
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """An authority, and what it issues, in files."""

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.dir.mkdir()
        self.ca = self.dir / "ca.pem"
        self._openssl("req", "-x509", *EC, "-days", "2", "-subj", "/CN=authority", "-keyout", self.dir / "ca.key", "-out", self.ca)

    def issue(self, name, days=2):
        """The paths of a certificate and its key, which are replaced if they are there."""
        key, request, certificate = (self.dir / f"{name}.{end}" for end in ("key", "csr", "pem"))
        extension = self.dir / "extension"
        extension.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._openssl("req", *EC, "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.dir / "ca.key", "-CAcreateserial",
                      "-days", days, "-extfile", extension, "-out", certificate)
        return certificate, key

    def context(self, own=None):
        context = ssl.create_default_context(cafile=self.ca)
        if own:
            context.load_cert_chain(*own)
        return context

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


class Proxy:
    """A CONNECT proxy that asks for credentials and notes what it was asked for."""

    def __init__(self, credentials):
        self.wanted = b"Basic " + base64.b64encode(credentials.encode())
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.targets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self.listener.accept()[0],), daemon=True).start()

    def _serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        line, *headers = head.split(b"\r\n")
        if b"Proxy-Authorization: " + self.wanted not in headers:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            client.close()
            return
        target = line.split(b" ")[1].decode()
        self.targets.append(target)
        server = socket.create_connection(target.rsplit(":", 1))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self._copy, args=(server, client), daemon=True).start()
        self._copy(client, server)

    @staticmethod
    def _copy(source, sink):
        with contextlib.suppress(OSError):
            while received := source.recv(65536):
                sink.sendall(received)
            sink.shutdown(socket.SHUT_WR)


class TlsFront:
    """TLS before a proxy's port."""

    def __init__(self, files, port):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        self.behind, self.loop = port, asyncio.new_event_loop()
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        self.port = server.sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def _serve(self, reader, writer):
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self.behind)
        await asyncio.gather(self._copy(reader, behind_writer), self._copy(behind_reader, writer))

    @staticmethod
    async def _copy(source, sink):
        with contextlib.suppress(OSError):
            while received := await source.read(65536):
                sink.write(received)
                await sink.drain()
            sink.close()


class Scene:
    """A stack whose second control plane has TLS and asks for certificates, with a flag and a key of an application."""

    def __init__(self, stack, authority):
        self.stack, self.authority = stack, authority
        certificate, key = authority.issue("control")
        self.control = stack.add_control_plane("control-tls", "--tls-cert", certificate, "--tls-key", key, "--client-ca", authority.ca)
        self.control.url = f"https://localhost:{self.control.port}"
        self.control.start()
        stack.create_flag("banner")
        stack.configure("banner", {"enabled": True})
        self.key = stack.create_key("server")

    def upstream(self):
        certificate, key = self.authority.issue("relay-client")
        return ("--upstream-ca-file", self.authority.ca, "--upstream-cert", certificate, "--upstream-key", key)

    def add_relay(self, name, *options):
        relay = self.stack.add_relay(name, [self.control], options=options)
        relay.url = f"https://localhost:{relay.port}"
        return relay

    def ask(self, connection):
        connection.request("POST", "/ofrep/v1/evaluate/flags/banner", json.dumps({"context": {"targetingKey": "a"}}),
                           {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        reply = connection.getresponse()
        body = json.loads(reply.read())
        assert reply.status == 200, body
        return body["key"]


@pytest.fixture
def scene():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory) as stack:
        yield Scene(stack, Authority(directory / "authority"))
    shutil.rmtree(directory, ignore_errors=True)


def shown(connection):
    return connection.sock.getpeercert()["serialNumber"]


def test_certificates_on_both_ways(scene, monkeypatch):
    certificate, key = scene.authority.issue("relay")
    relay = scene.add_relay("relay-1", *scene.upstream(), "--tls-cert", certificate, "--tls-key", key).start()
    connection = http.client.HTTPSConnection("localhost", relay.port, context=scene.authority.context(), timeout=60)
    assert scene.ask(connection) == "banner"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(scene.authority.ca))
    monkeypatch.setenv("SSL_CERT_FILE", str(scene.authority.ca))
    client = scene.stack.client("python", relay, scene.key)
    assert client.ask("boolean", "banner", False)["reason"] != "ERROR"

    plain = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=60)
    plain.request("GET", "/ofrep/v1/configuration")
    reply = plain.getresponse()
    assert reply.status == 400 and b"https" in reply.read()
    assert relay.metrics()[FAILED.format("plain_http")] == 1


def test_a_relay_without_a_certificate_is_kept_out(scene):
    scene.add_relay("relay-1", "--upstream-ca-file", scene.authority.ca).start(ready=False)
    wait_for(lambda: scene.control.metrics()[FAILED.format("client_certificate")] > 0, "the relay is refused")
    relay = scene.add_relay("relay-2", *scene.upstream()).start()
    assert relay.status()["ready"]


def test_a_certificate_that_has_expired_does_not_prevent_a_start(scene):
    certificate, key = scene.authority.issue("relay", days=-1)
    relay = scene.add_relay("relay-1", *scene.upstream(), "--tls-cert", certificate, "--tls-key", key).start()
    assert '"certificate_expired"' in relay.process.log.read_text()
    assert relay.metrics()['fanion_http_tls_certificate_expires_seconds{server="public"}'] < time.time()
    unverified = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("localhost", relay.port, context=unverified, timeout=60)
    assert scene.ask(connection) == "banner"

    def is_trusted():
        with contextlib.suppress(OSError):
            verified = http.client.HTTPSConnection("localhost", relay.port, context=scene.authority.context(), timeout=60)
            return scene.ask(verified) == "banner"
        return False
    assert not is_trusted()
    scene.authority.issue("relay")
    wait_for(is_trusted, "the new certificate is shown")


def test_new_certificates_and_bad_ones(scene):
    certificate, key = scene.authority.issue("relay")
    relay = scene.add_relay("relay-1", *scene.upstream(), "--tls-cert", certificate, "--tls-key", key).start()

    def connect():
        connection = http.client.HTTPSConnection("localhost", relay.port, context=scene.authority.context(), timeout=60)
        scene.ask(connection)
        return connection

    old = connect()
    before = shown(old)
    scene.authority.issue("relay")
    wait_for(lambda: shown(connect()) != before, "the new certificate is shown")
    assert scene.ask(old) == "banner" and shown(old) == before
    now = shown(connect())

    certificate.write_text("not a certificate\n")
    wait_for(lambda: relay.metrics()["fanion_tls_reload_failures_total"] == 1, "the bad file is counted")
    assert "certificates_refused" in relay.process.tail() and str(certificate) in relay.process.tail()
    relay.process.process.send_signal(signal.SIGHUP)
    wait_for(lambda: relay.metrics()["fanion_tls_reload_failures_total"] == 2, "and at SIGHUP")
    assert shown(connect()) == now and scene.ask(old) == "banner"

    scene.authority.issue("relay")
    relay.process.process.send_signal(signal.SIGHUP)
    wait_for(lambda: shown(connect()) != now, "a good one is shown again")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_relay_behind_a_proxy(scene, scheme):
    proxy = Proxy("user:p@ss")
    port = TlsFront(scene.authority.issue("proxy"), proxy.port).port if scheme == "https" else proxy.port
    relay = scene.add_relay("relay-1", *scene.upstream())
    relay.process.env = {"HTTPS_PROXY": f"{scheme}://user:p%40ss@127.0.0.1:{port}", "NO_PROXY": "elsewhere.example"}
    relay.start()
    assert proxy.targets and set(proxy.targets) == {f"localhost:{scene.control.port}"}
    assert "p@ss" not in relay.process.tail() and "p%40ss" not in relay.process.tail()
    proxy.close()


def test_a_relay_on_a_unix_socket(scene):
    path = scene.stack.dir / "relay.sock"
    relay = scene.add_relay("relay-1", *scene.upstream())
    relay.process.command += ["--listen", f"unix:{path}", "--socket-mode", "600"]
    relay.start()
    assert path.stat().st_mode & 0o777 == 0o600
    connection = http.client.HTTPConnection("relay", timeout=60)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(path))
    assert scene.ask(connection) == "banner"
    relay.process.kill()
    assert path.exists()
    relay.start()
    assert relay.process.stop() == 0
    assert not path.exists()
