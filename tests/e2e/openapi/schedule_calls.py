"""Scheduled changes."""


class ScheduleCalls:
    def schedules(self):
        home = "/orgs/acme/projects/web/environments/development/schedules"
        change = {"method": "PATCH", "path": "projects/web/flags/f/environments/development", "body": {"enabled": True}}
        once = self.text("post", home, {"name": "n", "change": {**change, "type": "application/json", "comment": "c"},
                                        "at": "2036-01-01T00:00:00Z", "repeat": None}, 201)
        for repeat in ({"every": "day", "time": "09:00"}, {"every": "week", "time": "09:00", "weekday": "monday"},
                       {"every": "month", "time": "09:00", "day": 28}):
            self.call("post", home, {"change": change, "at": None, "repeat": repeat}, 201)
        self.call("post", home, {"change": change}, 400)
        self.call("post", home, {"change": {**change, "path": "projects/web/flags/none"}, "at": "2036-01-01T00:00:00Z"}, 404)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}&state=active")
        self.call("get", home + "?state=lost", expect=400)
        self.unchanged(f"{home}/{once['id']}")
        self.call("delete", f"{home}/{once['id']}", expect=412, headers={"If-Match": '"999999"'})
        for item in self.text("get", home)["items"]:
            self.call("delete", f"{home}/{item['id']}", expect=204)
