"""A project as one might be: flags in different states, rules, segments, a request, a schedule, a rollout, counts. And one whose keys,
environments and variations are as long and as many as they may be."""
INSTRUCTIONS = "application/vnd.fanion.instructions+json"
FLAGS = (  # key, name, type, lifetime, owner, tags
    ("checkout", "New checkout", "boolean", "release", "payments", ("checkout", "web")),
    ("checkout-limits", "Limits of the checkout", "json", "operational", "payments", ("checkout",)),
    ("dark-mode", "Dark mode", "boolean", "permission", "web-team", ("web", "mobile")),
    ("express-delivery", "Express delivery", "boolean", "experiment", "logistics", ("checkout", "experiment")),
    ("greeting", "Words of the greeting", "string", None, "web-team", ("web",)),
    ("invoices-by-mail", "Invoices by mail", "boolean", "release", "payments", ("billing",)),
    ("maintenance", "Maintenance page", "boolean", "operational", "platform", ("ops",)),
    ("page-size", "Results on a page", "number", "operational", "search", ("search",)),
    ("search-ranking", "Ranking of the search", "string", "experiment", "search", ("search", "experiment")),
    ("sso-for-teams", "Single sign-on for teams", "boolean", "permission", "platform", ("login",)),
)
VARIATIONS = {
    "greeting": [{"key": "formal", "value": "Good day"}, {"key": "short", "value": "Hello"}],
    "page-size": [{"key": "few", "value": 20}, {"key": "many", "value": 50}],
    "search-ranking": [{"key": "present", "value": "bm25"}, {"key": "learned", "value": "ltr-3"}],
    "checkout-limits": [{"key": "usual", "value": {"items": 50, "total": 5000}}, {"key": "more", "value": {"items": 200, "total": 20000}}],
}


