"""Policies of a project for rollouts, and plans that fail them."""


class PolicyCalls:
    def policies(self):
        home = "/orgs/acme/projects/web/rollout-policies"
        policy = {"match": {"environments": ["staging"], "tags": ["guarded"]},
                  "require": {"max_first_share": 1000, "approval_above": 50000, "min_steps": 2, "min_hold": "15m",
                              "guards": [{"prometheus": "main", "on_breach": "hold"},
                                         {"evaluations": "share", "reason": "ERROR", "above": 0.05, "window": "10m"}],
                              "on_regression": "hold"}}
        self.call("put", home + "/tier-1", policy, 201)
        self.call("put", home + "/tier-2", {"require": {"min_steps": 1}}, 201)
        self.call("put", home + "/tier-1", {**policy, "require": {"min_steps": 2}})
        self.changed("put", home + "/tier-1", policy)
        self.unchanged(home + "/tier-1")
        self.call("put", home + "/no%20good", policy, 400)
        self.call("put", home + "/tier-3", {"require": {"prove": True}}, 400)
        self.call("put", home + "/tier-3", {"match": {"environments": ["none"]}, "require": {}}, 422)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?limit=0", expect=400)
        self.plans()
        self.call("delete", home + "/tier-1", expect=412, headers={"If-Match": '"999999"'})
        for key in ("tier-1", "tier-2"):
            self.call("delete", f"{home}/{key}", expect=204)

    def plans(self):
        """A matching policy holds a plan that does not name it."""
        self.call("post", "/orgs/acme/projects/web/flags",
                  {"key": "guarded", "type": "boolean", "tags": ["guarded"],
                   "environments": {"staging": {"enabled": True, "fallthrough": {"variation": "off"}}}}, 201)
        rollouts = "/orgs/acme/projects/web/environments/staging/rollouts"
        plan = {"flag": "guarded", "from": "off", "to": "on", "offset": 30000,
                "steps": [{"share": 1000, "hold": "1h"}, {"share": 100000, "approval": True}],
                "guards": [{"prometheus": "main", "error_ratio": "e[$window]", "slo": 0.999},
                           {"evaluations": "share", "reason": "ERROR", "above": 0.01, "window": "10m",
                            "on_breach": "rollback"}]}
        self.call("post", rollouts, {**plan, "guards": []}, 422)
        self.call("post", rollouts, {**plan, "policy": "none"}, 422)
        made = self.text("post", rollouts, {**plan, "policy": "tier-1"}, 201)
        self.assertEqual((made["policy"], made["offset"]), ("tier-1", 30000))
        self.call("patch", f"{rollouts}/{made['id']}", {"guards": []}, 422)
        self.call("patch", f"{rollouts}/{made['id']}", {"policy": None, "max_wait": "1d"})
        self.call("post", f"{rollouts}/{made['id']}/cancel", {})
