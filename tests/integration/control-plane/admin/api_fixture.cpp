#include "tests/integration/control-plane/admin/api_fixture.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/wire/trust.hpp"
#include "control-plane/app/bootstrap.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/live/presence_store.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"

namespace fanion::test {
namespace {

cp::publish::Signer make_signer(const std::string& iss, UnixMillis now) {
    const auto root = Ed25519PrivateKey::generate();
    const auto signer = Ed25519PrivateKey::generate();
    const auto trust = wire::make_trust(iss, root, signer.public_key(), now);
    return std::move(cp::publish::Signer::make(signer.to_pem(), trust, now).value());
}

cp::db::PoolConfig pool_config(const PostgresFixture& fixture) {
    cp::db::PoolConfig config;
    config.connection = fixture.app_config();
    config.size = 6;
    return config;
}

cp::identity::PasswordCost cheap() {
    cp::identity::PasswordCost cost;
    cost.memory_kib = 64;
    cost.passes = 1;
    return cost;
}

std::vector<Ed25519PrivateKey> one_key() { return {Ed25519PrivateKey::generate()}; }

}  // namespace

std::string Reply::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (equals_ignore_case_ascii(key, name)) return value;
    }
    return "";
}

std::string Reply::at(std::string_view pointer) const {
    if (!document) return "";
    const auto value = document->root().at(*json::parse_pointer(pointer));
    if (!value) return "";
    return value.is(json::Kind::string) ? std::string(value.as_string()) : value.to_text();
}

std::vector<std::string> Reply::errors() const {
    std::vector<std::string> found;
    const auto list = document ? document->root().find("errors") : json::Value();
    if (!list) return found;
    for (const auto error : list.elements()) {
        const auto pointer = error.find("pointer");
        found.push_back(std::string(pointer ? pointer.as_string() : "") + ' ' +
                        std::string(error.find("code").as_string()));
    }
    return found;
}

cp::quotas::LimitsConfig ApiFixture::no_rates() {
    cp::quotas::LimitsConfig config;
    config.credential = {};
    config.quotas.set(cp::quotas::Quota::requests_per_second, std::nullopt);
    return config;
}

ApiFixture::ApiFixture()
    : clock(SystemClock().now()),
      server_pool_(workers_.context(0).get_executor(), pool_config(*this), server_pg_metrics_, log),
      audit_listener_(workers_.context(0).get_executor(), app_config(),
                      {cp::audit::audit_channel, cp::live::presence_channel}, log),
      live_(workers_.context(0).get_executor(), {server_pool_, blocking_, live_counts_, live_metrics_, log}),
      instance_(run(cp::publish::open_instance(pool, clock.now()))),
      signer_(make_signer(instance_.iss, clock.now())),
      publisher_(images_, signer_, blocking_, clock, publish_metrics_, instance_.epoch),
      passwords_(cheap()),
      tokens_(one_key(), instance_.iss),
      uses_(server_pool_, background_, log),
      admissions_(server_pool_, background_),
      // Providers of tests are on this machine.
      identity_providers_(workers_.context(0).get_executor(),
                          {.policy = cp::webhooks::AddressPolicy::make({"127.0.0.0/8"}).value()}, clock,
                          sign_on_metrics_),
      services_{server_pool_, publisher_,   passwords_,
                tokens_,      live_,        cp::app::admin_routes(),
                blocking_,    background_,  uses_,
                admissions_,  entity_tags_, flag_lists_,
                audit_limit_, api_metrics,  sealing,
                clock,        log,          registration,
                limits,       public_url,   identity_providers_} {
    start_server();
}

ApiFixture::~ApiFixture() {
    server_->stop_accepting();
    server_->cut();
    background_.request_stop();
    test::eventually("all tasks have ended", [this] { return background_.size() == 0; });
    workers_.stop();
    workers_.join();
    blocking_.join();
    server_.reset();
}

void ApiFixture::await_background() {
    test::eventually("what requests set off has ended",
                     [this] { return background_.size() == 1; });  // but for live changes
}

