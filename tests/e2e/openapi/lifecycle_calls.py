"""Searches, evaluations and the lifecycle of flags."""


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
        self.unchanged(home + "/lifecycle/settings")
        self.changed("put", home + "/lifecycle/settings", {"unused_days": 7, "constant_days": 20, "lifetimes": {"release": None}})
        self.call("put", home + "/lifecycle/settings", {"unused_days": 0}, 400)
