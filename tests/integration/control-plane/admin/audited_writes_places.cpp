#include <tuple>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/admin/audited_writes.hpp"

namespace fanion::test {

Reply AuditedWrites::remove(const std::string& place) {
    return del(place + "?confirm=" + place.substr(place.rfind('/') + 1), owner);
}

void AuditedWrites::add_settings(const std::string& kind, const std::string& pattern, const std::string& place) {
    writes["PUT " + pattern] = {kind + ".updated", States::both,
                                [=, this] { return put(place, owner, R"({"name":"put"})"); }};
    writes["PATCH " + pattern] = {kind + ".updated", States::both,
                                  [=, this] { return patch(place, owner, R"({"name":"patched"})"); }};
    writes["DELETE " + pattern] = {kind + ".deleted", States::before, [=, this] {
                                       auto reply = remove(place);
                                       REQUIRE(post(place + "/restore", owner, "{}").status == 200);
                                       return reply;
                                   }};
    const auto restored = kind == "org" ? "/api/v1/orgs/{deleted_org}" : pattern;
    writes["POST " + restored + "/restore"] = {kind + ".restored", States::both, [=, this] {
                                                   REQUIRE(remove(place).status == 204);
                                                   return post(place + "/restore", owner, "{}");
                                               }};
}

void AuditedWrites::add_places() {
    const auto org = std::string("/api/v1/orgs/{org}");
    writes["POST /api/v1/orgs"] = {"org.created", States::after,
                                   [this] { return create("/api/v1/orgs", R"({"key":"beta"})"); }};
    writes["POST " + org + "/projects"] = {"project.created", States::after,
                                           [this] { return create(acme + "/projects", R"({"key":"shop"})"); }};
    add_settings("org", org, acme);
    add_settings("project", org + "/projects/{project}", web);
    add_settings("environment", org + "/projects/{project}/environments/{env}", staging);
    writes["POST " + org + "/projects/{project}/environments"] = {
        "environment.created", States::after, [this] { return create(web + "/environments", R"({"key":"qa"})"); }};
    writes["PUT " + org + "/audit/settings"] = {
        "audit.configured", States::both,
        [this] { return put(acme + "/audit/settings", owner, R"({"retention_days":30})"); }};
    writes["PUT " + org + "/event-settings"] = {
        "org.updated", States::both,
        [this] { return put(acme + "/event-settings", owner, R"({"retention_days":30})"); }};
    writes["PUT " + org + "/projects/{project}/lifecycle/settings"] = {
        "project.updated", States::both,
        [this] { return put(web + "/lifecycle/settings", owner, R"({"unused_days":7})"); }};
    const auto snooze = "/flags/f/lifecycle/snooze";
    const auto snoozed = org + "/projects/{project}/flags/{flag}/lifecycle/snooze";
    const auto put_snooze = [=, this] {
        return put(web + snooze, owner, R"({"until":")" + format_rfc3339(clock.now() + 86'400'000) + "\"}");
    };
    writes["PUT " + snoozed] = {"flag.snoozed", States::after, put_snooze};
    writes["DELETE " + snoozed] = {"flag.unsnoozed", States::before, [=, this] {
                                       put_snooze();
                                       return del(web + snooze, owner);
                                   }};
    writes["POST " + org + "/audit/{entry}/revert"] = {
        "flag.configured", States::both, [this] {
            REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
            const auto entry = get(acme + "/audit?limit=1", owner).at("/items/0/entry/id");
            return send({net::Method::post, acme + "/audit/" + entry + "/revert", owner});
        }};
    for (const auto& [pattern, place] :
         std::map<std::string, std::string>{{org, acme},
                                            {org + "/projects/{project}", web},
                                            {org + "/projects/{project}/environments/{env}", staging}}) {
        writes["POST " + pattern + "/keys"] = {"key.created", States::after, [this, place = place] {
                                                   return create(place + "/keys", R"({"kind":"relay"})");
                                               }};
        writes["DELETE " + pattern + "/keys/{key}"] = {"key.revoked", States::both,
                                                       [this, place = place] { return del(key_at(place), owner); }};
    }
}

std::string AuditedWrites::webhook() {
    return acme + "/webhooks/" + create(acme + "/webhooks", R"({"url":"https://hooks.example/in"})").at("/id");
}

void AuditedWrites::add_webhooks() {
    const auto all = std::string("/api/v1/orgs/{org}/webhooks");
    const auto one = all + "/{webhook}";
    writes["POST " + all] = {"webhook.created", States::after,
                             [this] { return create(acme + "/webhooks", R"({"url":"https://hooks.example/in"})"); }};
    writes["PUT " + one] = {"webhook.updated", States::both, [this] {
                                return put(webhook(), owner, R"({"url":"https://hooks.example/in","name":"n"})");
                            }};
    writes["PATCH " + one] = {"webhook.updated", States::both,
                              [this] { return patch(webhook(), owner, R"({"name":"m"})"); }};
    writes["DELETE " + one] = {"webhook.deleted", States::before, [this] { return del(webhook(), owner); }};
    writes["POST " + one + "/rotate"] = {"webhook.rotated", States::both,
                                         [this] { return create(webhook() + "/rotate", R"({"overlap_hours":1})"); }};
    writes["POST " + one + "/test"] = {"webhook.tested", States::after,
                                       [this] { return create(webhook() + "/test", "{}"); }};
    writes["POST " + one + "/deliveries/{delivery}/replay"] = {
        "webhook.replayed", States::after, [this] {
            const auto place = webhook();
            const auto sent = create(place + "/test", "{}");
            return create(place + "/deliveries/" + sent.at("/id") + "/replay", "{}");
        }};
}

}  // namespace fanion::test
