"""Members, invitations, roles and assignments."""
from support.stack import PASSWORD


class PeopleCalls:
    def people(self):
        invited = self.text("post", "/orgs/acme/members", {"email": "dev@example.com", "name": "Dev", "role": "viewer"}, 201)
        self.call("post", "/auth/setup", {"token": invited["setup_token"], "password": "short"}, 400, credential=None)
        tokens = self.text("post", "/auth/setup", {"token": invited["setup_token"], "password": PASSWORD}, credential=None)
        viewer = tokens["access_token"]
        self.call("get", "/orgs/acme/projects/web/flags", credential=viewer)
        self.call("post", "/orgs/acme/projects/web/flags", {"key": "x", "type": "boolean"}, 403, credential=viewer)
        self.call("post", "/orgs/acme/members", {"email": "x@example.com", "role": "viewer"}, 403, credential=viewer)
        self.call("post", "/orgs/acme/members", {"email": "dev@example.com", "role": "viewer"}, 409)
        other = self.text("post", "/orgs/acme/members", {"email": "other@example.com", "role": "viewer"}, 201)["id"]
        self.call("get", "/orgs/acme/invitations")
        self.call("get", "/orgs/acme/invitations", expect=403, credential=viewer)
        self.call("delete", f"/orgs/acme/invitations/{other}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", f"/orgs/acme/invitations/{other}", expect=204)
        self.call("delete", f"/orgs/acme/invitations/{other}", expect=404)
        members = self.text("get", "/orgs/acme/members")["items"]
        person = next(m["id"] for m in members if m["email"] == "dev@example.com")
        self.unchanged(f"/orgs/acme/members/{person}")
        self.call("patch", f"/orgs/acme/members/{person}", {"role": "developer"}, 412, headers={"If-Match": '"0"'})
        self.call("patch", f"/orgs/acme/members/{person}", {"role": "developer"})
        self.call("patch", f"/orgs/acme/members/{person}", {"role": "king"}, 400)
        self.roles(person)
        self.call("delete", f"/orgs/acme/members/{person}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", f"/orgs/acme/members/{person}", expect=204)
        self.call("delete", f"/orgs/acme/members/{person}", expect=404)

    def roles(self, person):
        home = "/orgs/acme/roles"
        new = {"key": "lead", "name": "Lead", "description": "d", "permissions": ["read", "edit", "manage_members"]}
        self.call("post", home, new, 201)
        self.call("post", home, new, 409)
        self.call("post", home, {"key": "kept"}, 201)
        self.call("post", home, {"key": "x", "permissions": ["fly"]}, 400)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.unchanged(home + "/lead")
        self.call("get", home + "/owner")
        self.changed("put", home + "/lead", self.text("get", home + "/lead"))
        self.changed("patch", home + "/lead", {"permissions": ["read", "edit"]})
        self.call("delete", home + "/owner", expect=409)
        for place in ("/orgs/acme/projects/web", "/orgs/acme/projects/web/environments/development"):
            given = f"{place}/assignments/{person}"
            self.call("put", given, {"role": "lead"}, 201)
            self.call("put", given, {"role": "nobodys"}, 400)
            self.unchanged(given)
            self.changed("put", given, {"role": "viewer"})
            self.call("get", place + "/assignments?limit=1")
        self.call("put", f"/orgs/acme/projects/web/assignments/{person}", {"role": "lead"})
        self.call("delete", home + "/lead", expect=409)
        for place in ("/orgs/acme/projects/web", "/orgs/acme/projects/web/environments/development"):
            self.call("delete", f"{place}/assignments/{person}", expect=412, headers={"If-Match": '"0"'})
            self.call("delete", f"{place}/assignments/{person}", expect=204)
            self.call("get", f"{place}/assignments/{person}", expect=404)
        self.call("delete", home + "/lead", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", home + "/lead", expect=204)
        self.unchanged("/orgs/acme/me/permissions")
