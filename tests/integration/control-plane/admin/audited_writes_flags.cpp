#include <tuple>

#include "tests/integration/control-plane/admin/audited_writes.hpp"

namespace fanion::test {

void AuditedWrites::add_items(const std::string& kind, const std::string& key, const std::string& more,
                              const std::string& config) {
    const auto pattern = "/api/v1/orgs/{org}/projects/{project}/" + kind + "s";
    const auto one = pattern + "/{" + kind + '}';
    const auto path = web + '/' + kind + "s";
    writes["POST " + pattern] = {kind + ".created", States::after,
                                 [=, this] { return create(path, R"({"key":"new")" + more + '}'); }};
    writes["PUT " + one] = {
        kind + ".updated", States::both,
        [=, this] { return put(path + '/' + key, owner, R"({"name":"put","key":")" + key + '"' + more + '}'); }};
    writes["PATCH " + one] = {kind + ".updated", States::both,
                              [=, this] { return patch(path + '/' + key, owner, R"({"name":"patched"})"); }};
    writes["DELETE " + one] = {kind + ".deleted", States::before, [=, this] {
                                   create(path, R"({"key":"gone")" + more + '}');
                                   return del(path + "/gone", owner, "*");
                               }};
    const auto place = path + '/' + key + "/environments/development";
    writes["PUT " + one + "/environments/{env}"] = {kind + ".configured", States::both,
                                                    [=, this] { return put(place, owner, config); }};
    writes["PATCH " + one + "/environments/{env}"] = {kind + ".configured", States::both, [=, this] {
                                                          REQUIRE(put(place, owner, "{}").status == 200);
                                                          return patch(place, owner, config);
                                                      }};
}

void AuditedWrites::add_lists() {
    const auto members = web + "/segments/s/environments/development/members";
    const auto send_file = [this](net::Method method, const std::string& path, const std::string& text) {
        return send({method, path, owner, text, {{"Content-Type", "text/plain"}}});
    };
    writes["PATCH " + lists] = {"segment.configured", States::both,
                                [=, this] { return patch(members, owner, R"({"add":["patched"]})"); }};
    writes["POST " + lists] = {"segment.configured", States::both,
                               [=] { return send_file(net::Method::post, members + "?mode=add", "posted"); }};
    writes["POST " + uploads + "/{upload}/apply"] = {
        "segment.configured", States::both, [=, this] {
            const auto upload = members + "/uploads/" + create(members + "/uploads", R"({"format":"lines"})").at("/id");
            send_file(net::Method::put, upload + "/parts/1", "uploaded");
            return send_file(net::Method::post, upload + "/apply?mode=add", "");
        }};
}

std::string AuditedWrites::change_request() {
    static int made = 0;
    const auto key = "cr" + std::to_string(made++);
    create(web + "/flags", R"({"key":")" + key + R"(","type":"boolean"})");
    const auto reply =
        create(staging + "/requests", R"({"title":"t","changes":[{"method":"PATCH","path":"projects/web/flags/)" + key +
                                          R"(/environments/staging","body":{"enabled":true}}]})");
    INFO(reply.body);
    REQUIRE(reply.status == 201);
    return reply.header("Location");
}

