"""Flags: definitions, configurations, clones and bulk changes."""
from calls import MERGE


class FlagCalls:
    def flags(self):
        home = "/orgs/acme/projects/web/flags"
        new = {"key": "f2", "type": "string", "name": "Two", "description": "d", "tags": ["t"], "owner": "o", "client": True,
               "track": True, "salt": "s", "variations": [{"key": "a", "value": "A"}, {"key": "b", "value": "B"}],
               "environments": {"staging": {"enabled": True, "fallthrough": {"variation": "b"}}}}
        self.call("post", home, new, 201)
        self.call("post", home, new, 409)
        self.call("post", home, {"key": "no good", "type": "boolean"}, 400)
        page = self.text("get", home + "?limit=1&q=f")
        self.call("get", home + f"?q=f&cursor={page['next']}")
        self.call("get", home + f"?cursor={page['next']}", expect=400)  # of another search
        self.call("get", home + "?cursor=junk", expect=400)
        for what in ("/f2", "/f2/environments/staging"):
            self.unchanged(home + what)
            self.changed("put", home + what, self.text("get", home + what))
        self.changed("patch", home + "/f2", {"description": "changed"})
        self.changed("patch", home + "/f2/environments/staging", {"enabled": False})
        self.other_forms(home + "/f2", [{"op": "replace", "path": "/owner", "value": "p"}],
                         [{"kind": "add_tags", "tags": ["u"]}, {"kind": "add_variation", "variation": "c", "value": "C"}])
        self.other_forms(home + "/f2/environments/staging", [{"op": "test", "path": "/enabled", "value": False}],
                         [{"kind": "add_rule", "id": "de", "when": "country is 'DE'", "serve": {"variation": "a"}, "at": 0},
                          {"kind": "set_weights", "rule": "de", "weights": [{"variation": "b", "weight": 12.5}], "otherwise": "next"}])
        self.tried(home, {"key": "f3", "type": "boolean"}, "/f2", {"owner": "tried"})
        self.call("get", home + "/f2/uses?variation=a")
        self.together(home)
        self.call("patch", home + "/f2/environments/production", {"enabled": True}, 428, headers=MERGE)
        self.call("patch", home + "/f2/environments/staging", {"fallthrough": {"variation": "zzz"}}, (400, 422), headers=MERGE)

    def together(self, home):
        """Clones, bulk changes, and repeated requests."""
        self.call("post", home + "/f2/clone", {"key": "f4", "name": "Four", "salt": "s4", "environments": ["staging"]}, 201)
        self.call("post", home + "/f2/clone", {"key": "f4"}, 409)
        self.call("post", home + "/f2/clone?dry_run=true", {"key": "f5"})
        bulk, tags = "/orgs/acme/projects/web/bulk", [{"kind": "add_tags", "tags": ["together"]}]
        body = {"comment": "why", "changes": [{"flags": ["f2", "f4"], "instructions": tags},
                                              {"flags": ["f4"], "environment": "staging", "instructions": [{"kind": "turn_on"}]}]}
        self.call("post", bulk + "?dry_run=true", body)
        repeated = {"headers": {"Idempotency-Key": "0123456789abcdef"}}
        self.call("post", bulk, body, **repeated)
        self.call("post", bulk, body, **repeated)
        self.call("post", bulk, {"changes": [{"flags": ["nothing"], "instructions": tags}]}, 422)
        stale = {"flags": ["f4"], "versions": {"f4": 999}, "instructions": tags}
        self.call("post", bulk, {"changes": [stale]}, 412)
        on = {"flags": ["f4"], "environment": "production", "instructions": [{"kind": "turn_on"}]}
        self.call("post", bulk, {"changes": [on]}, 428)
        made = {"key": "f6", "type": "boolean"}
        self.call("post", home, made, 201, headers={"Idempotency-Key": "f6-0123456789abcdef"})
        self.call("post", home, made, 201, headers={"Idempotency-Key": "f6-0123456789abcdef"})
        self.call("post", home, {**made, "key": "f7"}, 422, headers={"Idempotency-Key": "f6-0123456789abcdef"})
