"""The calls of a directory: SCIM, groups, and the roles that groups give."""
import json

SCIM = {"Content-Type": "application/scim+json"}
HOME = "/scim/v2/acme"


class DirectoryCalls:
    def scim(self, method, path, body=None, expect=200, headers=None):
        answer = self.judged.call(method, HOME + path, body, expect, credential=self.stack.admin.token,
                                  headers={**(SCIM if body is not None else {}), **(headers or {})})
        return answer

    def scim_text(self, method, path, body=None, expect=200):
        return json.loads(self.scim(method, path, body, expect).body)

    def scim_unchanged(self, path):
        self.scim("get", path, expect=304, headers={"If-None-Match": self.scim("get", path).headers["ETag"]})

    def directory(self):
        ada = self.scim_text("post", "/Users", {"userName": "dir-ada@example.com", "displayName": "Ada"}, 201)["id"]
        self.scim("post", "/Users", {"userName": "dir-ada@example.com"}, 409)
        self.scim("get", "/Users?filter=userName%20eq%20%22dir-ada%40example.com%22&startIndex=1&count=10")
        self.scim("get", "/Users?attributes=userName&excludedAttributes=name&sortBy=userName&sortOrder=ascending")
        self.scim("get", "/Users?filter=wrong", expect=400)
        user = f"/Users/{ada}"
        self.scim_unchanged(user)
        stale = {"If-Match": '"999999"'}
        replacement = {"userName": "dir-ada@example.com", "displayName": "Ada L", "name": {"givenName": "Ada"},
                       "emails": [{"value": "dir-ada@example.com", "primary": True}]}
        self.scim("put", user, replacement)
        self.scim("put", user, replacement, 412, stale)
        patch = {"Operations": [{"op": "Replace", "path": "title", "value": "Dr"}]}
        self.scim("patch", user, patch)
        self.scim("patch", user, patch, 412, stale)

        group = "/Groups/" + self.scim_text("post", "/Groups", {"displayName": "web", "members": [{"value": ada}]}, 201)["id"]
        self.scim("post", "/Groups", {"displayName": "web"}, 409)
        self.scim("get", "/Groups?excludedAttributes=members")
        self.scim_unchanged(group)
        self.scim("put", group, {"displayName": "web", "members": []})
        self.scim("put", group, {"displayName": "web"}, 412, stale)
        members = {"Operations": [{"op": "add", "path": "members", "value": [{"value": ada}]}]}
        self.scim("patch", group, members, 204)
        self.scim("patch", group, members, 412, stale)
        self.group_roles()
        self.scim("delete", group, expect=412, headers=stale)
        self.scim("delete", group, expect=204)
        self.scim("delete", user, expect=412, headers=stale)
        self.scim("delete", user, expect=204)
        for path in ("/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas",
                     "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"):
            self.scim_unchanged(path)

    def group_roles(self):
        self.assertEqual(self.text("get", "/orgs/acme/groups?limit=1")["items"][0]["name"], "web")
        rules = {"rules": [{"group": "web", "role": "developer", "project": "web"}], "default_role": "viewer"}
        self.changed("put", "/orgs/acme/group-roles", rules)
        self.unchanged("/orgs/acme/group-roles")
        self.call("put", "/orgs/acme/group-roles", {"rules": [{"group": "web", "role": "nobody"}], "default_role": None}, 400)
