"""Organisations and projects, and what they have in common with environments."""
from calls import MERGE


class OrganisationCalls:
    def organisation(self):
        self.call("get", "/orgs")
        self.call("post", "/orgs", {"key": "beta", "name": "Beta"}, 201)
        self.call("post", "/orgs", {"key": "beta"}, 409)
        self.unchanged("/orgs/acme")
        self.call("get", "/orgs/acme/projects")
        self.call("post", "/orgs/acme/projects", {"key": "shop", "name": "Shop"}, 201)
        self.place("/orgs/beta", {"name": "Beta Ltd"})
        self.place("/orgs/acme/projects/shop", {"name": "The shop", "description": "d"})
        self.place("/orgs/acme/projects/shop/environments/staging", {"order": 7, "colour": "#3b82f6", "confirmation": "type", "description": "d"})
        self.call("delete", "/orgs/acme/projects/shop/environments/production?confirm=production", expect=428)
        self.call("post", "/orgs/acme/projects", {"key": "shop"}, 409)
        self.unchanged("/orgs/acme/projects/web")
        self.call("get", "/orgs/acme/audit")
        page = self.text("get", "/orgs/acme/audit?limit=1")
        self.call("get", f"/orgs/acme/audit?limit=1&cursor={page['next']}&resource=projects")
        self.call("get", "/orgs/acme/audit?limit=0", expect=400)
        self.audit()

    def place(self, path, settings):
        """What an organisation, a project and an environment have in common: settings, deletion and restoration."""
        parent, _, key = path.rpartition("/")
        self.changed("put", path, self.text("get", path))
        self.changed("patch", path, settings)
        self.call("put", path + "?dry_run=true", {"name": "tried"})
        self.call("patch", path + "?dry_run=true", {"name": "tried"}, headers=MERGE)
        self.call("patch", path, {"key": "other"}, 400, headers=MERGE)
        self.call("delete", path, expect=428)
        self.call("delete", path + "?confirm=other", expect=422)
        confirmed = path + "?confirm=" + key
        self.call("delete", confirmed, expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", confirmed + "&dry_run=true")
        self.call("delete", confirmed, expect=204)
        self.call("get", path, expect=404)
        self.call("get", parent + "?deleted=true")
        self.call("get", parent + "?deleted=yes", expect=400)
        self.call("post", path + "/restore", {}, 412, headers={"If-Match": '"999999"'})
        self.call("post", path + "/restore", {})
        self.call("post", path + "/restore", {}, 404)
