#include "control-plane/secrets/sealed_kind.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::secrets::sealed_kinds;
using cp::secrets::UnderKey;

namespace {

SealingKeys keys_of(const std::string& text) { return SealingKeys::parse(text).value(); }

}  // namespace

TEST_CASE("the place of a sealed value names its row and its column, and its organisation if it has one") {
    std::set<std::string> seen;
    for (const auto& kind : sealed_kinds()) {
        INFO(kind.name);
        const auto place = kind.place({"o_1", "x_1"});
        const auto text = place.tenant + '\n' + place.context;
        CHECK(place.context.find("x_1") != std::string::npos);
        CHECK(place.tenant.empty() != kind.has_tenant);
        CHECK((kind.name == "second_factor") == (text.find("o_1") == std::string::npos));
        // A rotation moves the secret of a webhook to the other column.
        CHECK(seen.insert(text).second == (kind.name != "webhook_previous_secret"));
    }
}

TEST_CASE("a value is under the first key, under another of the file, or under one that is not there") {
    const auto first = SealingKeys::make_text();
    const auto second = SealingKeys::make_text();
    const auto keys = keys_of(first + second);
    for (const auto& kind : sealed_kinds()) {
        INFO(kind.name);
        const auto under = [&](const SealingKeys& sealing, bool has_tenant) {
            return under_key(kind, sealing.head(has_tenant), keys);
        };
        CHECK(under(keys, kind.has_tenant) == UnderKey::current);
        CHECK(under(keys_of(second), kind.has_tenant) == UnderKey::older);
        CHECK(under(keys_of(SealingKeys::make_text()), kind.has_tenant) == UnderKey::unknown);
        CHECK(under_key(kind, "", keys) == UnderKey::unknown);
        // The earlier form, without the organisation, is to be replaced.
        if (kind.has_tenant) CHECK(under(keys, false) == UnderKey::older);
    }
}
