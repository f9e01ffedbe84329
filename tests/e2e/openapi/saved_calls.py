"""Calls of what the dashboard keeps and looks up: views, contexts, presence, rules as text, relays, confirmation."""

SAVED = {"/orgs/acme/projects/web/views": {"filter": {"tag": ["web"], "evaluated": "never"}, "environment": "staging",
                                           "sort": "-updated", "columns": ["key", "stale"]},
         "/orgs/acme/projects/web/contexts": {"context": {"key": "ann", "plan": "pro"}}}


class SavedCalls:
    def saved(self):
        for path, more in SAVED.items():
            made = self.text("post", path, {"name": "Ours", "shared": True, **more}, 201)
            self.text("post", path, {"name": "Mine", **more}, 201)
            self.call("post", path, {"name": "Mine", **more}, 409)
            self.call("post", path, {"name": ""}, 400)
            self.call("get", path)
            page = self.text("get", path + "?limit=1")
            self.call("get", path + "?limit=1&cursor=" + page["next"])
            self.call("get", path + "?limit=0", expect=400)
            one = path + "/" + made["id"]
            self.unchanged(one)
            self.call("get", path + "/none", expect=404)
            self.changed("put", one, {"name": "Still ours", **more})
            self.changed("patch", one, {"name": "Ours again"})
            self.call("patch", one, {"shared": False}, 400)
            self.call("delete", one, expect=412, headers={"If-Match": '"999999"'})
            self.call("delete", one, expect=204)
            self.call("delete", one, expect=404)
        self.call("post", "/orgs/acme/projects/web/views", {"name": "a", "environment": "nowhere"}, 422)
        self.presence()
        self.comments()
        self.call("post", "/rules/parse", {"text": "country in ['DE'] and not segment 'staff'"})
        self.call("post", "/rules/parse", {"text": "country on"}, 400)
        self.call("get", "/orgs/acme/relays")
        self.call("get", "/orgs/acme/relays?limit=0", expect=400)
        self.call("get", "/orgs/acme/relays/deliveries")
        self.call("get", "/orgs/acme/relays/deliveries?limit=0", expect=400)

    def presence(self):
        self.call("put", "/orgs/acme/presence", {"resource": "projects/web/flags/f", "is_editing": True}, 204)
        self.call("put", "/orgs/acme/presence", {"resource": "projects/none"}, 404)
        self.call("put", "/orgs/acme/presence", {}, 400)
        self.call("get", "/orgs/acme/presence?resource=projects/web/flags/f")
        self.call("get", "/orgs/acme/presence?resource=projects/none", expect=404)

    def comments(self):
        """Changes in an environment that take a comment."""
        home = "/orgs/acme/projects/web"
        self.call("patch", home + "/environments/staging", {"comment_required": True, "confirmation": "confirm"})
        self.call("patch", home + "/environments/staging", {"confirmation": "shout"}, 400)
        config = home + "/flags/f/environments/staging"
        is_on = self.text("get", config)["enabled"]
        self.call("patch", config, {"enabled": not is_on}, 422)
        self.call("patch", config + "?dry_run=true", {"enabled": not is_on})
        self.call("patch", config + "?comment=tried", {"enabled": not is_on})
        self.call("patch", home + "/environments/staging", {"comment_required": False})
