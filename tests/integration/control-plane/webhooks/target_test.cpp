// Where messages go, and where they do not.

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/webhooks/receiver.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_proxy.hpp"

using namespace fanion;
using boost::asio::awaitable;
using boost::asio::ip::tcp;
using test::Webhooks;

namespace {

using Endpoints = std::vector<tcp::endpoint>;
using Deadline = std::chrono::steady_clock::time_point;

// A name server whose answers are written in advance; the last one is repeated. Addresses only: the port is asked for.
struct Names {
    std::vector<std::vector<std::string>> answers;
    std::size_t asked = 0;

    awaitable<Result<Endpoints>> answer(std::uint16_t port) {
        const auto& addresses = answers[std::min(asked++, answers.size() - 1)];
        Endpoints found;
        for (const auto& address : addresses) found.emplace_back(boost::asio::ip::make_address(address), port);
        co_return found;
    }
    net::Resolve lookup() {
        return [this](std::string, std::uint16_t port, Deadline) { return answer(port); };
    }
};

cp::webhooks::SenderConfig closed() {
    auto config = test::loopback_sender();
    config.policy = {};
    return config;
}

class NothingOpened : public Webhooks {
public:
    NothingOpened() : Webhooks(closed()) {}
};

std::string error_of(Webhooks& webhooks) {
    return webhooks.sql("SELECT error FROM fanion.webhook_attempts ORDER BY attempt_id DESC LIMIT 1");
}

constexpr std::array private_hosts{
    "127.0.0.1",       "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]", "0.0.0.0",   "127.1", "2130706433"};

}  // namespace

