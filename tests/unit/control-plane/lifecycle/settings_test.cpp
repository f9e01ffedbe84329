// The settings of the report: defaults, what may be given, what is shown.

#include <catch2/catch.hpp>

#include "control-plane/body/json_text.hpp"
#include "control-plane/lifecycle/settings.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::lifecycle;
using cp::flags::Lifetime;

namespace {

Result<Settings> read(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return read_settings(document.root());
}

std::string first_finding(const std::string& text) {
    const auto settings = read(text);
    if (settings) return "none";
    const auto finding = settings.error().findings.at(0);
    return finding.pointer + ' ' + finding.code;
}

}  // namespace

TEST_CASE("what a body does not give gets its default, and null means to stay") {
    CHECK(read("{}").value() == Settings{});
    const auto settings = read(R"({"unused_days":7,"lifetimes":{"release":null,"permission":365}})").value();
    CHECK(settings.unused_days == 7);
    CHECK(settings.constant_days == 30);
    CHECK_FALSE(days_of(settings, Lifetime::release).has_value());
    CHECK(days_of(settings, Lifetime::experiment) == 40);
    CHECK_FALSE(days_of(settings, Lifetime::operational).has_value());
    CHECK(days_of(settings, Lifetime::permission) == 365);
}

TEST_CASE("each kind of bad setting has its place") {
    CHECK(first_finding(R"({"unused_days":0})") == "/unused_days out_of_range");
    CHECK(first_finding(R"({"constant_days":3651})") == "/constant_days out_of_range");
    CHECK(first_finding(R"({"constant_days":"30"})") == "/constant_days wrong_type");
    CHECK(first_finding(R"({"lifetimes":{"release":-1}})") == "/lifetimes/release out_of_range");
    CHECK(first_finding(R"({"lifetimes":{"forever":1}})") == "/lifetimes/forever unknown_field");
    CHECK(first_finding(R"({"days":1})") == "/days unknown_field");
}

TEST_CASE("what is shown can be sent back") {
    const StoredSettings stored{{10, 20, {1, 2, 3, std::nullopt}}, 4, 1'763'719'200'000};
    const auto text = cp::body::text_of([&](json::Writer& w) { write_settings(w, stored); });
    CHECK(read(text).value() == stored.settings);
}
