// Two I/O threads of a control plane in this process, on one database.

#include "control-plane/app/serving.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>
#include <future>

#include "common/json/document.hpp"
#include "common/net/http_client.hpp"
#include "control-plane/app/bootstrap.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::cp;
using boost::asio::awaitable;
using net::Method;

namespace {

constexpr unsigned threads = 2;
constexpr const char* password = "correct horse battery staple";

// A coroutine on the first thread, waited for here.
template <class T>
T run_there(net::Workers& workers, awaitable<T> task) {
    std::promise<T> result;
    boost::asio::co_spawn(workers.context(0), std::move(task), [&](std::exception_ptr failed, T value) {
        failed ? result.set_exception(failed) : result.set_value(std::move(value));
    });
    return result.get_future().get();
}

awaitable<bool> start(app::Serving& serving, app::Keys keys) {
    co_await serving.start(std::move(keys));
    co_return true;
}

awaitable<bool> replace(app::Serving& serving, app::Keys keys) {
    co_await serving.replace_keys(std::move(keys));
    co_return true;
}

class TwoThreads : public test::PostgresFixture {
public:
    TwoThreads() {
        config.threads = threads;
        config.data_dir = folder.path();
        config.request_rate = 0;
        auto opened = run(publish::open_instance(pool, clock.now()));
        auto keys = load_keys(opened.iss);
        serving = std::make_unique<app::Serving>(app::ServingDeps{workers, blocking, registry, clock, log, no_sinks},
                                                 config, conninfo, std::move(opened));
        workers.start();
        REQUIRE(run_there(workers, start(*serving, std::move(keys))));
        const auto make_router = [this](unsigned thread) {
            net::Router router;
            serving->add_routes(router, thread);
            return router;
        };
        net::ServerConfig settings;
        settings.name = "public";
        server = net::Server::listen(workers, std::move(settings), make_router, {}, log).value();
        server->register_metrics(registry);
        test::eventually("both threads have read the rulesets", [&] { return serving->is_primed(); });
        test::eventually("the database is up", [&] { return serving->is_database_up(); });
    }

    ~TwoThreads() {
        server->stop_accepting();
        serving->end_streams();
        server->drain();
        CHECK(run_there(workers, server->join(std::chrono::seconds(20))));
        CHECK(run_there(workers, serving->end_tasks(std::chrono::seconds(20))));
        workers.stop();
        workers.join();
        blocking.join();
    }

    app::Keys load_keys(const std::string& iss) { return app::load_keys(config, iss, clock.now()).value(); }

    // Each request has a connection of its own, and so one of the threads.
    awaitable<net::ClientResponse> exchange(Method method, std::string path, std::string body) {
        net::ClientConfig settings;
        settings.origin = "http://127.0.0.1:" + std::to_string(server->port());
        settings.request_timeout = std::chrono::seconds(60);
        auto client = net::HttpClient::make(context.get_executor(), settings).value();
        net::ClientRequest wire{method, "/api/v1" + path, {}, std::move(body)};
        if (!wire.body.empty()) wire.headers.emplace_back("Content-Type", "application/json");
        if (!token.empty()) wire.headers.emplace_back("Authorization", "Bearer " + token);
        auto response = co_await client.send(std::move(wire));
        co_return std::move(response.value());
    }
    net::ClientResponse send(Method method, std::string path, std::string body = "") {
        return run(exchange(method, std::move(path), std::move(body)));
    }

    std::string sign_in() {
        token.clear();
        const auto reply = send(Method::post, "/auth/login",
                                R"({"email":"owner@example.com","password":")" + std::string(password) + "\"}");
        REQUIRE(reply.status == 200);
        json::Document document;
        REQUIRE(document.parse(reply.body));
        return std::string(document.root().find("access_token").as_string());
    }

    void set_up() {
        app::BootstrapRequest request{"owner@example.com", "acme", ""};
        const auto setup = run(app::bootstrap(pool, std::move(request), clock.now()));
        REQUIRE(setup);
        REQUIRE(send(Method::post, "/auth/setup", R"({"token":")" + *setup + R"(","password":")" + password + "\"}")
                    .status < 300);
        token = sign_in();
        REQUIRE(send(Method::post, "/orgs/acme/projects", R"({"key":"web"})").status == 201);
    }

    awaitable<void> write_and_read(std::string key, int& read);

    test::TemporaryDirectory folder;
    SystemClock clock;
    app::Config config;
    net::Workers workers{threads};
    net::BlockingPool blocking{2};
    const sinks::EventSinks no_sinks;
    std::unique_ptr<app::Serving> serving;
    std::unique_ptr<net::Server> server;
    std::string token;
};

awaitable<void> TwoThreads::write_and_read(std::string key, int& read) {
    auto body = R"({"key":")" + key + R"(","type":"boolean"})";
    std::string list = "/orgs/acme/projects/web/flags";
    auto one = list + '/' + key;
    const auto made = co_await exchange(Method::post, std::move(list), std::move(body));
    std::string nothing;
    const auto found = co_await exchange(Method::get, std::move(one), std::move(nothing));
    if (made.status == 201 && found.status == 200) ++read;
}

}  // namespace

TEST_CASE_METHOD(TwoThreads, "writes of both threads at once are read by either, also after a change of keys") {
    set_up();
    constexpr int at_once = 12;
    for (int round = 0; round < 3; ++round) {
        int read = 0;
        int ended = 0;
        for (int i = 0; i < at_once; ++i) {
            auto key = "f-" + std::to_string(round) + '-' + std::to_string(i);
            boost::asio::co_spawn(context, write_and_read(std::move(key), read),
                                  [&ended](std::exception_ptr failed) { ended += failed ? 1'000 : 1; });
        }
        context.restart();
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
        while (ended < at_once && context.run_one_until(deadline) > 0) {
        }
        REQUIRE(ended == at_once);
        CHECK(read == at_once);

        config.jwt_key.clear();
        std::filesystem::remove(config.data_dir / "jwt.pem");  // another one is made
        const auto old = token;
        REQUIRE(run_there(workers, replace(*serving, load_keys(serving->instance().iss))));
        CHECK(send(Method::get, "/auth/me").status == 200);
        token = sign_in();
        CHECK(token != old);
        CHECK(send(Method::get, "/auth/me").status == 200);
    }
    const auto text = registry.text();
    for (const std::string thread : {"0", "1"}) {
        const auto series = "fanion_http_thread_requests_total{server=\"public\",thread=\"" + thread + "\"} ";
        const auto at = text.find(series);
        REQUIRE(at != std::string::npos);
        CHECK(text[at + series.size()] != '0');
    }
}
