"""An organisation in which every text that somebody can set, or that a program can send, would like to be something else: an
element, a script, a template, an address, a formula. Each names the field that it stands in, so that a test can look for it."""
import http.server
import threading
import time

from support.processes import http as ask, wait_for

LONG = "<b>long</b>" * 5_957 + "." * 8  # 64 KiB
REVERSED = "\N{RIGHT-TO-LEFT OVERRIDE}"


def hostile(field):
    """At most 200 bytes. The override is at the end and open, so that it reaches what follows unless it is kept in its place."""
    return ('=1+1<img src=x onerror="window.__hit=1">{{7*7}}</script><script>window.__hit=2</script>'
            f'<a href="javascript:window.__hit=3">{field}</a>{REVERSED}')


class Answering:
    """A receiver of webhooks that answers with an element."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(500)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(hostile("webhook-answer").encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/in"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def fill(stack, receiver):
    """Sets every text, and returns what a test needs to find the pages."""
    call, org = stack.admin.call, f"/orgs/{stack.org}"
    call("PATCH", org, {"name": hostile("organisation-name")})
    call("PATCH", stack.home, {"name": hostile("project-name"), "description": hostile("project-description")})
    call("PATCH", f"{stack.home}/environments/development",
         {"name": hostile("environment-name"), "description": hostile("environment-description")})
    return {**_flags(stack, call), **_plans(stack, call), **_people(stack, call, org), **_hooks(call, org, receiver),
            **_programs(stack, call, org)}


def _flags(stack, call):
    values = [{"key": "plain", "value": hostile("variation-value")},
              {"key": "long", "value": LONG}]
    call("POST", f"{stack.home}/flags", {
        "key": "hostile", "type": "string", "name": hostile("flag-name"), "description": hostile("flag-description"),
        "tags": [hostile("tag")[:100]], "owner": hostile("owner"), "client": True, "variations": values})
    call("POST", f"{stack.home}/flags", {
        "key": "hostile-json", "type": "json", "name": hostile("json-flag-name"),
        "variations": [{"key": "a", "value": {hostile("json-key"): [hostile("json-value"), None]}}, {"key": "b", "value": {}}]})
    lists = {"included": [{"attribute": "targetingKey", "values": [hostile("segment-value"), LONG]}]}
    call("POST", f"{stack.home}/segments", {
        "key": "hostile", "name": hostile("segment-name"), "description": hostile("segment-description"),
        "tags": [hostile("segment-tag")[:100]], "environments": {"development": lists}})
    condition = {"all": [{"attribute": "/a/<img src=x onerror=alert(1)>", "op": "one_of", "values": [hostile("rule-value")]},
                         {"op": "in_segment", "values": ["hostile"]}]}
    stack.configure("hostile", {
        "enabled": True, "targets": [{"variation": "plain", "attribute": "targetingKey", "values": [hostile("target-value")]}],
        "rules": [{"id": "r", "when": condition, "serve": {"variation": "long"}}],
        "fallthrough": {"variation": "plain"}})
    etag = call("GET", f"{stack.home}/flags/hostile").headers["ETag"]
    call("PATCH", f"{stack.home}/flags/hostile?comment=%3Cimg%20src%3Dx%20onerror%3D%22window.__hit%3D1%22%3Eaudit-comment",
         {"description": hostile("flag-description") + "."}, headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})
    call("POST", f"{stack.home}/views", {"name": hostile("view-name"), "shared": True, "filter": {"q": hostile("view-filter")}})
    call("POST", f"{stack.home}/contexts", {"name": hostile("context-name"), "shared": True,
                                            "context": {"targetingKey": hostile("context-key"), hostile("context-attribute"): "x"}})
    return {}


def _change(stack, **body):
    return {"method": "PATCH", "path": f"projects/{stack.project}/flags/hostile/environments/development",
            "type": "application/merge-patch+json", "body": body, "comment": hostile("change-comment")}


def _plans(stack, call):
    place = f"{stack.home}/environments/development"
    request = call("POST", f"{place}/requests", {
        "title": hostile("request-title"), "description": hostile("request-description"),
        "changes": [_change(stack, targets=[{"variation": "long", "attribute": "targetingKey", "values": [hostile("asked-value")]}])],
    }).json["id"]
    call("POST", f"{place}/requests/{request}/comments", {"text": hostile("request-comment")})
    call("POST", f"{place}/schedules", {"name": hostile("schedule-name"), "change": _change(stack, enabled=False),
                                        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))})
    rollout = call("POST", f"{place}/rollouts", {
        "flag": "hostile", "rule": None, "from": "plain", "to": "long",
        "steps": [{"share": 1000, "hold": "1d"}, {"share": 100_000}]}).json["id"]
    return {"request": request, "rollout": rollout}


def _people(stack, call, org):
    call("POST", f"{org}/roles", {"key": "hostile", "name": hostile("role-name"), "description": hostile("role-description"),
                                  "permissions": ["read"]})
    email = '"<img/src=x/onerror=window.__hit=1>member-email"@example.com'
    made = call("POST", f"{org}/members", {"email": email, "name": hostile("member-name"), "role": "hostile"}).json
    call("POST", "/auth/setup", {"token": made["setup_token"], "password": "correct horse battery staple 42"},
         headers={"User-Agent": "<img src=x onerror=window.__hit=1>"})
    members = call("GET", f"{org}/members?limit=200").json["items"]
    call("POST", f"{org}/members", {"email": '"<svg/onload=window.__hit=1>invited"@example.com', "name": hostile("invited-name"),
                                    "role": "viewer"})
    call("POST", f"{org}/identity-providers", {
        "key": "hostile", "name": hostile("provider-name"), "issuer": "https://login.example.com/%3Cimg%3E",
        "client_id": "<img/src=x/onerror=window.__hit=1>client-id",
        "groups_claim": hostile("groups-claim")})
    token = call("POST", f"{org}/tokens", {"name": hostile("token-name"), "role": "admin", "scopes": ["manage_members"]}).json["token"]
    made = ask("POST", f"{stack.control.url}/scim/v2/{stack.org}/Groups",
               {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": hostile("group-name")},
               {"Authorization": f"Bearer {token}"})
    assert made.status == 201, made.body
    call("PUT", f"{org}/group-roles", {"rules": [{"group": hostile("ruled-group"), "role": "viewer"}], "default_role": None})
    # A session whose program calls itself an element.
    call("POST", "/auth/login", {"email": stack.email, "password": "correct horse battery staple 42"},
         headers={"User-Agent": hostile("user-agent").encode("ascii", "ignore").decode()})
    call("POST", "/auth/tokens", {"name": hostile("personal-token-name"), "scopes": ["read"]})
    return {"member": next(one["id"] for one in members if one["email"] == email)}


def _hooks(call, org, receiver):
    hook = call("POST", f"{org}/webhooks", {"url": receiver.url, "name": hostile("webhook-name"), "events": ["webhook.tested"]}).json["id"]
    delivery = call("POST", f"{org}/webhooks/{hook}/test", {}, expect=(202,)).json["id"]
    wait_for(lambda: call("GET", f"{org}/webhooks/{hook}/deliveries/{delivery}").json["attempt_log"], "the receiver answers")
    return {"hook": hook, "delivery": delivery}


def _programs(stack, call, org):
    environment = call("GET", f"{stack.home}/environments/development").json
    stack.create_key("server")
    call("POST", f"{stack.home}/environments/development/keys", {"kind": "server", "name": hostile("key-name")})
    call("POST", f"{org}/keys", {"kind": "relay", "name": hostile("relay-key-name")})
    headers = {"Authorization": f"Bearer {stack.create_key('relay')}"}
    relay = hostile("relay")[:100].replace("/", "|")
    epoch, version = (int(part) for part in environment["ruleset_version"].split("."))
    status = {"relay": relay, "boot": "b", "build": hostile("relay-build")[:100], "environments": [
        {"env_id": environment["env_id"], "epoch": epoch, "version": version, "state": "rejected",
         "code": "<img src=x onerror=window.__hit=1>", "detail": hostile("relay-detail")}]}
    told = ask("POST", f"{stack.control.url}/relay/v1/status", status, headers)
    assert told.status == 204, told.body
    now = int(time.time() * 1000)
    counts = [{"env": environment["env_id"], "flag": "hostile", "variation": "plain", "version": 2, "reason": "SPLIT",
               "sdk": hostile("sdk"), "n": 7},
              {"env": environment["env_id"], "flag": "hostile", "variation": "", "version": 2, "reason": "<b>reason</b>",
               "sdk": "python/1", "n": 3}]
    told = ask("POST", f"{stack.control.url}/relay/v1/events",
               {"batch": "r.b.1", "relay": relay, "from": now - 10_000, "to": now, "counts": counts}, headers)
    assert told.status == 200, told.body
    return {"relay": relay}