class Scene:
    def __init__(self, stack):
        self.stack, self.call = stack, stack.admin.call

    def build(self):
        """The addresses of all pages that show something of it, by a name."""
        self._flags()
        self._segments()
        self._configurations()
        self._under_way()
        hours = {ago: {("on", "TARGETING_MATCH"): 300 + 7 * (ago % 5), ("on", "SPLIT"): 180, ("off", "SPLIT"): 520 - 9 * (ago % 7)} for ago in range(20)}
        self.stack.counted("checkout", hours)
        return self._pages()

    def _flags(self):
        for key, name, kind, lifetime, owner, tags in FLAGS:
            given = {"variations": VARIATIONS[key]} if key in VARIATIONS else {}
            self.stack.create_flag(key, kind, **{"name": name, "lifetime": lifetime, "owner": owner, "tags": list(tags), **given})

    def _segments(self):
        lists = {"included": [{"attribute": "targetingKey", "values": ["ana", "ben", "carla"]}], "rules": [{"when": 'email ends_with "@example.com"'}]}
        self.call("POST", f"{self.stack.home}/segments",
                  {"key": "staff", "name": "Staff", "environments": {env: lists for env in ("development", "staging", "production")}})
        self.call("POST", f"{self.stack.home}/segments", {"key": "early-access", "name": "Early access", "tags": ["beta"]})

    def change(self, flag, env, *instructions, comment=""):
        self.call("PATCH", f"{self.stack.home}/flags/{flag}/environments/{env}", {"comment": comment, "instructions": list(instructions)},
                  headers={"If-Match": "*", "Content-Type": INSTRUCTIONS})

    def _configurations(self):
        on = {"kind": "turn_on"}
        share = lambda percent: {"kind": "set_fallthrough", "split": {"weights": [{"variation": "on", "weight": percent}], "otherwise": "off"}}  # noqa: E731
        rules = [{"kind": "add_rule", "when": 'country in ["DE", "AT"] and not segment "staff"', "serve": {"variation": "on"}},
                 {"kind": "add_targets", "variation": "on", "values": ["ana", "ben"]}]
        for env, percent in (("development", 100), ("staging", 50), ("production", 25)):
            self.change("checkout", env, on, share(percent), *rules, comment="As agreed with payments")
        for env in ("development", "staging"):
            self.change("dark-mode", env, on)
            self.change("express-delivery", env, on, {"kind": "add_prerequisite", "flag": "checkout", "variations": ["on"]})
        self.change("invoices-by-mail", "production", on, comment="For all customers")
        self.change("page-size", "production", on)
        self.change("sso-for-teams", "production", on, {"kind": "add_rule", "when": 'segment "staff"', "serve": {"variation": "on"}})

    def _under_way(self):
        home = self.stack.home
        change = {"method": "PATCH", "path": f"projects/{self.stack.project}/flags/dark-mode/environments/production", "type": INSTRUCTIONS,
                  "body": {"instructions": [{"kind": "turn_on"}]}}
        self.call("PUT", f"{home}/environments/production/approvals", {"required": 1})
        self.request = self.call("POST", f"{home}/environments/production/requests", {"title": "Dark mode for everybody", "changes": [change]}).json["id"]
        self.call("POST", f"{home}/environments/staging/schedules",
                  {"name": "Evening", "at": "2036-01-01T18:00:00Z", "change": {**change, "path": change["path"].replace("production", "staging")}})
        steps = [{"share": 10_000, "hold": "1d"}, {"share": 50_000, "hold": "1d"}, {"share": 100_000}]
        self.change("express-delivery", "development", {"kind": "set_fallthrough", "variation": "off"})
        self.rollout = self.call("POST", f"{home}/environments/development/rollouts", {"flag": "express-delivery", "from": "off", "to": "on", "steps": steps}).json["id"]
        self.webhook = self.call("POST", f"/orgs/{self.stack.org}/webhooks", {"name": "chat", "url": "https://hooks.example/fanion"}).json["id"]
        self.role = self.call("POST", f"/orgs/{self.stack.org}/roles",
                              {"key": "release-manager", "name": "Release manager", "permissions": ["read", "edit", "edit_protected", "approve"]}).json.get("id", "release-manager")
        org = f"/orgs/{self.stack.org}"
        self.delivery = self.call("POST", f"{org}/webhooks/{self.webhook}/test", {}, expect=(202,)).json["id"]
        self.call("POST", f"{org}/identity-providers", {"key": "company", "name": "Company login", "issuer": "https://login.example.com",
                                                        "client_id": "fanion", "domains": ["example.com"]})
        rules = [{"group": "platform", "role": "admin"}, {"group": "web", "role": "developer", "project": self.stack.project}]
        self.call("PUT", f"{org}/group-roles", {"rules": rules, "default_role": "viewer"})
        self.member = self.call("GET", f"/orgs/{self.stack.org}/members").json["items"][0]["id"]
        self.entry = self.call("GET", f"/orgs/{self.stack.org}/audit?limit=1").json["items"][0]["entry"]["id"]

    def _pages(self):
        org, project = f"/{self.stack.org}", f"/{self.stack.org}/{self.stack.project}"
        flag = f"{project}/flags/checkout"
        return {
            "organisations": "/", "organisation": org, "home": project,
            "flags": f"{project}/flags", "nothing_found": f"{project}/flags?q=tag:nobody", "new_flag": f"{project}/flags/-/new?type=json",
            "archived": f"{project}/flags/-/archived", "graph": f"{project}/graph?flag=checkout",
            "flag": flag, "definition": f"{flag}/-/definition", "flag_history": f"{flag}/-/history", "uses": f"{flag}/-/uses", "code": f"{flag}/-/code",
            "editor": f"{flag}/production", "editor_text": f"{flag}/production?as=text", "why": f"{flag}/production/why#ana",
            "flag_evaluations": f"{flag}/development/evaluations", "flag_rollout": f"{project}/flags/express-delivery/development/rollout",
            "segments": f"{project}/segments", "new_segment": f"{project}/segments/-/new", "segment": f"{project}/segments/staff/production",
            "segment_history": f"{project}/segments/staff/-/history", "segment_uses": f"{project}/segments/staff/-/uses",
            "play": f"{project}/play?flags=checkout&envs=development,production#ana", "compare": f"{project}/compare?from=staging&to=production",
            "requests": f"{org}/-/requests", "request": f"{project}/requests/{self.request}?env=production", "schedules": f"{project}/schedules",
            "rollouts": f"{project}/rollouts", "rollout": f"{project}/rollouts/{self.rollout}", "evaluations": f"{project}/evaluations",
            "cleanup": f"{project}/cleanup", "audit": f"{org}/-/audit", "audit_entry": f"{org}/-/audit?entry={self.entry}",
            "relays": f"{org}/-/relays", "propagation": f"{project}/environments/production/propagation",
            "versions": f"{project}/environments/production/versions", "project_settings": f"{project}/settings",
            "new_environment": f"{project}/settings?new=environment", "environment_settings": f"{project}/environments/production/settings",
            "environment_keys": f"{project}/environments/development/keys", "members": f"{org}/-/members", "member": f"{org}/-/members/{self.member}",
            "roles": f"{org}/-/roles", "new_role": f"{org}/-/roles?new=1", "role": f"{org}/-/roles/{self.role}", "groups": f"{org}/-/groups", "sign_in": f"{org}/-/sign-in",
            "new_provider": f"{org}/-/sign-in?new=1", "provider": f"{org}/-/sign-in/company", "built_in_role": f"{org}/-/roles/developer",
            "delivery": f"{org}/-/webhooks/{self.webhook}?delivery={self.delivery}",
            "organisation_keys": f"{org}/-/keys", "service_tokens": f"{org}/-/tokens", "webhooks": f"{org}/-/webhooks", "new_webhook": f"{org}/-/webhooks?new=1",
            "webhook": f"{org}/-/webhooks/{self.webhook}", "organisation_settings": f"{org}/-/settings",
            "profile": "/-/me/profile", "sessions": "/-/me/sessions", "own_tokens": "/-/me/tokens", "preferences": "/-/me/preferences",
            "shortcuts": "/-/me/shortcuts", "about": "/-/about", "no_page": "/-/there/is/none", "no_project": f"{org}/nothing-of-this-name",
        }


