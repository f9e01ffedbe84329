#!/usr/bin/env python3
"""`fanion audit` and a server that breaks off, or does not accept the token."""
import contextlib
import http.server
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

BIN = pathlib.Path(os.environ["FANION_BIN"]).resolve()
DONE, REFUSED, USAGE, UNREACHABLE, UNAUTHORIZED = range(5)  # docs/cli.md


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    chunks, is_whole, status = [], True, 200
    requests = []

    def do_GET(self):
        type(self).requests.append(self.path)
        self.send_response(self.status)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in self.chunks:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if self.is_whole:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


class Audit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)

    @contextlib.contextmanager
    def serving(self, chunks, is_whole=True, status=200):
        handler = type("Handler", (Server,), {"chunks": chunks, "is_whole": is_whole, "status": status, "requests": []})
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            self.url = f"http://127.0.0.1:{server.server_port}"
            try:
                yield handler
            finally:
                server.shutdown()
                thread.join()

    def fanion(self, *arguments, expect=DONE, stdin=b""):
        env = {"PATH": os.environ["PATH"], "XDG_CONFIG_HOME": str(self.home), "FANION_TOKEN": "fan_pat_x", "FANION_URL": self.url,
               "FANION_ORG": "acme"}
        done = subprocess.run([BIN / "fanion", *arguments], env=env, input=stdin, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, expect, (arguments, done.stdout, done.stderr))
        return (done.stdout + done.stderr).decode()

    def test_an_export_that_breaks_off_is_an_error_and_leaves_no_file(self):
        for form in ("csv", "ndjson"):
            with self.subTest(form), self.serving([b"seq,id\r\n", b"1,a\r\n"], is_whole=False):
                out = self.home / f"log.{form}"
                said = self.fanion("audit", "export", "--format", form, "--output", str(out), expect=UNREACHABLE)
                self.assertIn("before the response was complete", said)
                self.assertEqual(list(self.home.glob("log.*")), [])
                self.fanion("audit", "export", "--format", form, expect=UNREACHABLE)
        with self.serving([b"seq,id\r\n", b"1,a\r\n"]):
            self.fanion("audit", "export", "--format", "csv", "--output", str(self.home / "log.csv"))
            self.assertEqual((self.home / "log.csv").read_bytes(), b"seq,id\r\n1,a\r\n")

    def test_a_stream_does_not_renew_what_a_program_was_given(self):
        with self.serving([], status=401) as server:
            self.fanion("audit", "tail", expect=UNAUTHORIZED)
            self.fanion("audit", "export", expect=UNAUTHORIZED)
            self.assertEqual(server.requests, ["/api/v1/orgs/acme/events", "/api/v1/orgs/acme/audit/export?format=ndjson"])

    def test_a_file_without_lines_is_not_read_into_memory(self):
        self.url = "http://127.0.0.1:9"
        said = self.fanion("audit", "verify", "-", stdin=b"x" * 100_000_000, expect=REFUSED)
        self.assertIn("malformed", said)


if __name__ == "__main__":
    unittest.main()
