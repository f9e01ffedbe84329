"""What is held in an environment, released and withdrawn."""


class StageCalls:
    def stages(self, home):
        staged = home + "/staged"
        self.call("post", home, {"key": "staged", "protected": True, "staging": {"label": "canary", "soak_seconds": 60}}, 201)
        self.call("post", staged + "/stage/release", {}, 409)
        self.call("post", staged + "/stage/withdraw", {}, 409)
        flags = "/orgs/acme/projects/web/flags"
        self.call("post", flags, {"key": "held-a", "type": "boolean"}, 201)
        self.call("get", staged + "/propagation")
        self.call("post", staged + "/stage/release", {"version": "1.1"}, 409)
        self.call("post", staged + "/stage/release", {"comment": "it looks well"})
        self.call("get", staged + "/propagation")
        self.call("post", flags, {"key": "held-b", "type": "boolean"}, 201)
        self.call("patch", f"{flags}/held-a/environments/staged?stage=skip", {"enabled": True}, headers={"If-Match": "*"})
        self.call("post", staged + "/stage/withdraw", {})
        self.call("patch", f"{flags}/held-a/environments/staged?stage=now", {"enabled": True}, 400, headers={"If-Match": "*"})
        self.call("patch", staged, {"staging": {"label": "Not a label"}}, 400, headers={"If-Match": "*"})
        self.call("patch", staged, {"staging": None}, headers={"If-Match": "*"})
