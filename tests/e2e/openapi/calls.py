"""What the calls of all resources use."""
import json

from judged import JudgedTest

MERGE = {"Content-Type": "application/merge-patch+json"}
JSON_PATCH = {"Content-Type": "application/json-patch+json"}
INSTRUCTIONS = {"Content-Type": "application/vnd.fanion.instructions+json"}


class Calls(JudgedTest):
    def call(self, method, path, body=None, expect=200, **more):
        return self.judged.call(method, "/api/v1" + path, body, expect, **{"credential": self.stack.admin.token, **more})

    def text(self, method, path, body=None, expect=200, **more):
        return json.loads(self.call(method, path, body, expect, **more).body)

    def changed(self, method, path, body, **more):
        """A change of the current version, and one of an older version, which gets 412 with the current state."""
        kind = MERGE if method == "patch" else {}
        self.call(method, path, body, 412, headers={"If-Match": '"999999"', **kind})
        tag = self.call("get", path).headers["ETag"]
        return self.call(method, path, body, headers={"If-Match": tag, **kind}, **more)

    def unchanged(self, path):
        """The same request again gets 304."""
        self.call("get", path, expect=304, headers={"If-None-Match": self.call("get", path).headers["ETag"]})

    def other_forms(self, path, operations, instructions):
        """A change as JSON Patch and as instructions, each also with what is refused."""
        self.call("patch", path, operations, headers=JSON_PATCH)
        self.call("patch", path, [{"op": "test", "path": "/version", "value": 0}], 409, headers=JSON_PATCH)
        self.call("patch", path, [{"op": "remove", "path": "/nothing"}], 422, headers=JSON_PATCH)
        self.call("patch", path, {"comment": "why", "instructions": instructions}, headers={**INSTRUCTIONS, "If-Match": "*"})
        self.call("patch", path, {"instructions": [{"kind": "jump"}]}, 400, headers=INSTRUCTIONS)

    def tried(self, home, new, old, changed):
        """A dry run of every write, and the uses."""
        self.call("post", home + "?dry_run=true", new)
        for what in (old, old + "/environments/development"):
            self.call("put", home + what + "?dry_run=true", self.text("get", home + what))
        self.call("patch", home + old + "?dry_run=true&strict=true", changed, headers=MERGE)
        self.call("delete", home + old + "?dry_run=true", expect=(200, 409), headers={"If-Match": "*"})
        self.call("get", home + old + "/uses")
        self.call("get", home + old + "/uses?environment=development")
        self.call("get", home + old + "/uses?environment=nowhere", expect=404)