TEST_CASE_METHOD(Webhooks, "a private address is refused where it is entered, in every spelling, unless it is opened") {
    using Texts = std::vector<std::string>;
    const auto made = make_webhook("a");
    const auto place = home + "/webhooks/" + made.at("/id");
    REQUIRE(put(home + "/prometheus/main", owner, R"({"url":"https://prometheus.example"})").status == 201);
    addresses = {};
    const auto before = sql("SELECT md5(string_agg(w::text, ',')) FROM fanion.webhooks w");
    for (const std::string host : private_hosts) {
        CAPTURE(host);
        const auto body = R"({"url":"https://)" + host + R"(:8443/in"})";
        const auto refused = post(home + "/webhooks", owner, body);
        CHECK(refused.status == 422);
        CHECK(refused.errors() == Texts{"/url private_address"});
        CHECK(put(place, owner, body).errors() == Texts{"/url private_address"});
        CHECK(patch(place, owner, body).errors() == Texts{"/url private_address"});
        CHECK(put(home + "/prometheus/main", owner, body).errors() == Texts{"/url private_address"});
        CHECK(put(home + "/prometheus/new", owner, body).errors() == Texts{"/url private_address"});
    }
    CHECK(sql("SELECT md5(string_agg(w::text, ',')) FROM fanion.webhooks w") == before);
    CHECK(patch(place, owner, R"({"url":"https://localhost.example/in"})").status == 200);
    addresses = cp::webhooks::AddressPolicy::make({"10.1.0.0/16"}).value();
    CHECK(patch(place, owner, R"({"url":"https://10.1.2.3/in"})").status == 200);
    addresses = {};
    CHECK(patch(place, owner, R"({"enabled":false})").status == 200);  // what is there already can be changed
    CHECK(patch(place, owner, R"({"url":"https://10.2.0.1/in"})").errors() == Texts{"/url private_address"});
}

TEST_CASE_METHOD(NothingOpened, "what was entered while it was opened is refused, by number and by name") {
    addresses = cp::webhooks::AddressPolicy::make({"0.0.0.0/0", "::/0"}).value();
    const auto port = ':' + std::to_string(receiver.port());
    std::size_t made = 0;
    for (const std::string host : private_hosts) {
        const auto reply = post(home + "/webhooks", owner,
                                R"({"url":"http://)" + host + port + R"(/in/a","events":["flag.created"]})");
        CAPTURE(host);
        REQUIRE(reply.status == 201);
        ++made;
    }
    make_flag("f");
    CHECK(deliver() == made);
    CHECK(receiver.all().empty());
    CHECK(replica.metrics.refused.value() + replica.metrics.delivered.value() <= made);
    CHECK(replica.metrics.delivered.value() == 0);
    CHECK(sql("SELECT count(*) FROM fanion.webhook_attempts WHERE status = 0 AND error LIKE '%not delivered to%'") ==
          std::to_string(replica.metrics.refused.value()));
    CHECK(replica.metrics.refused.value() >= 8);
}

TEST_CASE_METHOD(Webhooks,
                 "a name is looked up once for an attempt, and the address that was checked is connected to") {
    Names names{{{"127.0.0.1"}, {"127.0.0.2"}}};  // the second answer is an address that is not opened
    auto config = test::loopback_sender();
    config.lookup = names.lookup();
    test::Replica rebound(*this, pool, std::move(config));
    const auto url = "http://rebinding.example:" + std::to_string(receiver.port()) + "/in/a";
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + url + R"(","events":["flag.updated"]})").status == 201);
    make_flag("f");
    describe_flag("f", "1");
    CHECK(run(rebound.courier.run_until_idle()) == 1);
    CHECK(names.asked == 1);
    REQUIRE(receiver.at("a").size() == 1);
    describe_flag("f", "2");
    CHECK(run(rebound.courier.run_until_idle()) == 1);
    CHECK(names.asked == 2);
    CHECK(receiver.at("a").size() == 1);
    CHECK(error_of(*this).find("not delivered to") != std::string::npos);
}

TEST_CASE_METHOD(Webhooks, "of several addresses of a name only those that are allowed are tried") {
    Names names{{{"10.0.0.1", "169.254.169.254", "127.0.0.1", "::1"}}};
    auto config = test::loopback_sender();
    config.lookup = names.lookup();
    test::Replica mixed(*this, pool, std::move(config));
    const auto url = "http://mixed.example:" + std::to_string(receiver.port()) + "/in/a";
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + url + R"(","events":["flag.created"]})").status == 201);
    make_flag("f");
    CHECK(run(mixed.courier.run_until_idle()) == 1);
    CHECK(receiver.at("a").size() == 1);
    CHECK(sql("SELECT took_ms < 2000 FROM fanion.webhook_attempts") == "t");  // 10.0.0.1 would not have refused
}

TEST_CASE_METHOD(Webhooks, "redirects are not followed") {
    make_webhook("a", R"(,"events":["flag.created"])");
    receiver.answer("a", {{302, {{"Location", receiver.url("b")}}, ""}, {307, {{"Location", receiver.url("b")}}, ""}});
    make_flag("f");
    deliver();
    clock.advance(10'000);
    deliver();
    CHECK(receiver.at("a").size() == 2);
    CHECK(receiver.at("b").empty());
    CHECK(error_of(*this) == "redirects are not followed");
}

TEST_CASE_METHOD(Webhooks, "of a response no more than its beginning is read") {
    make_webhook("a", R"(,"events":["flag.created"])");
    receiver.answer("a", {{200, {}, std::string(5'000'000, 'x')}});
    make_flag("f");
    CHECK(deliver() == 1);
    CHECK(sql("SELECT state FROM fanion.webhook_deliveries") == "delivered");
    CHECK(sql("SELECT octet_length(response) FROM fanion.webhook_attempts") == "1024");
}

TEST_CASE_METHOD(Webhooks, "one that does not answer ends at its time, and does not keep others waiting") {
    boost::asio::io_context unused;
    tcp::acceptor silent(unused, {boost::asio::ip::address_v4::loopback(), 0});  // connects, and says nothing
    auto config = test::loopback_sender();
    config.timeout = std::chrono::milliseconds(300);
    test::Replica impatient(*this, pool, std::move(config));
    const auto url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/";
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + url + R"(","events":["flag.created"]})").status == 201);
    make_webhook("a", R"(,"events":["flag.created"])");
    for (int i = 0; i < 20; ++i) make_flag("f" + std::to_string(i));
    CHECK(run(impatient.courier.run_until_idle()) == 40);
    CHECK(receiver.at("a").size() == 20);
    CHECK(sql("SELECT count(*) FROM fanion.webhook_attempts WHERE error LIKE '%too long%'") == "20");
    // The last of the receiver's attempts began before the second wave of the silent one's.
    CHECK(sql("SELECT max(a.attempt_id) FILTER (WHERE a.status = 200) < max(a.attempt_id) FILTER (WHERE a.status = 0) "
              "FROM fanion.webhook_attempts a") == "t");
}

TEST_CASE_METHOD(Webhooks, "a refused connection is a failed attempt") {
    std::uint16_t port = 0;
    {
        boost::asio::io_context unused;
        tcp::acceptor closed_soon(unused, {boost::asio::ip::address_v4::loopback(), 0});
        port = closed_soon.local_endpoint().port();
    }
    const auto url = "http://127.0.0.1:" + std::to_string(port) + "/";
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + url + R"(","events":["flag.created"]})").status == 201);
    make_flag("f");
    CHECK(deliver() == 1);
    CHECK(sql("SELECT state FROM fanion.webhook_deliveries") == "failed");
    CHECK(error_of(*this).find("connecting failed") != std::string::npos);
}

TEST_CASE_METHOD(Webhooks,
                 "with a proxy that looks up names, https goes through it and the rest is checked as before") {
    const test::Authority authority;
    std::string delivered;
    const auto take = [&](net::Request& request, net::Response&) { delivered = request.body; };
    test::HttpServer outside(
        [&](net::Router& router) { router.sync(net::Method::post, "/in", take); },
        {.tls = net::ServerTls::load({authority.issue("server", 3600, "DNS:hooks.example"), ""}).value()});
    test::ScriptedProxy proxy("HTTP/1.1 200 OK\r\n\r\n", outside.port());
    Names names{{{"10.0.0.1"}}};  // what this machine would find is not asked for
    cp::webhooks::SenderConfig config;
    config.lookup = names.lookup();
    config.tls = net::make_client_tls(authority.ca_file()).value();
    config.proxies = net::ProxySettings::parse(proxy.url("user:secret@"), "direct.example").value();
    cp::webhooks::Sender sender(context.get_executor(), config, clock);
    const auto send = [&](const std::string& url) {
        cp::webhooks::Message message{
            url, {"whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}, cp::webhooks::DeliveryId("d"), "{}"};
        return run(sender.send(std::move(message)));
    };
    for (const std::string host : private_hosts) {
        CAPTURE(host);
        CHECK(send("https://" + host + "/in").attempt.error.find("not delivered to") != std::string::npos);
    }
    CHECK(send("http://plain.example/in").is_address_refused);
    CHECK(send("https://direct.example/in").is_address_refused);
    const auto asked = names.asked;
    CHECK(send("https://hooks.example/in").attempt.status == 200);
    CHECK(names.asked == asked);
    CHECK(delivered == "{}");
    CHECK(proxy.request().starts_with("CONNECT hooks.example:443 HTTP/1.1\r\n"));
}
