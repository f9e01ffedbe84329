"""The audit log, usage, and the stream of changes."""
from calls import MERGE
from judged import FirstEvent


class AuditCalls:
    def audit(self):
        made = self.text("post", "/orgs/acme/projects/web/flags", {"key": "audited", "type": "boolean"}, 201)
        self.call("patch", "/orgs/acme/projects/web/flags/audited", {"name": "A"}, headers=MERGE)
        self.assertEqual(made["key"], "audited")
        query = "action=flag.updated&project=web&text=audited&from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
        found = self.text("get", f"/orgs/acme/audit?{query}&actor={self.stack.email}")["items"]
        entry = f"/orgs/acme/audit/{found[0]['entry']['id']}"
        self.unchanged(entry)
        self.call("get", "/orgs/acme/audit?action=none", expect=400)
        self.call("post", f"{entry}/revert?dry_run=true")
        self.call("post", f"{entry}/revert?comment=why")
        self.call("post", f"{entry}/revert", expect=409)
        self.call("post", f"{entry}/revert", b"x", 415, headers={"Content-Type": "text/plain"})
        created = self.text("get", "/orgs/acme/audit?action=flag.created&text=flags/audited")["items"][0]["entry"]["id"]
        self.call("post", f"/orgs/acme/audit/{created}/revert", expect=409)  # it was changed since
        self.call("post", "/orgs/acme/projects/web/segments", {"key": "brief"}, 201)
        brief = self.text("get", "/orgs/acme/audit?limit=1")["items"][0]["entry"]["id"]
        self.call("post", f"/orgs/acme/audit/{brief}/revert", expect=204)
        self.call("get", "/orgs/acme/audit/export?project=web")
        self.call("get", "/orgs/acme/audit/export?format=csv")
        self.call("get", "/orgs/acme/audit/export?format=pdf", expect=400)
        self.call("get", "/orgs/acme/audit/verification")
        self.call("get", "/orgs/acme/audit/verification?after=x", expect=400)
        self.unchanged("/orgs/acme/audit/settings")
        self.changed("put", "/orgs/acme/audit/settings", {"retention_days": 400})
        self.call("put", "/orgs/acme/audit/settings", {"retention_days": 1}, 400)
        self.unchanged("/orgs/acme/event-settings")
        self.changed("put", "/orgs/acme/event-settings", {"retention_days": 30})
        self.call("put", "/orgs/acme/event-settings", {"retention_days": 6}, 400)
        usage = self.call("get", "/orgs/acme/usage")
        self.assertLessEqual(int(usage.headers["RateLimit-Remaining"]), int(usage.headers["RateLimit-Limit"]))
        self.call("get", "/orgs/none/usage", expect=404)
        self.watch("/orgs/acme/events?since=0")
        self.call("get", "/orgs/acme/events?since=x", expect=400)
        polled = self.text("get", "/orgs/acme/events?since=0", headers={"Accept": "application/json"})
        self.assertTrue(polled["changes"])
        self.call("get", f"/orgs/acme/events?since={polled['seq']}", headers={"Accept": "application/json"})

    def watch(self, target):
        """The beginning of a stream."""
        stream = FirstEvent(f"{self.stack.control.url}/api/v1{target}", self.stack.admin.token)
        self.addCleanup(stream.close)
        operation = self.document.find("get", "/api/v1" + target.partition("?")[0])
        self.judged.faults += self.document.judge(operation, stream.answer)
