#include "relay/inject/sidecar.hpp"

#include <catch2/catch.hpp>

#include "common/json/document.hpp"
#include "tests/unit/relay/inject/fixtures.hpp"

using namespace fanion;
using namespace fanion::relay::inject;
using namespace fanion::relay::inject::test;

namespace {

json::Tree tree_of(const std::string& text) {
    auto tree = json::Tree::parse(text);
    REQUIRE(tree);
    return std::move(*tree);
}

}  // namespace

TEST_CASE("without wishes a pod gets what the chart renders, but for the environments") {
    Wishes wishes;
    wishes.environments = "acme/shop/production";
    std::vector<std::string> mistakes;
    const auto added = chart_sidecar().for_pod(wishes, mistakes);
    CHECK(mistakes.empty());
    const auto expected = tree_of(replaced(fixture("sidecar.json"), "\"ENVIRONMENT\"", "\"acme/shop/production\""));
    CHECK(added.container == expected.find("initContainers")->elements()[0]);
    CHECK(added.volumes == expected.find("volumes")->elements());
    CHECK(added.ports == std::vector<std::uint16_t>{8080, 9090, 8013});
}

TEST_CASE("wishes go into their places") {
    Wishes wishes;
    wishes.environments = "e_1";
    wishes.image = "relay:2";
    wishes.key_secret = "own";
    wishes.listen = config::Endpoint{"", 81};
    wishes.operators_port = 82;
    wishes.requests = {{"cpu", "1"}};
    wishes.limits = {{"memory", "1Gi"}, {"ephemeral-storage", "2Gi"}};
    std::vector<std::string> mistakes;
    const auto added = chart_sidecar().for_pod(wishes, mistakes);
    CHECK(mistakes.empty());
    const auto& container = added.container;
    CHECK(container.find("image")->as_string() == "relay:2");
    CHECK(variable(container, "FANION_REQUIRE_ENVIRONMENTS") == "e_1");
    CHECK(variable(container, "FANION_LISTEN") == "127.0.0.1:81");
    CHECK(variable(container, "FANION_OPERATORS_LISTEN") == "0.0.0.0:82");
    CHECK(container.find("ports")->to_text() == R"([{"containerPort":82,"name":"fanion-ops"}])");
    CHECK(*container.find("resources") == tree_of(R"({"limits":{"memory":"1Gi","ephemeral-storage":"2Gi"},)"
                                                  R"("requests":{"cpu":"1","memory":"48Mi"}})"));
    std::size_t renamed = 0;
    for (const auto& volume : added.volumes) {
        const auto* secret = volume.find("secret");
        if (secret != nullptr) renamed += secret->find("secretName")->as_string() == "own" ? 1u : 0u;
    }
    CHECK(renamed == 2);  // the key and the trust document, which are in one secret
    CHECK(added.ports == std::vector<std::uint16_t>{81, 82, 8013});
}

TEST_CASE("another secret for the key leaves a trust document alone that is elsewhere") {
    auto text = replaced(fixture("sidecar.json"), "\"name\": \"fanion-trust\",\n      \"secret\"",
                         "\"name\": \"fanion-trust\",\n      \"x\"");
    const auto sidecar = Sidecar::parse(text);
    REQUIRE(sidecar);
    Wishes wishes;
    wishes.key_secret = "own";
    std::vector<std::string> mistakes;
    const auto added = sidecar->for_pod(wishes, mistakes);
    const auto all = json::Tree::array(added.volumes).to_text();
    CHECK(all.find(R"("secretName":"own")") != std::string::npos);
    CHECK(all.find(R"("secretName":"fanion-relay")") != std::string::npos);
}

TEST_CASE("the relay's own ports must differ") {
    const auto sidecar = chart_sidecar();
    for (const auto& [listen, operators] :
         {std::pair{9090, 0}, std::pair{0, 8080}, std::pair{8013, 0}, std::pair{0, 8013}, std::pair{70, 70}}) {
        Wishes wishes;
        if (listen != 0) wishes.listen = config::Endpoint{"", static_cast<std::uint16_t>(listen)};
        if (operators != 0) wishes.operators_port = static_cast<std::uint16_t>(operators);
        std::vector<std::string> mistakes;
        sidecar.for_pod(wishes, mistakes);
        CAPTURE(listen, operators);
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].find("another one of the relay's own") != std::string::npos);
    }
}

TEST_CASE("a file that is no sidecar is refused with the place") {
    const auto good = fixture("sidecar.json");
    const std::pair<std::string, std::string> wrong[] = {
        {"", "syntax"},
        {"[]", "needs initContainers"},
        {R"({"initContainers":[],"volumes":[]})", "needs initContainers with one container"},
        {R"({"initContainers":[1],"volumes":[]})", "no native sidecar"},
        {replaced(good, "\"volumes\"", "\"v\""), "needs initContainers"},
        {replaced(good, "\"Always\"", "\"OnFailure\""), "restartPolicy: Always"},
        {replaced(good, "127.0.0.1:8080", "localhost:8080"), "FANION_LISTEN and FANION_OPERATORS_LISTEN"},
        {replaced(good, "FANION_OPERATORS_LISTEN", "OTHER"), "FANION_LISTEN and FANION_OPERATORS_LISTEN"},
        {replaced(good, "FANION_REQUIRE_ENVIRONMENTS", "OTHER"), "FANION_REQUIRE_ENVIRONMENTS"},
        {replaced(good, "FANION_KEY_FILE", "OTHER"), "FANION_KEY_FILE"},
        {replaced(good, "/etc/fanion/fanion-key\"", "/elsewhere\""), "FANION_KEY_FILE"},
        {replaced(good, "\"env\"", "\"e\""), "FANION_LISTEN"},
    };
    for (const auto& [text, said] : wrong) {
        CAPTURE(said);
        const auto sidecar = Sidecar::parse(text);
        REQUIRE_FALSE(sidecar);
        CHECK(sidecar.error().code == Errc::invalid_input);
        if (said != "syntax") CHECK(describe(sidecar.error()).find(said) != std::string::npos);
    }
}