def large(stack):
    """Keys of 100 characters, 30 environments, 100 variations; the addresses of the pages that show them."""
    call, org = stack.admin.call, stack.org
    long = lambda begin: (begin + "-of-a-name-that-somebody-made-of-many-words" * 3)[:100].rstrip("-")  # noqa: E731
    project, flag, segment = long("project")[:60].rstrip("-"), long("flag"), long("segment")
    call("POST", f"/orgs/{org}/projects", {"key": project, "name": "A project with a name that is as long as names of projects get, and then some more"})
    home = f"/orgs/{org}/projects/{project}"
    environments = [env["key"] for env in call("GET", f"{home}/environments").json["items"]]
    for number in range(30 - len(environments)):
        key = long(f"env-{number}")[:40].rstrip("-")
        call("POST", f"{home}/environments", {"key": key, "name": f"Environment {number} of a region far away"})
    call("POST", f"{home}/segments", {"key": segment, "name": "Everybody who has ever been in one of the shops of the north"})
    values = [{"key": long(f"variation-{number}"), "value": f"value {number} " * 10} for number in range(100)]
    call("POST", f"{home}/flags", {"key": flag, "type": "string", "variations": values, "tags": [long("tag")[:60]], "owner": long("owner")[:60],
                                   "name": "A flag whose name says at length what it is for, as names of flags often do when many have had a say"})
    for number in range(40):
        call("POST", f"{home}/flags", {"key": f"filler-{number}", "type": "boolean"})
    place = f"/{org}/{project}"
    return {"home": place, "flags": f"{place}/flags", "flag": f"{place}/flags/{flag}", "definition": f"{place}/flags/{flag}/-/definition",
            "editor": f"{place}/flags/{flag}/production", "compare": f"{place}/compare?from=staging&to=production", "segments": f"{place}/segments",
            "segment": f"{place}/segments/{segment}/production", "play": f"{place}/play?flags={flag}&envs=production#ana",
            "evaluations": f"{place}/evaluations", "settings": f"{place}/settings", "audit": f"/{org}/-/audit"}