void ApiFixture::start_server() {
    const auto make_router = [this](unsigned) {
        net::Router router;
        cp::http::add_routes(router, cp::app::admin_routes(), cp::identity::gate, services_);
        return router;
    };
    const auto make_hook = [](unsigned) -> net::ResponseHook {
        return [](net::Request& request, net::Response& response, std::string_view) {
            response.set("X-Request-Id", std::string(request.request_id()));
        };
    };
    net::ServerConfig config;
    config.name = "test";
    server_ = std::move(net::Server::listen(workers_, config, make_router, make_hook, log).value());
    origin_ = "http://127.0.0.1:" + std::to_string(server_->port());
    background_.spawn("live_changes", live_.run(audit_listener_));
    workers_.start();
}

Reply ApiFixture::to_reply(net::ClientResponse response) {
    Reply reply{response.status, std::move(response.headers), std::move(response.body), nullptr};
    auto document = std::make_shared<json::Document>();
    constexpr std::size_t most = 64u * 1024 * 1024;  // canonical bytes of audit entries are long strings
    if (document->parse(reply.body, {.bytes = most, .string_bytes = most})) reply.document = std::move(document);
    return reply;
}

boost::asio::awaitable<Reply> ApiFixture::exchange(ApiRequest request) {
    net::ClientConfig config;
    config.origin = origin_;
    config.request_timeout = std::chrono::seconds(30);
    auto client = std::move(net::HttpClient::make(context.get_executor(), config).value());
    net::ClientRequest wire{request.method, request.path, request.headers, request.body};
    if (!request.token.empty()) wire.headers.emplace_back("Authorization", "Bearer " + request.token);
    bool has_type = false;
    for (const auto& [name, value] : wire.headers) has_type = has_type || name == "Content-Type";
    if (!request.body.empty() && !has_type) wire.headers.emplace_back("Content-Type", "application/json");
    auto response = co_await client.send(std::move(wire));
    co_return to_reply(std::move(response.value()));
}

Reply ApiFixture::send(ApiRequest request) { return run(exchange(std::move(request))); }

std::vector<Reply> ApiFixture::send_at_once(std::vector<ApiRequest> requests) {
    std::vector<Reply> replies(requests.size());
    std::size_t ended = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto keep = [&replies, &ended, i](std::exception_ptr failed, Reply reply) {
            if (failed) std::rethrow_exception(failed);
            replies[i] = std::move(reply);
            ++ended;
        };
        boost::asio::co_spawn(context, exchange(std::move(requests[i])), std::move(keep));
    }
    context.restart();
    while (ended < replies.size() && context.run_one() > 0) {
    }
    return replies;
}

Reply ApiFixture::get(const std::string& path, const std::string& token) {
    return send({net::Method::get, path, token});
}

Reply ApiFixture::post(const std::string& path, const std::string& token, std::string body) {
    return send({net::Method::post, path, token, std::move(body)});
}

namespace {

std::vector<std::pair<std::string, std::string>> conditional(std::string if_match) {
    if (if_match.empty()) return {};
    return {{"If-Match", std::move(if_match)}};
}

}  // namespace

Reply ApiFixture::put(const std::string& path, const std::string& token, std::string body, std::string if_match) {
    return send({net::Method::put, path, token, std::move(body), conditional(std::move(if_match))});
}

Reply ApiFixture::patch(const std::string& path, const std::string& token, std::string body, std::string if_match) {
    return send({net::Method::patch, path, token, std::move(body), conditional(std::move(if_match))});
}

Reply ApiFixture::del(const std::string& path, const std::string& token, std::string if_match) {
    return send({net::Method::del, path, token, "", conditional(std::move(if_match))});
}

std::string ApiFixture::setup(const std::string& setup_token, const std::string& password) {
    const auto reply =
        post("/api/v1/auth/setup", "", R"({"token":")" + setup_token + R"(","password":")" + password + "\"}");
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return reply.at("/access_token");
}

std::string ApiFixture::bootstrap_owner(const std::string& org, const std::string& email) {
    cp::app::BootstrapRequest request{email, org, ""};
    const auto token = run(cp::app::bootstrap(pool, std::move(request), clock.now()));
    REQUIRE(token);
    return setup(*token);
}

std::string ApiFixture::add_member(const std::string& inviter, const std::string& org, const std::string& email,
                                   const std::string& role) {
    const auto body = R"({"email":")" + email + R"(","role":")" + role + "\"}";
    const auto reply = post("/api/v1/orgs/" + org + "/members", inviter, body);
    INFO(reply.body);
    REQUIRE(reply.status == 201);
    return setup(reply.at("/setup_token"));
}

}  // namespace fanion::test
