"""The page /docs with Swagger UI as npm installs it: its files, and what a browser makes of them."""
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

import judged  # noqa: F401 puts `support` on the path

from support.processes import http
from support.stack import CLIENTS, Stack

PACKAGE = CLIENTS / "viewer/node_modules/swagger-ui-dist"
CHROMIUM = shutil.which("chromium")


class ViewedStack(Stack):
    options = (*Stack.options, "--api-viewer", PACKAGE)


class Viewer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        cls.addClassCleanup(folder.cleanup)
        cls.stack = cls.enterClassContext(ViewedStack(pathlib.Path(folder.name)))
        cls.url = cls.stack.control.url

    def test_the_files_are_those_of_the_package(self):
        for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
            whole = (PACKAGE / name).read_bytes()
            plain = http("GET", f"{self.url}/docs/{name}")
            self.assertEqual((plain.status, plain.body), (200, whole))
            packed = http("GET", f"{self.url}/docs/{name}", headers={"Accept-Encoding": "gzip"})
            if name.endswith(".png"):  # compressed already
                self.assertEqual((packed.headers["Content-Encoding"], packed.body), (None, whole))
            else:
                self.assertEqual((packed.headers["Content-Encoding"], gzip.decompress(packed.body)), ("gzip", whole))
                self.assertNotEqual(packed.headers["ETag"], plain.headers["ETag"])
            self.assertEqual(http("GET", f"{self.url}/docs/{name}", headers={"If-None-Match": plain.headers["ETag"]}).status, 304)

    def test_the_page_needs_no_credential_and_lets_nothing_in_from_elsewhere(self):
        page = http("GET", f"{self.url}/docs")
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        policy = page.headers["Content-Security-Policy"]
        self.assertTrue(policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; "), policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(re.findall(rb"<script[^>]*>[^<]+", page.body), [])

    @unittest.skipUnless(CHROMIUM, "no Chromium here")
    def test_a_browser_shows_the_operations_and_asks_nobody_else(self):
        with tempfile.TemporaryDirectory(prefix="fanion-") as profile:
            log = pathlib.Path(profile, "net.json")
            # No host but this one has an address, so nothing leaves even if the page asks.
            shown = subprocess.run(
                [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-component-update", "--no-first-run",
                 f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                 "--virtual-time-budget=60000", "--enable-logging=stderr", f"--log-net-log={log}", "--dump-dom",
                 f"{self.url}/docs#/flags"], capture_output=True, text=True, timeout=120, check=True)
            asked = requests_of_pages(log.read_text())
        self.assertIn("Fanion admin API", shown.stdout)
        text = re.sub("<[^>]*>|\u200b", "", shown.stdout)  # with places where a line may break
        self.assertIn("/api/v1/orgs/{org}/projects/{project}/flags/{flag}", text)
        self.assertNotIn("Content Security Policy", shown.stderr)
        self.assertEqual({urllib.parse.urlsplit(url).netloc for url in asked}, {urllib.parse.urlsplit(self.url).netloc})
        self.assertIn(f"{self.url}/openapi.json", asked)


def requests_of_pages(text):
    """The addresses that pages asked for. Chromium's own services are not of a page: they have no initiator."""
    log = json.loads(text if text.rstrip().endswith("}") else text.rstrip().rstrip(",") + "]}")
    found = [event["params"] for event in log["events"] if "url" in event.get("params", {}) and "initiator" in event["params"]]
    return {params["url"] for params in found if params["initiator"] != "not an origin"}


if __name__ == "__main__":
    unittest.main()
