"""Environments, rulesets, versions, statistics, and test evaluation."""


class EnvironmentCalls:
    def environments(self):
        home = "/orgs/acme/projects/web/environments"
        self.call("get", home)
        self.call("post", home, {"key": "preview", "name": "Preview", "protected": False}, 201)
        copy = {"key": "copy", "copy_of": "staging", "order": 9, "colour": "#000000", "description": "d"}
        self.call("post", home + "?dry_run=true", copy)
        self.call("post", home, copy, 201)
        self.call("post", home, {**copy, "key": "none", "copy_of": "nowhere"}, 422)
        self.call("post", home, {"key": "preview"}, 409)
        self.unchanged(home + "/development")
        self.unchanged(home + "/development/ruleset")
        versions = self.text("get", home + "/development/versions?limit=1")
        self.call("get", home + f"/development/versions?cursor={versions['next']}&flag=f")
        self.call("get", home + "/development/versions?segment=s")
        self.call("get", home + "/development/versions?cursor=junk", expect=400)
        version = versions["items"][0]["version"]
        self.call("get", home + f"/development/ruleset?version={version}")
        self.call("get", home + f"/development/ruleset?version={version}&form=plain&flags=f")
        self.call("get", home + "/development/ruleset?version=1.1", expect=404)
        self.promotion(home, version)
        self.call("get", home + "/development/propagation")
        self.call("get", home + "/development/propagation?version=1&wait=1ms")
        self.call("get", home + "/development/propagation?wait=long", expect=400)
        self.stages(home)
        self.call("get", home + "/development/stats?flag=f&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
        self.call("get", home + "/development/stats?from=yesterday", expect=400)
        self.call("get", home + "/development/stats/series?flag=f&step=minute&by=variation")
        self.call("get", home + "/development/stats/series?flag=f&by=rule")
        self.call("get", home + "/development/stats/series?step=day&by=version&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
        self.call("get", home + "/development/stats/series?step=week", expect=400)
        self.call("get", home + "/development/stats/sparks?flags=f,g")
        self.call("get", home + "/development/stats/sparks?flags=", expect=400)
        question = {"flag": "f", "context": {"targetingKey": "bob"}, "now": "2026-01-01T00:00:00Z"}
        self.call("post", home + "/development/evaluate", question)
        self.call("post", home + "/development/evaluate", {**question, "draft": {"enabled": True, "fallthrough": {"variation": "on"}}})
        self.call("post", home + "/development/evaluate", {**question, "version": version})
        self.call("post", home + "/development/evaluate", {**question, "version": "1.1"}, 404)
        self.call("post", home + "/development/evaluate", {**question, "at": "2026-01-01T00:00:00Z"}, 404)
        self.call("post", home + "/development/evaluate", {**question, "at": "2026-01-01T00:00:00Z", "version": version}, 400)
        self.call("post", home + "/development/evaluate", {"flag": "nowhere"}, (200, 404))
        self.call("post", home + "/development/evaluate", {**question, "draft": {"fallthrough": {"variation": "zzz"}}}, (400, 422))
