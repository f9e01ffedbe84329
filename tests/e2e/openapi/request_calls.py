"""Approvals and change requests."""
from support.stack import PASSWORD


class RequestCalls:
    def change_requests(self):
        place = "/orgs/acme/projects/web/environments/staging"
        self.call("put", place + "/approvals", {"required": 11}, 400)
        self.changed("put", place + "/approvals", {"required": 1})
        self.unchanged(place + "/approvals")
        home = place + "/requests"
        path = "projects/web/flags/f/environments/staging"
        present = self.text("get", f"/orgs/acme/{path}")["enabled"]

        def ask(**more):
            change = {"method": "PATCH", "path": path, "body": {"enabled": not present}}
            return home + '/' + self.text("post", home, {"title": "t", "changes": [change], **more}, 201)["id"]
        me = self.text("get", "/auth/me")["user"]["id"]
        first = ask(description="d", reviewers=[me], draft=True)
        self.call("post", home, {"title": "t", "changes": []}, 400)
        self.changed("patch", first, {"draft": False, "title": "u"})
        self.call("patch", first, {"title": "v"})
        self.unchanged(first)
        self.call("get", first + "/preview")
        self.call("post", first + "/comments", {"text": "c"}, 201)
        self.call("post", first + "/comments", {"text": "d", "line": "flag/f#/enabled"}, 201)
        self.call("post", first + "/comments", {}, 400)
        page = self.text("get", first + "/comments?limit=1")
        self.call("get", first + f"/comments?cursor={page['next']}")
        invited = self.text("post", "/orgs/acme/members", {"email": "reviewer@example.com", "role": "admin"}, 201)
        given = {"token": invited["setup_token"], "password": PASSWORD}
        reviewer = self.text("post", "/auth/setup", given, credential=None)["access_token"]
        digest = self.text("get", first)["result"]["digest"]
        older = {"If-Match": '"999999"'}
        self.call("post", first + "/approve", {"digest": digest}, 403)
        self.call("post", first + "/apply", {}, 409)
        self.call("post", first + "/approve", {"digest": digest}, 412, credential=reviewer, headers=older)
        self.call("post", first + "/approve", {"digest": "other"}, 409, credential=reviewer)
        self.call("post", first + "/approve", {"digest": digest, "comment": "c"}, credential=reviewer)
        self.call("post", first + "/apply", {}, 412, headers=older)
        self.call("post", first + "/apply", {"at": "2036-01-01T00:00:00Z"}, 201)
        self.call("post", first + "/apply", {"at": "2001-01-01T00:00:00Z"}, 400)
        self.call("post", first + "/apply", {"at": None})
        present = not present
        second = ask()
        self.call("post", second + "/decline", {"reason": "r"}, 412, credential=reviewer, headers=older)
        self.call("post", second + "/decline", {"reason": "r"}, credential=reviewer)
        third = ask()
        self.call("post", third + "/withdraw", {"reason": "r"}, 412, headers=older)
        self.call("post", third + "/withdraw", {})
        fourth = ask()
        self.call("post", fourth + "/bypass", {"reason": "r"}, 412, headers=older)
        self.call("post", fourth + "/bypass", {"reason": "r"})
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?state=lost", expect=400)
        page = self.text("get", "/orgs/acme/requests?limit=1&mine=author")
        self.call("get", f"/orgs/acme/requests?cursor={page['next']}")
        self.call("get", "/orgs/acme/requests?mine=reviewer&state=applied")
        self.call("get", "/orgs/acme/requests?mine=yours", expect=400)
        self.call("put", place + "/approvals", {"required": 0})
