#pragma once

// Rollouts with a virtual clock: a runner with everything it needs, beside the admin API of
// ApiFixture, on the test's own event loop, and a real HTTP server that answers as Prometheus does.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/net/task_group.hpp"
#include "common/wire/trust.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/rollouts/runner.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"

namespace fanion::test {

// Answers instant queries: the value that was set for the query, or no sample.
class Prometheus {
public:
    Prometheus() : server_([this](net::Router& router) { add_routes(router); }) {}

    std::string url() const { return server_.origin(); }
    void set(const std::string& query, const std::string& value) {
        const std::lock_guard lock(mutex_);
        values_[query] = value;
    }
    void unset(const std::string& query) {
        const std::lock_guard lock(mutex_);
        values_.erase(query);
    }
    // Answers every query with this body and status, until `answer_normally()`.
    void answer(unsigned status, std::string body) {
        const std::lock_guard lock(mutex_);
        fixed_ = {status, std::move(body)};
    }
    void answer_normally() {
        const std::lock_guard lock(mutex_);
        fixed_.reset();
    }
    std::vector<std::string> authorizations() const {
        const std::lock_guard lock(mutex_);
        return authorizations_;
    }

private:
    void add_routes(net::Router& router) {
        router.sync(net::Method::get, "/api/v1/query", [this](net::Request& request, net::Response& response) {
            const std::lock_guard lock(mutex_);
            authorizations_.emplace_back(request.header("Authorization"));
            const auto query = request.query("query").value_or("");
            response.set("Content-Type", "application/json");
            if (fixed_) {
                response.status = fixed_->first;
                response.body = fixed_->second;
                return;
            }
            const auto value = values_.find(query);
            const auto sample = value == values_.end() ? "" : R"({"metric":{},"value":[1,")" + value->second + R"("]})";
            response.body = R"({"status":"success","data":{"resultType":"vector","result":[)" + sample + "]}}";
        });
    }

    mutable std::mutex mutex_;
    std::map<std::string, std::string> values_;
    std::optional<std::pair<unsigned, std::string>> fixed_;
    std::vector<std::string> authorizations_;
    HttpServer server_;  // last: its thread uses the others
};

inline cp::publish::Signer signer_of(const std::string& iss, UnixMillis now) {
    const auto root = Ed25519PrivateKey::generate();
    const auto key = Ed25519PrivateKey::generate();
    const auto trust = wire::make_trust(iss, root, key.public_key(), now);
    return cp::publish::Signer::make(key.to_pem(), trust, now).value();
}

inline cp::rollouts::PrometheusConfig loopback_prometheus() {
    cp::rollouts::PrometheusConfig config;
    config.policy = cp::webhooks::AddressPolicy::make({"127.0.0.1"}).value();
    return config;
}

// Holds up what a replica asks Prometheus, where it looks up the address, until it is told not to.
class Gate {
public:
    explicit Gate(boost::asio::io_context& context) : wake_(context, boost::asio::steady_timer::time_point::max()) {}

    void close() { is_closed_ = true; }
    bool has_held() const { return has_held_; }
    void open() {
        is_closed_ = false;
        wake_.cancel();
    }
    boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                                        std::uint16_t port) {
        if (is_closed_) {
            has_held_ = true;
            co_await wake_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        co_return co_await net::resolve(std::move(host), port, deadline);
    }

private:
    boost::asio::steady_timer wake_;
    bool is_closed_ = false;
    bool has_held_ = false;
};

inline cp::rollouts::PrometheusConfig gated_prometheus(Gate& gate) {
    auto config = loopback_prometheus();
    config.lookup = [&gate](std::string host, std::uint16_t port, std::chrono::steady_clock::time_point) {
        return gate.resolve(std::move(host), port);
    };
    return config;
}

// What carries out rollouts in one replica.
class RolloutReplica {
public:
    RolloutReplica(ApiFixture& api, cp::db::Pool& pool, cp::rollouts::PrometheusConfig config = loopback_prometheus())
        : instance(api.run(cp::publish::open_instance(pool, api.clock.now()))),
          signer(signer_of(instance.iss, api.clock.now())),
          publisher(images, signer, blocking, api.clock, publish_metrics, instance.epoch),
          tasks(api.context.get_executor(), api.log),
          prometheus(api.context.get_executor(), std::move(config)),
          runner({api.context.get_executor(),
                  {pool, api.sealing, prometheus, api.clock},
                  {pool, publisher, blocking, api.clock},
                  tasks,
                  metrics,
                  api.log}) {}
    ~RolloutReplica() { blocking.join(); }

