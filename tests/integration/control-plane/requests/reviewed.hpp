#pragma once

// An organisation whose environment production wants approvals, and control planes that carry out
// schedules and rebase requests over its database, beside the admin API of ApiFixture, on the
// test's own event loop.

#include <string>
#include <utility>
#include <vector>

#include "common/net/task_group.hpp"
#include "common/wire/trust.hpp"
#include "control-plane/app/admin_routes.hpp"
#include "control-plane/flags/list_cache.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admissions.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/requests/rebaser.hpp"
#include "control-plane/schedules/runner.hpp"
#include "control-plane/sign_on/provider_client.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

// What a control plane has that carries out schedules and rebases requests.
class RunningReplica {
public:
    explicit RunningReplica(ApiFixture& api)
        : tasks(api.context.get_executor(), api.log),
          pool(api.context.get_executor(), pool_config(api), pg_metrics_, api.log),
          instance_(api.run(cp::publish::open_instance(api.pool, api.clock.now()))),
          signer_(make_signer(instance_.iss, api.clock.now())),
          publisher_(images_, signer_, blocking_, api.clock, publish_metrics_, instance_.epoch),
          tokens_({Ed25519PrivateKey::generate()}, instance_.iss),
          live_(api.context.get_executor(), {pool, blocking_, live_counts_, live_metrics_, api.log}),
          uses_(pool, tasks, api.log),
          admissions_(pool, tasks),
          identity_providers_(api.context.get_executor(), {}, api.clock, sign_on_metrics_),
          services_{pool,         publisher_,     passwords_,
                    tokens_,      live_,          cp::app::admin_routes(),
                    blocking_,    tasks,          uses_,
                    admissions_,  entity_tags_,   flag_lists_,
                    audit_limit_, api_metrics_,   api.sealing,
                    api.clock,    api.log,        api.registration,
                    api.limits,   api.public_url, identity_providers_,
                    api.addresses},
          runner(services_, metrics),
          rebaser(services_, rebases) {}
    ~RunningReplica() { blocking_.join(); }

private:
    static cp::publish::Signer make_signer(const std::string& iss, UnixMillis now) {
        const auto root = Ed25519PrivateKey::generate();
        const auto signer = Ed25519PrivateKey::generate();
        const auto trust = wire::make_trust(iss, root, signer.public_key(), now);
        return cp::publish::Signer::make(signer.to_pem(), trust, now).value();
    }
    static cp::db::PoolConfig pool_config(const ApiFixture& api) {
        cp::db::PoolConfig config;
        config.connection = api.app_config();
        config.size = 4;
        return config;
    }

    telemetry::Registry registry_;
    cp::db::Metrics pg_metrics_{registry_};
    cp::publish::Metrics publish_metrics_{registry_};
    cp::live::Metrics live_metrics_{registry_};
    cp::http::Metrics api_metrics_{registry_};
    net::BlockingPool blocking_{1};
    cp::audit::AuditLimit audit_limit_;
    cp::identity::Passwords passwords_;

public:
    net::TaskGroup tasks;
    cp::db::Pool pool;
    cp::schedules::Metrics metrics{registry_};
    cp::requests::RebaseMetrics rebases{registry_};

private:
    cp::publish::Instance instance_;
    cp::publish::ImageCache images_;
    cp::publish::Signer signer_;
    cp::publish::Publisher publisher_;
    cp::identity::AccessTokens tokens_;
    cp::live::StreamCounts live_counts_;
    cp::live::ChangeHub live_;
    cp::identity::UseRecorder uses_;
    cp::identity::Admissions admissions_;
    cp::http::EntityTags entity_tags_;
    cp::flags::ListCache flag_lists_;
    cp::sign_on::Metrics sign_on_metrics_{registry_};
    cp::sign_on::ProviderClient identity_providers_;
    cp::http::Services services_;

public:
    cp::schedules::Runner runner;
    cp::requests::Rebaser rebaser;
};

class Reviewed : public ApiFixture {
public:
    Reviewed() : owner(bootstrap_owner("acme", "owner@example.com")) {
        author = add_member(owner, "acme", "author@example.com", "maintainer");
        reviewer = add_member(owner, "acme", "reviewer@example.com", "maintainer");
        second = add_member(owner, "acme", "second@example.com", "maintainer");
        developer = add_member(owner, "acme", "developer@example.com", "developer");
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        for (const std::string key : {"f", "g"}) {
            REQUIRE(post(web + "/flags", owner, R"({"key":")" + key + R"(","type":"boolean"})").status == 201);
        }
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
        want_approvals(1);
    }

    void want_approvals(int required, const std::string& environment = "production") {
        const auto reply = put(web + "/environments/" + environment + "/approvals", owner,
                               R"({"required":)" + std::to_string(required) + "}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    static std::string change(const std::string& method, const std::string& path, const std::string& body,
                              const std::string& type = "application/json") {
        return R"({"method":")" + method + R"(","path":"projects/web/)" + path + R"(","type":")" + type +
               R"(","body":)" + body + "}";
    }
    static std::string set_enabled(const std::string& flag, bool enabled, const std::string& env = "production") {
        return change("PATCH", "flags/" + flag + "/environments/" + env,
                      enabled ? R"({"enabled":true})" : R"({"enabled":false})");
    }
    static std::string instructions(const std::string& flag, const std::string& list) {
        return change("PATCH", "flags/" + flag + "/environments/production", R"({"instructions":[)" + list + "]}",
                      "application/vnd.fanion.instructions+json");
    }
    Reply ask(const std::string& changes, const std::string& more = "") {
        return post(requests, author, R"({"title":"a change","changes":[)" + changes + "]" + more + "}");
    }
    // The path of a new request.
    std::string asked(const std::string& changes, const std::string& more = "") {
        const auto reply = ask(changes, more);
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.header("Location");
    }
    Reply approve(const std::string& request, const std::string& who, std::string digest = "") {
        if (digest.empty()) digest = get(request + "/preview", who).at("/result/digest");
        return post(request + "/approve", who, R"({"digest":")" + digest + "\"}");
    }
    Reply apply(const std::string& request, const std::string& who = "", const std::string& body = "{}") {
        return post(request + "/apply", who.empty() ? author : who, body);
    }
    // In an emergency, by the owner.
    void force(const std::string& changes) {
        const auto made = post(requests, owner, R"({"title":"now","changes":[)" + changes + "]}");
        INFO(made.body);
        REQUIRE(made.status == 201);
        const auto reply = post(made.header("Location") + "/bypass", owner, R"({"reason":"because"})");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    std::string enabled(const std::string& flag, const std::string& env = "production") {
        return get(web + "/flags/" + flag + "/environments/" + env, owner).at("/enabled");
    }
    std::string state(const std::string& request) { return get(request, owner).at("/state"); }
    std::string count(const std::string& action) {
        return sql("SELECT count(*) FROM fanion.audit WHERE action = '" + action + "'");
    }
    std::string sign_in(const std::string& email) {
        const auto reply =
            post("/api/v1/auth/login", "", R"({"email":")" + email + R"(","password":")" + default_password + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        return reply.at("/access_token");
    }

    const std::string web = "/api/v1/orgs/acme/projects/web";
    const std::string production = web + "/environments/production";
    const std::string requests = production + "/requests";
    std::string owner, author, reviewer, second, developer;
};

using Errors = std::vector<std::string>;

}  // namespace fanion::test
