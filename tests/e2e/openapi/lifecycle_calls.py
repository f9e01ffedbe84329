"""Searches, evaluations and the lifecycle of flags."""
import datetime


class LifecycleCalls:
    def lifecycle(self):
        home = "/orgs/acme/projects/web"
        self.call("get", home + "/flags?q=f&tag=a&tag=b&owner=o&type=boolean&lifetime=release&state=active&sort=-updated&total=true")
        self.call("get", home + "/flags?environment=development&enabled=false&evaluated=never"
                  "&evaluated_after=2026-01-01T00:00:00Z&evaluated_before=2026-01-02T00:00:00Z")
        self.call("get", home + "/flags?sort=salt", expect=400)
        self.unchanged(home + "/flag-index")
        self.call("get", home + "/flags/f/evaluations")
        self.call("get", home + "/flags/nowhere/evaluations", expect=404)
        self.call("get", home + "/lifecycle?reason=unused&owner=o&environment=development&limit=2")
        self.call("get", home + "/lifecycle?reason=old", expect=400)
        self.call("get", home + "/lifecycle?snoozed=maybe", expect=400)
        self.snoozes(home + "/flags/f/lifecycle/snooze")
        self.call("get", home + "/lifecycle?snoozed=only")
        self.unchanged(home + "/lifecycle/settings")
        self.changed("put", home + "/lifecycle/settings", {"unused_days": 7, "constant_days": 20, "lifetimes": {"release": None}})
        self.call("put", home + "/lifecycle/settings", {"unused_days": 0}, 400)

    def snoozes(self, snooze):
        days = lambda n: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=n)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.call("get", snooze, expect=404)
        self.call("put", snooze, {"until": days(400)}, 400)
        self.call("put", snooze, {"until": days(2), "comment": "c"})
        self.changed("put", snooze, {"until": days(3)})
        self.unchanged(snooze)
        self.call("delete", snooze, expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", snooze, expect=204)
        self.call("delete", snooze, expect=404)
