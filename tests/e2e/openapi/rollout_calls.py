"""Sources of metrics, and rollouts."""
from support.processes import wait_for


class RolloutCalls:
    def prometheus(self):
        home = "/orgs/acme/prometheus"
        main = {"url": "http://127.0.0.1:1", "token": "s3cret"}  # nobody listens there
        self.call("put", home + "/main", main, 201)
        self.call("put", home + "/other", {"url": "https://prometheus.example"}, 201)
        self.call("put", home + "/no%20good", main, 400)
        self.call("put", home + "/main", {"url": "ftp://x"}, 400)
        self.call("put", home + "/main", {"url": "http://10.0.0.1", "token": None}, 422)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?limit=0", expect=400)
        self.changed("put", home + "/main", main)
        self.unchanged(home + "/main")
        self.call("delete", home + "/other", expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", home + "/other", expect=204)

    def rollouts(self):
        self.call("post", "/orgs/acme/projects/web/flags",
                  {"key": "staged", "type": "boolean",
                   "environments": {"staging": {"enabled": True, "fallthrough": {"variation": "off"}}}}, 201)
        home = "/orgs/acme/projects/web/environments/staging/rollouts"
        plan = {"flag": "staged", "rule": None, "from": "off", "to": "on", "max_wait": "1d",
                "on": {"prometheus_no_data": "alert", "max_wait": "hold"},
                "steps": [{"share": 1000, "hold": "15m", "min_evaluations": 10, "approval": True}, {"share": 100000}],
                "guards": [{"prometheus": "main", "query": "up", "below": 1, "for": "1m", "on_breach": "hold"},
                           {"prometheus": "main", "error_ratio": "e[$window]", "slo": 0.999, "burn": 6, "long": "6h",
                            "short": "30m", "on_breach": "rollback"},
                           {"evaluations": "share", "variation": "on", "reason": "ERROR", "above": 0.1, "window": "5m",
                            "min_evaluations": 10, "on_breach": "turn_off"}]}
        self.call("post", home + "?dry_run=true", plan)
        made = self.text("post", home, plan, 201)
        self.call("post", home, plan, 409)
        self.call("post", home, {"flag": "staged"}, 400)
        self.call("post", home, {**plan, "from": "none"}, 422)
        place = f"{home}/{made['id']}"
        wait_for(lambda: self.text("get", place)["decisions"], "a decision")  # an alert: nobody answers
        self.call("post", place + "/pause", {}, 412, headers={"If-Match": '"999999"'})
        for action in ("pause", "resume", "approve"):
            self.call("post", f"{place}/{action}", {})
        for action in ("resume", "approve"):
            self.call("post", f"{place}/{action}", {}, 409)
            self.call("post", f"{place}/{action}", {}, 412, headers={"If-Match": '"999999"'})
        self.call("post", f"{place}/cancel", {"now": True}, 400)
        self.call("post", f"{place}/cancel", {}, 412, headers={"If-Match": '"999999"'})
        self.call("post", f"{place}/cancel", {})
        self.call("post", f"{place}/pause", {}, 409)
        second = self.text("post", home, plan, 201)
        self.assertEqual(second["attempt"], 2)
        page = self.text("get", home + "?limit=1&state=running&flag=staged")
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?state=odd", expect=400)
        self.call("post", f"{home}/{second['id']}/cancel", {})