    telemetry::Registry registry;
    cp::rollouts::Metrics metrics{registry};
    cp::publish::Metrics publish_metrics{registry};
    net::BlockingPool blocking{1};
    cp::publish::Instance instance;
    cp::publish::ImageCache images;
    cp::publish::Signer signer;
    cp::publish::Publisher publisher;
    net::TaskGroup tasks;
    cp::rollouts::PrometheusClient prometheus;
    cp::rollouts::Runner runner;
};

class Rollouts : public ApiFixture {
public:
    static inline const std::string two_steps = R"({"share":10000,"hold":"10m"},{"share":100000})";

    Rollouts() : owner(bootstrap_owner("acme", "owner@example.com")), replica(*this, pool, gated_prometheus(gate)) {
        REQUIRE(post(home + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(patch_flag(R"({"enabled":true,"fallthrough":{"variation":"off"},"rules":[)"
                           R"({"id":"r1","when":{"attribute":"country","op":"one_of","values":["DE"]},)"
                           R"("serve":{"variation":"off"}},)"
                           R"({"id":"r2","when":{"attribute":"country","op":"one_of","values":["FR"]},)"
                           R"("serve":{"variation":"off"}}]})")
                    .status == 200);
    }

    Reply patch_flag(std::string body) { return patch(flag, owner, std::move(body)); }
    // Of rule r1, from off to on; `more`: further members, from a comma on.
    std::string plan(const std::string& steps, const std::string& more = "") const {
        return R"({"flag":"f","rule":"r1","from":"off","to":"on","steps":[)" + steps + "]" + more + "}";
    }
    Reply start(const std::string& body) { return post(staging + "/rollouts", owner, body); }
    // The path of a rollout that has started.
    std::string started(const std::string& body) {
        const auto reply = start(body);
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return staging + "/rollouts/" + reply.at("/id");
    }
    std::string started(const std::string& steps, const std::string& more) { return started(plan(steps, more)); }
    void make_source(const std::string& token = "") {
        const auto body = R"({"url":")" + prometheus.url() + R"(","token":")" + token + "\"}";
        const auto reply = put(home + "/prometheus/main", owner, body);
        INFO(reply.body);
        REQUIRE(reply.status == 201);
    }

    // Everything that is due now.
    std::size_t look() { return run(replica.runner.run_until_idle()); }
    // Lets time pass, in whole seconds, with a look whenever one is due.
    void pass(UnixMillis millis) {
        constexpr UnixMillis stride = 1'000;
        while (millis > 0) {
            const auto strides = std::max<UnixMillis>(1, (next_due() - clock.now() + stride - 1) / stride);
            const auto passed = std::min(strides * stride, millis);
            clock.advance(passed);
            look();
            millis -= passed;
        }
    }
    // When the next look is due; a day from now if none is.
    UnixMillis next_due() {
        const auto day = std::to_string(clock.now() + 24 * 60 * 60 * 1'000);
        return std::stoll(sql("SELECT ceil(extract(epoch FROM coalesce(min(due_at), to_timestamp(" + day +
                              " / 1000.0))) * 1000)::bigint FROM fanion.rollouts WHERE ended_at IS NULL"));
    }
    Reply shown(const std::string& place) {
        sign_in_again();
        return get(place, owner);
    }
    std::string state(const std::string& place) { return shown(place).at("/state"); }
    // What rule r1 serves.
    std::string served() {
        sign_in_again();
        return get(flag, owner).at("/rules/0/serve");
    }
    void count(const std::string& variation, const std::string& reason, std::int64_t n, std::int64_t version = 1) {
        sql("INSERT INTO fanion.evaluation_counts (org_id, env_id, flag, variation, version, reason, sdk, minute, n) "
            "SELECT org_id, env_id, 'f', '" +
            variation + "', " + std::to_string(version) + ", '" + reason + "', '', to_timestamp(" +
            std::to_string(clock.now() / 60'000 * 60) + "), " + std::to_string(n) +
            " FROM fanion.environments WHERE key = 'staging' ON CONFLICT (org_id, env_id, flag, minute, variation, "
            "version, reason, sdk, rule) DO UPDATE SET n = evaluation_counts.n + excluded.n");
    }
    // A token lives shorter than a rollout.
    void sign_in_again() {
        const auto reply = post("/api/v1/auth/login", "",
                                std::string(R"({"email":"owner@example.com","password":")") + default_password + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        owner = reply.at("/access_token");
    }

    const std::string home = "/api/v1/orgs/acme";
    const std::string web = home + "/projects/web";
    const std::string staging = web + "/environments/staging";
    const std::string flag = web + "/flags/f/environments/staging";
    std::string owner;
    Prometheus prometheus;
    Gate gate{context};
    RolloutReplica replica;  // asks through the gate
};

inline constexpr UnixMillis seconds = 1'000;
inline constexpr UnixMillis minutes = 60 * seconds;

}  // namespace fanion::test
