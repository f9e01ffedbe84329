"""Changes of many items as one, of schedules, and of the plan of a rollout."""
MERGE = {"Content-Type": "application/merge-patch+json"}
OLD = {"If-Match": '"999999"'}


class ChangeCalls:
    def changes_of_changes(self):
        self.segments_in_bulk()
        self.changes_of_schedules()
        self.changes_of_plans()

    def segments_in_bulk(self):
        web = "/orgs/acme/projects/web"
        self.call("post", web + "/segments", {"key": "many"}, 201)
        named = {"segments": ["many"], "instructions": [{"kind": "set_name", "name": "Many"}]}
        filled = {"segments": ["many"], "environment": "development", "versions": {"many": 1},
                  "instructions": [{"kind": "add_included", "values": ["ann"]}]}
        self.call("post", web + "/bulk?dry_run=true", {"changes": [named, filled]})
        self.call("post", web + "/bulk", {"comment": "both", "changes": [named, filled]})
        self.call("post", web + "/bulk", {"changes": [named]})
        self.call("post", web + "/bulk", {"changes": [filled]}, 412)
        self.call("post", web + "/bulk", {"changes": [{**named, "flags": ["f"]}]}, 400)
        self.call("post", web + "/bulk", {"changes": [{**named, "segments": ["nothing"]}]}, 422)
        self.call("delete", web + "/segments/many", expect=204, headers={"If-Match": "*"})

    def changes_of_schedules(self):
        home = "/orgs/acme/projects/web/environments/development/schedules"
        change = {"method": "PATCH", "path": "projects/web/flags/f/environments/development", "body": {"enabled": True}}
        place = f"{home}/{self.text('post', home, {'change': change, 'at': '2036-01-01T00:00:00Z'}, 201)['id']}"
        self.call("patch", place, {"name": "later", "at": "2036-02-01T00:00:00Z", "repeat": None}, headers=MERGE)
        self.call("patch", place, {"state": "paused"})
        self.call("get", home + "?state=paused")
        self.call("patch", place, {"state": "active", "repeat": {"every": "day", "time": "09:00"}})
        self.call("patch", place, {"state": "done"}, 400)
        self.call("patch", place, {"name": "n"}, 412, headers=OLD)
        self.call("delete", place, expect=204)
        self.call("patch", place, {"name": "n"}, 409)

    def changes_of_plans(self):
        self.call("post", "/orgs/acme/projects/web/flags",
                  {"key": "replanned", "type": "boolean",
                   "environments": {"staging": {"enabled": True, "fallthrough": {"variation": "off"}}}}, 201)
        home = "/orgs/acme/projects/web/environments/staging/rollouts"
        plan = {"flag": "replanned", "from": "off", "to": "on", "steps": [{"share": 1000, "approval": True}, {"share": 100000}]}
        place = f"{home}/{self.text('post', home, plan, 201)['id']}"
        smaller = {"steps": [{"share": 500, "approval": True}, {"share": 100000}], "guards": [], "max_wait": "2d",
                   "on": {"max_wait": "alert"}}
        self.call("patch", place + "?dry_run=true", smaller)
        self.call("patch", place, smaller, headers=MERGE)
        self.call("patch", place, {"flag": "f"}, 400)
        self.call("patch", place, {"guards": [{"prometheus": "unknown", "query": "up", "below": 1, "on_breach": "hold"}]}, 422)
        self.call("patch", place, {"max_wait": "3d"}, 412, headers=OLD)
        self.call("post", place + "/cancel", {})
        self.call("patch", place, {"max_wait": "3d"}, 409)
