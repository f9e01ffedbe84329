#include "relay/inject/annotations.hpp"

#include <catch2/catch.hpp>

#include "common/json/tree.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::relay::inject;

namespace {

struct Read {
    Wishes wishes;
    std::vector<std::string> mistakes;
};

Read read(const std::vector<std::pair<std::string, std::string>>& annotations) {
    auto tree = json::Tree::object();
    for (const auto& [name, value] : annotations) tree.set(name, json::Tree::string(value));
    const auto document = json::to_document(tree);
    REQUIRE(document);
    Read out;
    out.wishes = read_wishes(document->root(), out.mistakes);
    return out;
}

}  // namespace

TEST_CASE("annotations say what a pod's relay is like, others than ours are not read") {
    const auto [wishes, mistakes] = read({{"fanion.dev/inject", " acme/shop/production,env_2 "},
                                          {"fanion.dev/image", "registry.example.com:5000/fanion/relay@sha256:ab"},
                                          {"fanion.dev/key-secret", "shop-relay"},
                                          {"fanion.dev/listen", "18080"},
                                          {"fanion.dev/operators-port", "19090"},
                                          {"fanion.dev/requests", "cpu=0.5, memory=64Mi"},
                                          {"fanion.dev/limits", "memory=1G"},
                                          {"prometheus.io/scrape", "true"}});
    CHECK(mistakes.empty());
    CHECK(wishes.environments == "acme/shop/production,env_2");
    CHECK(wishes.image == "registry.example.com:5000/fanion/relay@sha256:ab");
    CHECK(wishes.key_secret == "shop-relay");
    REQUIRE(wishes.listen);
    CHECK(wishes.listen->port == 18080);
    CHECK(wishes.listen->address.empty());
    CHECK(wishes.operators_port == 19090);
    CHECK(wishes.requests == Quantities{{"cpu", "0.5"}, {"memory", "64Mi"}});
    CHECK(wishes.limits == Quantities{{"memory", "1G"}});
}

TEST_CASE("what is not said stays as it is") {
    const auto [wishes, mistakes] = read({{"fanion.dev/inject", "env_1"}});
    CHECK(mistakes.empty());
    CHECK_FALSE(wishes.image);
    CHECK_FALSE(wishes.key_secret);
    CHECK_FALSE(wishes.listen);
    CHECK_FALSE(wishes.operators_port);
    CHECK(wishes.requests.empty());
    CHECK(wishes.limits.empty());
}

TEST_CASE("a relay listens on loopback") {
    for (const auto* address : {"127.0.0.1:81", "127.1.2.3:81", "[::1]:81"}) {
        const auto [wishes, mistakes] = read({{"fanion.dev/inject", "e"}, {"fanion.dev/listen", address}});
        CHECK(mistakes.empty());
        REQUIRE(wishes.listen);
        CHECK(config::to_string(*wishes.listen) == address);
    }
    for (const auto* address : {"0.0.0.0:81", "[::]:81", "10.0.0.1:81"}) {
        const auto mistakes = read({{"fanion.dev/inject", "e"}, {"fanion.dev/listen", address}}).mistakes;
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].find("no address of loopback") != std::string::npos);
    }
}

TEST_CASE("each mistake names its annotation and its value") {
    const std::pair<const char*, std::vector<std::string>> wrong[] = {
        {"inject", {"", ",", "acme/shop", "a/b/c/d", "acme/shop/", "a b", "acme/shop/production,"}},
        {"image", {"", "re lay", "relay\n", std::string(513, 'a'), "rel\xc3\xa4y"}},
        {"key-secret", {"", "-a", "a-", "A", "a_b", "a/b", std::string(254, 'a')}},
        {"listen", {"", "0", "65536", "-1", "8080.", "localhost:80", "127.0.0.1:0", "unix:/run/a", "127.0.0.1"}},
        {"operators-port", {"", "0", "65536", "127.0.0.1:9090"}},
        {"requests", {"", "cpu", "cpu=", "cpu=-1", "cpu=1.", "cpu=.5", "cpu=1.2.3", "gpu=1", "cpu=1Mb", "cpu=20m,"}},
        {"limits", {"memory=lots", "memory = 1Gi", "memory:1Gi"}},
        {"imgae", {"relay:2"}},
        {"", {""}},
    };
    for (const auto& [name, values] : wrong) {
        for (const auto& value : values) {
            const auto annotation = std::string("fanion.dev/") + name;
            CAPTURE(annotation, value);
            auto given = std::vector<std::pair<std::string, std::string>>{{annotation, value}};
            const auto mistakes = read(given).mistakes;
            REQUIRE(mistakes.size() == 1);
            CHECK(mistakes[0].starts_with("annotation " + annotation + ": "));
            CHECK(mistakes[0].size() < 400);
        }
    }
}
