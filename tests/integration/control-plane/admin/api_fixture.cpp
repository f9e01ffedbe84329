#include "tests/integration/control-plane/admin/api_fixture.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/net/server.hpp"
#include "common/net/task_group.hpp"
#include "common/wire/trust.hpp"
#include "control-plane/app/admin_routes.hpp"
#include "control-plane/app/bootstrap.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/flags/list_cache.hpp"
#include "control-plane/http/dispatch.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admissions.hpp"
#include "control-plane/identity/gate.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/live/presence_store.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/sign_on/provider_client.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"

namespace fanion::test {
namespace {

cp::publish::Signer make_signer(const std::string& iss, UnixMillis now) {
    const auto root = Ed25519PrivateKey::generate();
    const auto signer = Ed25519PrivateKey::generate();
    const auto trust = wire::make_trust(iss, root, signer.public_key(), now);
    return cp::publish::Signer::make(signer.to_pem(), trust, now).value();
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

// What serves: all that a thread of the program has, but for what relays ask.
struct ApiFixture::Server {
    explicit Server(ApiFixture& fixture)
        : background(workers.context(0).get_executor(), fixture.log),
          pg_metrics(fixture.server_registry),
          publish_metrics(fixture.server_registry),
          pool(workers.context(0).get_executor(), pool_config(fixture), pg_metrics, fixture.log),
          audit_listener(workers.context(0).get_executor(), fixture.app_config(),
                         {cp::audit::audit_channel, cp::live::presence_channel}, fixture.log),
          live_metrics(fixture.server_registry),
          live(workers.context(0).get_executor(), {pool, blocking, live_counts, live_metrics, fixture.log}),
          instance(fixture.run(cp::publish::open_instance(fixture.pool, fixture.clock.now()))),
          signer(make_signer(instance.iss, fixture.clock.now())),
          publisher(images, signer, blocking, fixture.clock, publish_metrics, instance.epoch),
          passwords(cheap()),
          tokens(one_key(), instance.iss),
          uses(pool, background, fixture.log),
          admissions(pool, background),
          sign_on_metrics(fixture.server_registry),
          identity_providers(workers.context(0).get_executor(), {.policy = fixture.addresses}, fixture.clock,
                             sign_on_metrics),
          services{pool,
                   publisher,
                   passwords,
                   tokens,
                   live,
                   cp::app::admin_routes(),
                   blocking,
                   background,
                   uses,
                   admissions,
                   entity_tags,
                   flag_lists,
                   audit_limit,
                   fixture.api_metrics,
                   fixture.sealing,
                   fixture.clock,
                   fixture.log,
                   fixture.registration,
                   fixture.limits,
                   fixture.public_url,
                   identity_providers,
                   fixture.addresses} {
        listen(fixture.log);
    }

    ~Server() {
        http->stop_accepting();
        http->cut();
        background.request_stop();
        test::eventually("all tasks have ended", [this] { return background.size() == 0; });
        workers.stop();
        workers.join();
        blocking.join();
        http.reset();
    }

    void listen(const Log& log) {
        const auto make_router = [this](unsigned) {
            net::Router router;
            cp::http::add_routes(router, cp::app::admin_routes(), cp::identity::gate, services);
            return router;
        };
        const auto make_hook = [](unsigned) -> net::ResponseHook {
            return [](net::Request& request, net::Response& response, std::string_view) {
                response.set("X-Request-Id", std::string(request.request_id()));
            };
        };
        net::ServerConfig config;
        config.name = "test";
        http = net::Server::listen(workers, config, make_router, make_hook, log).value();
        background.spawn("live_changes", live.run(audit_listener));
        workers.start();
    }

    net::Workers workers{1};
    net::BlockingPool blocking{2};
    net::TaskGroup background;
    cp::db::Metrics pg_metrics;
    cp::publish::Metrics publish_metrics;
    cp::audit::AuditLimit audit_limit;
    cp::db::Pool pool;
    cp::db::Listener audit_listener;
    cp::live::Metrics live_metrics;
    cp::live::StreamCounts live_counts;
    cp::live::ChangeHub live;
    cp::publish::Instance instance;
    cp::publish::ImageCache images;
    cp::publish::Signer signer;
    cp::publish::Publisher publisher;
    cp::identity::Passwords passwords;
    cp::identity::AccessTokens tokens;
    cp::identity::UseRecorder uses;
    cp::identity::Admissions admissions;
    cp::http::EntityTags entity_tags;
    cp::flags::ListCache flag_lists;
    cp::sign_on::Metrics sign_on_metrics;
    cp::sign_on::ProviderClient identity_providers;
    cp::http::Services services;
    std::unique_ptr<net::Server> http;
};

ApiFixture::ApiFixture() : clock(SystemClock().now()), server_(std::make_unique<Server>(*this)) {
    origin_ = "http://127.0.0.1:" + std::to_string(server_->http->port());
}

ApiFixture::~ApiFixture() = default;

void ApiFixture::await_background() {
    test::eventually("what requests set off has ended",
                     [this] { return server_->background.size() == 1; });  // but for live changes
}

namespace {

Reply to_reply(net::ClientResponse response) {
    Reply reply{response.status, std::move(response.headers), std::move(response.body), nullptr};
    auto document = std::make_shared<json::Document>();
    constexpr std::size_t most = 64u * 1024 * 1024;  // canonical bytes of audit entries are long strings
    if (document->parse(reply.body, {.bytes = most, .string_bytes = most})) reply.document = std::move(document);
    return reply;
}

}  // namespace

boost::asio::awaitable<Reply> ApiFixture::exchange(ApiRequest request) {
    net::ClientConfig config;
    config.origin = origin_;
    config.request_timeout = std::chrono::seconds(30);
    auto client = net::HttpClient::make(context.get_executor(), config).value();
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
