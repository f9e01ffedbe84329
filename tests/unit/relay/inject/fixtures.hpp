#pragma once

// The sidecar as the chart renders it, and AdmissionReviews as API servers of these versions send
// them.

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "relay/inject/sidecar.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/source_path.hpp"

namespace fanion::relay::inject::test {

inline std::string fixture(const std::string& name) {
    std::ifstream in(fanion::test::source_path("tests/fixtures/inject/" + name));
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    REQUIRE_FALSE(text.empty());
    return text;
}

inline Sidecar chart_sidecar() {
    auto sidecar = Sidecar::parse(fixture("sidecar.json"));
    REQUIRE(sidecar);
    return std::move(*sidecar);
}

// `text` with the first `what` replaced, which must be there.
inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

inline std::string variable(const json::Tree& container, const std::string& name) {
    for (const auto& each : container.find("env")->elements()) {
        if (each.find("name")->as_string() == name && each.find("value") != nullptr)
            return each.find("value")->as_string();
    }
    return "";
}

}  // namespace fanion::relay::inject::test