void AuditedWrites::add_requests() {
    const std::string place = "/api/v1/orgs/{org}/projects/{project}/environments/{env}";
    const auto one = place + "/requests/{request}";
    const auto step = [&](const std::string& name, const std::string& action, const std::string& body) {
        writes["POST " + one + '/' + name] = {
            action, States::both, [this, name, body] { return create(change_request() + '/' + name, body); }};
    };
    writes["POST " + place + "/requests"] = {"change_request.created", States::after,
                                             [this] { return get(change_request(), owner); }};
    writes["PATCH " + one] = {"change_request.updated", States::both,
                              [this] { return patch(change_request(), owner, R"({"title":"u"})"); }};
    writes["POST " + one + "/comments"] = {"change_request.commented", States::after, [this] {
                                               return create(change_request() + "/comments", R"({"text":"t"})");
                                           }};
    reviewer = add_member(owner, "acme", "reviewer@example.com", "maintainer");
    writes["POST " + one + "/approve"] = {"change_request.approved", States::both, [this] {
                                              const auto path = change_request();
                                              const auto digest = get(path, reviewer).at("/result/digest");
                                              return post(path + "/approve", reviewer,
                                                          R"({"digest":")" + digest + "\"}");
                                          }};
    writes["POST " + one + "/decline"] = {"change_request.declined", States::both,
                                          [this] { return post(change_request() + "/decline", reviewer, "{}"); }};
    step("withdraw", "change_request.withdrawn", "{}");
    step("apply", "change_request.applied", "{}");
    step("bypass", "change_request.bypassed", R"({"reason":"r"})");
    const auto schedule = [this] {
        return create(staging + "/schedules",
                      R"({"repeat":{"every":"day","time":"09:00"},"change":{"method":"PATCH",)"
                      R"("path":"projects/web/flags/f/environments/staging","body":{"enabled":true}}})");
    };
    writes["POST " + place + "/schedules"] = {"schedule.created", States::after, schedule};
    writes["PATCH " + place + "/schedules/{schedule}"] = {
        "schedule.updated", States::both,
        [this, schedule] { return patch(schedule().header("Location"), owner, R"({"state":"paused"})"); }};
    writes["DELETE " + place + "/schedules/{schedule}"] = {
        "schedule.cancelled", States::both, [this, schedule] { return del(schedule().header("Location"), owner); }};
    writes["PUT " + place + "/approvals"] = {"environment.updated", States::both, [this] {
                                                 put(staging + "/approvals", owner, R"({"required":1})");
                                                 return put(staging + "/approvals", owner,
                                                            R"({"required":0})");  // the other changes need none
                                             }};
}

std::string AuditedWrites::rollout(const std::string& flag) {
    create(web + "/flags", R"({"key":")" + flag +
                               R"(","type":"boolean","environments":{"staging":{"enabled":true,)"
                               R"("fallthrough":{"variation":"off"}}}})");
    const auto plan = R"({"flag":")" + flag +
                      R"(","from":"off","to":"on",)"
                      R"("steps":[{"share":100000,"approval":true}]})";
    return staging + "/rollouts/" + create(staging + "/rollouts", plan).at("/id");
}

