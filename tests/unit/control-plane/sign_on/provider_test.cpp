// Bodies of requests about identity providers.

#include "control-plane/sign_on/provider.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::sign_on;
using Texts = std::vector<std::string>;

namespace {

template <class Read>
Texts faults(const std::string& body, const Read& read) {
    json::Document document;
    REQUIRE(document.parse(body));
    const auto result = read(document.root());
    Texts found;
    if (!result) {
        for (const auto& finding : result.error().findings) found.push_back(finding.pointer + ' ' + finding.code);
    }
    return found;
}

Texts faults_of_new(const std::string& more) {
    return faults(R"({"key":"k","issuer":"https://login.example.com","client_id":"c")" + more + '}', read_new_provider);
}

}  // namespace

TEST_CASE("a new provider has an issuer and a client") {
    CHECK(faults_of_new("").empty());
    CHECK(faults("{}", read_new_provider) == Texts{"/key missing", "/issuer missing", "/client_id missing"});
    CHECK(faults_of_new(R"(,"issuer":"http://login.example.com")") ==
          Texts{"/issuer bad_url", "/issuer duplicate_field"});
    CHECK(faults(R"({"key":"k","issuer":"http://a.example","client_id":""})", read_new_provider) ==
          Texts{"/issuer bad_url", "/client_id bad_client_id"});
    CHECK(faults_of_new(R"(,"client_secret":"a b")") == Texts{"/client_secret bad_secret"});
    CHECK(faults_of_new(R"(,"domains":["Example.com","x","a..b.c",".a.b","a.b."])") == Texts(5, "/domains bad_value"));
    CHECK(faults_of_new(R"(,"scopes":["a b",""])") == Texts(2, "/scopes bad_value"));
    CHECK(faults_of_new(R"(,"adds_members":true)") == Texts{"/domains missing"});
    CHECK(faults_of_new(R"(,"adds_members":true,"domains":["example.com"])").empty());
    CHECK(faults_of_new(R"(,"secret":"x")") == Texts{"/secret unknown_field"});
}

TEST_CASE("lists of a provider are bounded") {
    std::string many = "\"a.example\"";
    for (std::size_t i = 0; i < most_domains; ++i) many += ",\"a.example\"";
    CHECK(faults_of_new(",\"domains\":[" + many + "]") == Texts{"/domains too_many"});
}

TEST_CASE("a patch changes what it names, and the secret only where it names it") {
    Provider present;
    present.key = "k";
    present.settings = {"n", "https://login.example.com", "c", {"email"}, {"example.com"}, "groups", true, true};
    present.has_secret = true;
    const auto patched = [&](const std::string& body) {
        json::Document document;
        REQUIRE(document.parse(body));
        return patch_provider(document.root(), present);
    };
    CHECK(patched("{}")->settings == present.settings);
    CHECK_FALSE(patched("{}")->secret);
    CHECK(patched(R"({"client_secret":"x"})")->secret == "x");
    CHECK(patched(R"({"client_secret":null})")->secret == "");
    CHECK_FALSE(patched(R"({"enabled":false})")->settings.is_enabled);
    CHECK(patched(R"({"groups_claim":null})")->settings.groups_claim.empty());
    CHECK(faults(R"({"key":"other"})", [&](json::Value body) { return patch_provider(body, present); }) ==
          Texts{"/key immutable"});
    CHECK(patched(provider_text(present))->settings == present.settings);
    CHECK(provider_text(present).find("\"client_secret\"") == std::string::npos);
}

TEST_CASE("a provider speaks for addresses of its own domains, not of those below them") {
    ProviderSettings settings;
    settings.domains = {"example.com"};
    CHECK(covers(settings, "ada@example.com"));
    CHECK(covers(settings, "Ada@EXAMPLE.com"));
    CHECK_FALSE(covers(settings, "ada@sub.example.com"));
    CHECK_FALSE(covers(settings, "ada@evilexample.com"));
    CHECK_FALSE(covers(settings, "ada@example.com@evil.example"));
    CHECK_FALSE(covers(settings, "ada@evil.example@example.com"));
    CHECK_FALSE(covers(settings, "example.com"));
    CHECK_FALSE(covers(settings, ""));
}
