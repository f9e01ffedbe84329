// What a worker notes, of which contexts, and what a hostile client can do to it.

#include "relay/attributes/sampler.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::relay::attributes;

namespace {

class Seeing {
public:
    explicit Seeing(bool is_on = true) : sampler(is_on) {}

    void see(const std::string& context, Source source = Source::server, std::string_view env_id = "e_1") {
        REQUIRE(document.parse(context));
        sampler.see(env_id, source, document.root());
    }
    // A context with names that nobody sent before.
    void see_junk(Source source) {
        std::string context = "{";
        for (int i = 0; i < 200; ++i) context += "\"junk" + std::to_string(made++) + "\":1,";
        see(context + "\"z\":1}", source);
    }

    Sampler sampler;
    json::Document document;
    int made = 0;
};

constexpr Types bit(wire::AttributeType type) { return static_cast<Types>(1u << static_cast<unsigned>(type)); }

}  // namespace

TEST_CASE("names are noted by environment and by the kind of key, with all types that they had") {
    Seeing worker;
    worker.see(R"({"a":1})");
    worker.see(R"({"a":"x"})");
    worker.see(R"({"a":true})", Source::client);
    worker.see(R"({"b":1})", Source::server, "e_2");
    auto noted = worker.sampler.take();
    REQUIRE(noted.size() == 2);
    auto& first = noted.at("e_1");
    REQUIRE(first.by_server.find("a"));
    CHECK(*first.by_server.find("a") == (bit(wire::AttributeType::number) | bit(wire::AttributeType::string)));
    REQUIRE(first.by_client.find("a"));
    CHECK(*first.by_client.find("a") == bit(wire::AttributeType::boolean));
    CHECK_FALSE(first.by_server.find("b"));
    CHECK(noted.at("e_2").by_server.find("b"));
    CHECK(worker.sampler.take().empty());
}

TEST_CASE("the first contexts are looked at, then one of so many, and so again after each take") {
    Seeing worker;
    for (int round = 0; round < 2; ++round) {
        for (std::uint64_t i = 0; i < looked_at_first + 2 * sampled_one_in; ++i) worker.see(R"({"a":1})");
        const auto noted = worker.sampler.take();
        CHECK(noted.at("e_1").by_server.entries().at("a").count == looked_at_first + 2);
    }
    worker.see("{}");
    worker.see("[]");
    worker.sampler.see("e_1", Source::server, {});
    CHECK(worker.sampler.take().empty());
}

TEST_CASE("callers who take turns are all looked at") {
    Seeing worker;
    for (int i = 0; i < 10'000; ++i) worker.see("{\"k" + std::to_string(i % 64) + "\":1}");
    CHECK(worker.sampler.take().at("e_1").by_server.entries().size() == 64);
}

TEST_CASE("switched off, nothing is noted") {
    Seeing worker(false);
    for (int i = 0; i < 1'000; ++i) worker.see(R"({"a":1})");
    CHECK(worker.sampler.take().empty());
    worker.see(R"({"a":1})");
    CHECK(worker.sampler.take().empty());
}

TEST_CASE("what back ends send outlives any number of names from clients") {
    Seeing worker;
    worker.see(R"({"country":"DE"})");
    for (int i = 0; i < 10'000; ++i) worker.see_junk(Source::client);
    const auto noted = worker.sampler.take();
    CHECK(noted.at("e_1").by_server.find("country"));
    CHECK(noted.at("e_1").by_client.entries().size() == most_names);
}

TEST_CASE("among clients, what as many contexts have as a hostile one sends stays") {
    Seeing worker;
    for (int i = 0; i < 20'000; ++i) {
        worker.see(R"({"country":"DE","plan":"pro"})", Source::client);
        worker.see_junk(Source::client);
    }
    const auto noted = worker.sampler.take();
    const auto& names = noted.at("e_1").by_client;
    CHECK(names.entries().size() == most_names);
    CHECK(names.find("country"));
    CHECK(names.find("plan"));
}