void AuditedWrites::add_rollouts() {
    const auto all = std::string("/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts");
    writes["POST " + all] = {"rollout.created", States::after, [this] {
                                 create(web + "/flags", R"({"key":"ro","type":"boolean","environments":{"staging":)"
                                                        R"({"enabled":true,"fallthrough":{"variation":"off"}}}})");
                                 return create(staging + "/rollouts",
                                               R"({"flag":"ro","from":"off","to":"on","steps":[{"share":100000}]})");
                             }};
    for (const auto& [action, entry] : std::map<std::string, std::string>{
             {"pause", "rollout.paused"}, {"cancel", "rollout.cancelled"}, {"approve", "rollout.updated"}}) {
        writes["POST " + all + "/{rollout}/" + action] = {
            entry, States::both,
            [this, action = action] { return create(rollout("ro-" + action) + '/' + action, "{}"); }};
    }
    writes["PATCH " + all + "/{rollout}"] = {
        "rollout.updated", States::both,
        [this] { return patch(rollout("ro-plan"), owner, R"({"steps":[{"share":5000},{"share":100000}]})"); }};
    writes["POST " + all + "/{rollout}/resume"] = {"rollout.resumed", States::both, [this] {
                                                       const auto place = rollout("ro-resume");
                                                       create(place + "/pause", "{}");
                                                       return create(place + "/resume", "{}");
                                                   }};
    const auto source = std::string("/api/v1/orgs/{org}/prometheus/{source}");
    const auto put_source = [this](const std::string& key) {
        return put(acme + "/prometheus/" + key, owner, R"({"url":"https://prometheus.example"})");
    };
    writes["PUT " + source] = {"org.updated", States::after, [=] { return put_source("main"); }};
    writes["DELETE " + source] = {"org.updated", States::before, [=, this] {
                                      put_source("gone");
                                      return del(acme + "/prometheus/gone", owner);
                                  }};
    const auto policy = std::string("/api/v1/orgs/{org}/projects/{project}/rollout-policies/{policy}");
    const auto put_policy = [this](const std::string& key) {
        return put(web + "/rollout-policies/" + key, owner, R"({"require":{"min_steps":1}})");
    };
    writes["PUT " + policy] = {"project.updated", States::after, [=] { return put_policy("main"); }};
    writes["DELETE " + policy] = {"project.updated", States::before, [=, this] {
                                      put_policy("gone");
                                      return del(web + "/rollout-policies/gone", owner);
                                  }};
}

void AuditedWrites::add_many() {
    const auto project = std::string("/api/v1/orgs/{org}/projects/{project}");
    const auto environment = project + "/environments/{env}";
    writes["POST " + project + "/bulk"] = {"flag.configured", States::both, [this] {
                                               create(web + "/flags", R"({"key":"b","type":"boolean"})");
                                               return create(web + "/bulk",
                                                             R"({"changes":[{"flags":["b"],"environment":"staging",)"
                                                             R"("instructions":[{"kind":"turn_on"}]}]})");
                                           }};
    writes["POST " + project + "/flags/{flag}/clone"] = {
        "flag.created", States::after, [this] { return create(web + "/flags/f/clone", R"({"key":"copy"})"); }};
    writes["POST " + project + "/segments/{segment}/clone"] = {
        "segment.created", States::after, [this] { return create(web + "/segments/s/clone", R"({"key":"copy"})"); }};
    writes["POST " + environment + "/promote"] = {
        "environment.promoted", States::both, [this] {
            create(web + "/flags", R"({"key":"p","type":"boolean","environments":{"development":{"enabled":true}}})");
            return create(staging + "/promote", R"({"from":"development","flags":["p"]})");
        }};
    writes["POST " + environment + "/rollback"] = {
        "environment.rolled_back", States::both, [this] {
            create(web + "/flags", R"({"key":"r","type":"boolean"})");
            const auto version = get(staging + "/versions?limit=1", owner).at("/items/0/version");
            patch(web + "/flags/r/environments/staging", owner, R"({"enabled":true})");
            return create(staging + "/rollback", R"({"version":")" + version + R"(","flags":["r"]})");
        }};
    // A new flag is held in a new environment with stages.
    const auto held = [this](const std::string& key) {
        create(web + "/environments", R"({"key":")" + key + R"(","protected":true,"staging":{"label":"canary"}})");
        create(web + "/flags", R"({"key":"in-)" + key + R"(","type":"boolean"})");
        return web + "/environments/" + key + "/stage/";
    };
    writes["POST " + environment + "/stage/release"] = {
        "environment.stage_released", States::both, [=, this] { return create(held("stage-a") + "release", "{}"); }};
    writes["POST " + environment + "/stage/withdraw"] = {"environment.stage_withdrawn", States::both, [=, this] {
                                                             const auto stage = held("stage-b");
                                                             create(stage + "release", "{}");
                                                             patch(web + "/flags/in-stage-b/environments/stage-b",
                                                                   owner, R"({"enabled":true})", "*");
                                                             return create(stage + "withdraw", "{}");
                                                         }};
    const auto org = std::string("/api/v1/orgs/{org}");
    for (const auto& [pattern, place] :
         std::map<std::string, std::string>{{org, acme}, {project, web}, {environment, staging}}) {
        writes["POST " + pattern + "/keys/{key}/rotate"] = {
            "key.rotated", States::both, [this, place = place] { return create(key_at(place) + "/rotate", "{}"); }};
    }
}

}  // namespace fanion::test
