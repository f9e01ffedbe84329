"""Calls whose responses are validated against an OpenAPI document."""
import json
import pathlib
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from document import Document  # noqa: E402
from support.processes import Answer, http  # noqa: E402
from support.stack import Stack  # noqa: E402


class FirstEvent:
    """The response of a stream up to its first event with data. It stays open until closed."""

    def __init__(self, url, credential=None):
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        try:
            self.reply = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30)
        except urllib.error.HTTPError as refusal:
            self.reply = refusal
            self.answer = Answer(refusal.code, refusal.headers, refusal.read())
            return
        lines = b""
        while not lines.endswith(b"\n\n") or b"data:" not in lines:
            lines += self.reply.readline()
        self.answer = Answer(self.reply.status, self.reply.headers, lines)

    def close(self):
        self.reply.close()


class JudgedTest(unittest.TestCase):
    """Starts the programs once for all of its tests: cls.stack, and cls.document, given by `document_name`."""

    maxDiff = None
    document_name = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="fanion-")
        cls.addClassCleanup(folder.cleanup)
        cls.stack = cls.enterClassContext(Stack(pathlib.Path(folder.name)))
        cls.document = Document(cls.document_name)
        cls.judged = Judged(cls.document, cls.stack.control.url)

    def end(self):
        faults, self.judged.faults = self.judged.faults, []
        self.assertEqual(faults, [])


class Judged:
    """The address of a service and the document it must conform to. Collects violations."""

    def __init__(self, document, url):
        self.document, self.url, self.faults = document, url, []

    def call(self, method, target, body=None, expect=None, credential=None, headers=None, url=None):
        """`body`: a JSON value, or bytes. `expect`: a status, or several."""
        path, _, query = target.partition("?")
        operation = self.document.find(method, path)
        assert operation is not None, f"{method} {path} is not in the document"
        headers = dict(headers or {})
        if credential:
            headers["Authorization"] = f"Bearer {credential}"
        answer = http(method.upper(), (url or self.url) + target, body, headers)
        assert answer is not None, f"{operation}: no answer"
        found = self.document.judge(operation, answer)
        if answer.status < 300 and not isinstance(body, bytes):
            kind = headers.get("Content-Type", "application/json")
            found += self.document.judge_request(operation, dict(urllib.parse.parse_qsl(query)), body, kind)
        wanted = (expect,) if isinstance(expect, int) else expect
        if wanted and answer.status not in wanted:
            found.append(f"status {answer.status} instead of {expect}: {answer.body[:300].decode(errors='replace')}")
        self.faults += [f"{method.upper()} {target} -> {answer.status}: {fault}" for fault in found]
        return answer

    def json(self, method, target, body=None, expect=200, **more):
        return json.loads(self.call(method, target, body, expect, **more).body)

    def untried(self, is_success=lambda status: status < 400):
        return [str(o) for o in self.document.operations.values() if not any(is_success(status) for status in o.seen)]
