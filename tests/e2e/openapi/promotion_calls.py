"""Comparison, rollback and promotion."""


class PromotionCalls:
    def promotion(self, home, version):
        self.call("get", home + "/development/compare?with=staging&limit=1")
        self.call("get", home + "/development/compare?with=staging&flag=f")
        self.call("get", home + "/development/compare?with=staging&segment=s")
        self.call("get", home + "/development/compare?with=nowhere", expect=404)
        self.call("get", home + "/development/compare", expect=400)
        back = home + "/development/rollback"
        self.call("post", back, {"version": "1.1"}, 404)
        self.call("post", back, {"version": version, "flags": ["f"]}, 412, headers={"If-Match": '"0"'})
        self.call("post", back + "?dry_run=true", {"version": version})
        self.call("post", back, {"version": version, "flags": ["f"], "segments": ["s"]})
        self.call("post", back, {"version": version, "flags": ["nothing"]}, 422)
        wanted = {"from": "development", "flags": ["f"], "segments": ["s"], "take_along": True}
        self.call("post", home + "/production/promote", wanted, 428)
        self.call("post", home + "/production/promote", wanted, 412, headers={"If-Match": '"0"'})
        tag = self.call("post", home + "/production/promote?dry_run=true", wanted).headers["ETag"]
        self.call("post", home + "/production/promote", wanted, headers={"If-Match": tag})
        self.call("post", home + "/staging/promote", {"from": "development", "flags": ["f"], "parts": ["rules"], "from_version": "1.1"}, 409)
        self.call("post", home + "/staging/promote", {"from": "nowhere", "all": True}, 422)
        self.call("post", home + "/staging/promote", {"from": "development"}, 400)
