"""Segments, their lists and uploads."""

RULE = {"id": "r1", "when": {"op": "in_segment", "values": ["s"]}, "serve": {"variation": "on"}}


class SegmentCalls:
    def segments(self):
        home = "/orgs/acme/projects/web/segments"
        alice = [{"attribute": "targetingKey", "values": ["alice"]}]
        self.call("post", home, {"key": "s", "name": "S", "description": "d", "environments": {"development": {"included": alice}}}, 201)
        self.call("post", home, {"key": "s2"}, 201)
        self.call("post", home, {"key": "s2"}, 409)
        self.call("post", home, {"key": "s4", "tags": ["beta"], "owner": "web-team"}, 201)
        self.call("get", home + "?tag=beta&owner=web-team&state=active&sort=-updated&total=true")
        self.call("get", home + "?state=gone", expect=400)
        self.changed("patch", home + "/s4", {"archived": True})
        self.changed("patch", home + "/s4", {"archived": False})
        self.call("post", home + "/s/clone?strict=false", {"key": "s5", "environments": ["development"]}, 201)
        self.call("post", home + "/s/clone?dry_run=true", {"key": "s6", "name": "S6"})
        self.call("post", home + "/s/clone", {"key": "s5"}, 409)
        page = self.text("get", home + "?limit=1&q=s")
        self.call("get", home + f"?q=s&cursor={page['next']}")
        self.call("get", home + f"?cursor={page['next']}", expect=400)  # of another search
        for what in ("/s", "/s/environments/development"):
            self.unchanged(home + what)
            self.changed("put", home + what, self.text("get", home + what))
        self.changed("patch", home + "/s", {"name": "changed"})
        self.changed("patch", home + "/s/environments/development", {"excluded": alice})
        self.other_forms(home + "/s", [{"op": "replace", "path": "/name", "value": "p"}], [{"kind": "set_name", "name": "q"}, {"kind": "add_tags", "tags": ["x"]}, {"kind": "remove_tags", "tags": ["x"]},
                          {"kind": "set_owner", "owner": "me"}, {"kind": "restore"}])
        self.other_forms(home + "/s/environments/development", [{"op": "remove", "path": "/excluded/0"}],
                         [{"kind": "add_included", "values": ["bob"]}, {"kind": "add_rule", "when": "country is 'DE'"}])
        flag = "/orgs/acme/projects/web/flags/f/environments/development"
        self.changed("patch", flag, {"enabled": True, "rules": [RULE]})
        self.tried(home, {"key": "s3"}, "/s", {"name": "tried"})
        self.lists(home + "/s/environments/development")
        self.call("delete", home + "/s", expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", home + "/s", expect=409, headers={"If-Match": "*"})  # the flag refers to it

    def lists(self, config):
        lines, csv, stale = {"Content-Type": "text/plain"}, {"Content-Type": "text/csv"}, {"If-Match": '"999999"'}
        members = config + "/members"
        self.unchanged(members)
        self.call("get", members + "?list=included&attribute=targetingKey&q=b&limit=1")
        self.call("get", members + "?list=all", expect=400)
        self.call("patch", members, {"add": ["cid"], "remove": ["nobody"]})
        self.call("patch", members + "?list=excluded&attribute=email&dry_run=true&strict=true", {"add": ["dan"]})
        self.call("patch", members, {"add": ["eve"]}, 412, headers=stale)
        self.call("patch", members, {}, 400)
        self.call("post", members + "?mode=add&attribute=email&column=mail", b"id,mail\r\n1,a@example.com\r\n", headers=csv)
        self.call("post", members + "?mode=replace&dry_run=true", b"bob\nfay\n", headers=lines)
        self.call("post", members + "?mode=remove", b"fay\n", 412, headers={**lines, **stale})
        self.call("post", members + "?mode=remove&strict=true&list=excluded", b"", 400, headers=lines)
        self.call("post", members + "?mode=add", {"add": []}, 415)
        uploads = members + "/uploads"
        upload = uploads + "/" + self.text("post", uploads, {"format": "lines"}, 201)["id"]
        self.call("post", uploads, {"format": "xml"}, 400)
        self.call("post", upload + "/apply?mode=add", expect=409)
        self.call("put", upload + "/parts/1", b"gus\n", headers=lines)
        self.call("put", upload + "/parts/1", b"gus\n", 415, headers=csv)
        self.call("put", upload + "/parts/99", b"gus\n", 400, headers=lines)
        self.call("get", upload)
        self.call("get", "/orgs/acme/uploads?limit=1")
        self.call("post", upload + "/apply?mode=add&list=included&attribute=targetingKey", expect=412, headers=stale)
        self.call("post", upload + "/apply?mode=add&dry_run=true&strict=true")
        self.call("post", upload + "/apply?mode=add")
        upload = uploads + "/" + self.text("post", uploads, {}, 201)["id"]
        self.call("delete", upload, expect=204)
        self.call("delete", upload, expect=404)
