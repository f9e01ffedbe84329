#pragma once

// A receiver of webhooks: a real HTTP server on a loopback port that keeps what it got and answers
// as it was told. And a courier with everything it needs, beside the admin API of ApiFixture, on
// the test's own event loop.

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/json/document.hpp"
#include "control-plane/webhooks/courier.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"

namespace fanion::test {

struct Received {
    std::string name;  // of the path /in/{name}
    std::string id;
    std::string timestamp;
    std::string signature;
    std::string content_type;
    std::string query;
    std::string body;

    // The JSON at a pointer of the body, strings without quotes; "" if there is none.
    std::string at(std::string_view pointer) const {
        json::Document document;
        if (!document.parse(body)) return "";
        const auto value = document.root().at(*json::parse_pointer(pointer));
        if (!value) return "";
        return value.is(json::Kind::string) ? std::string(value.as_string()) : value.to_text();
    }
    // What Standard Webhooks asks of a receiver: whether one of the signatures is the secret's.
    bool is_signed_with(const std::string& secret) const {
        const auto key = from_base64(std::string_view(secret).substr(6));
        const auto expected = "v1," + to_base64(hmac_sha256(*key, id + '.' + timestamp + '.' + body));
        for (const auto one : split(signature, ' ')) {
            if (one == expected) return true;
        }
        return false;
    }
};

class Receiver {
public:
    struct Answer {
        unsigned status = 200;
        std::vector<std::pair<const char*, std::string>> headers = {};  // names that live as long as the program
        std::string body = {};
    };

    Receiver() : server_([this](net::Router& router) { add_routes(router); }) {}

    std::string url(const std::string& name) const { return server_.origin() + "/in/" + name; }
    std::uint16_t port() const { return server_.port(); }
    // The next requests at this path get these answers, one after the other, and later ones 200.
    void answer(const std::string& name, std::vector<Answer> answers) {
        const std::lock_guard lock(mutex_);
        answers_[name].assign(answers.begin(), answers.end());
    }
    void answer_always(const std::string& name, unsigned status) {
        const std::lock_guard lock(mutex_);
        always_[name] = status;
    }
    std::vector<Received> all() const {
        const std::lock_guard lock(mutex_);
        return received_;
    }
    std::vector<Received> at(const std::string& name) const {
        auto found = all();
        std::erase_if(found, [&](const Received& one) { return one.name != name; });
        return found;
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        received_.clear();
    }

private:
    void add_routes(net::Router& router) {
        router.sync(net::Method::post, "/in/{name}", [this](net::Request& request, net::Response& response) {
            const std::lock_guard lock(mutex_);
            Received one{std::string(request.param("name")),
                         std::string(request.header("webhook-id")),
                         std::string(request.header("webhook-timestamp")),
                         std::string(request.header("webhook-signature")),
                         std::string(request.header("Content-Type")),
                         request.query("key").value_or(""),
                         std::string(request.body)};
            respond(one.name, response);
            received_.push_back(std::move(one));
        });
    }
    void respond(const std::string& name, net::Response& response) {
        if (const auto fixed = always_.find(name); fixed != always_.end()) response.status = fixed->second;
        auto& answers = answers_[name];
        if (answers.empty()) return;
        response.status = answers.front().status;
        for (const auto& [header, value] : answers.front().headers) response.set(header, value);
        response.body = answers.front().body;
        answers.pop_front();
    }

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<Answer>> answers_;
    std::map<std::string, unsigned> always_;
    std::vector<Received> received_;
    HttpServer server_;  // last: its thread uses the others
};

inline cp::webhooks::SenderConfig loopback_sender() {
    cp::webhooks::SenderConfig config;
    config.policy = cp::webhooks::AddressPolicy::make({"127.0.0.1"}).value();
    config.timeout = std::chrono::seconds(5);
    return config;
}

// What delivers in one replica.
class Replica {
public:
    Replica(ApiFixture& api, cp::db::Pool& pool, cp::webhooks::SenderConfig config = loopback_sender(),
            cp::webhooks::CourierConfig courier_config = {})
        : tasks(api.context.get_executor(), api.log),
          sender(api.context.get_executor(), std::move(config), api.clock),
          courier({api.context.get_executor(),
                   {pool, blocking, api.clock, metrics, api.log},
                   api.sealing,
                   sender,
                   tasks,
                   api.log},
                  courier_config) {}
    ~Replica() { blocking.join(); }

    telemetry::Registry registry;
    cp::webhooks::Metrics metrics{registry};
    net::BlockingPool blocking{1};
    net::TaskGroup tasks;
    cp::webhooks::Sender sender;
    cp::webhooks::Courier courier;
};

class Webhooks : public ApiFixture {
public:
    static constexpr UnixMillis hour = 3'600'000;

    explicit Webhooks(cp::webhooks::SenderConfig config = loopback_sender())
        : owner(bootstrap_owner("acme", "owner@example.com")), replica(*this, pool, std::move(config)) {
        REQUIRE(post(home + "/projects", owner, R"({"key":"web"})").status == 201);
    }

    // The response to the creation of a webhook at the receiver's path `name`.
    Reply make_webhook(const std::string& name, const std::string& more = "") {
        auto reply = post(home + "/webhooks", owner, R"({"url":")" + receiver.url(name) + "\"" + more + "}");
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply;
    }
    void make_flag(const std::string& key) {
        REQUIRE(post(home + "/projects/web/flags", owner, R"({"key":")" + key + R"(","type":"boolean"})").status ==
                201);
    }
    void describe_flag(const std::string& key, const std::string& text) {
        const auto reply = patch(home + "/projects/web/flags/" + key, owner, R"({"description":")" + text + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    std::size_t deliver() { return run(replica.courier.run_until_idle()); }
    // Sign in again, after the clock was moved beyond the life of a token.
    void sign_in() {
        const auto reply = post("/api/v1/auth/login", "",
                                std::string(R"({"email":"owner@example.com","password":")") + default_password + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        owner = reply.at("/access_token");
    }

    const std::string home = "/api/v1/orgs/acme";
    std::string owner;
    Receiver receiver;
    Replica replica;
};

}  // namespace fanion::test
