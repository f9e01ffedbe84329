"""Calls of what is known of contexts: the attributes that they have had."""


class AttributeCalls:
    def attributes(self):
        home = "/orgs/acme/projects/web/environments/development/attributes"
        self.unchanged(home)
        self.call("get", home + "?q=co&limit=1")
        self.call("get", home + "?limit=0", expect=400)
        self.call("get", home + "?cursor=%25", expect=400)
