#include "relay/cache/key_uses.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::relay::cache;

namespace {

constexpr UnixMillis minute = key_use_resolution;
using Uses = std::vector<wire::KeyUse>;

}  // namespace

TEST_CASE("a use is reported by its minute until upstream has accepted it") {
    KeyUses uses;
    const auto a = uses.of("a");
    const auto b = uses.of("b");
    CHECK(uses.due().empty());
    a->record(10 * minute + 1);
    a->record(10 * minute + 59'999);
    CHECK(uses.due() == Uses{{"a", 10 * minute}});
    CHECK(uses.due() == Uses{{"a", 10 * minute}});
    uses.reported(uses.due());
    CHECK(uses.due().empty());
    a->record(10 * minute + 30'000);
    CHECK(uses.due().empty());
    b->record(11 * minute);
    a->record(11 * minute);
    CHECK(uses.due() == Uses{{"a", 11 * minute}, {"b", 11 * minute}});
}

TEST_CASE("a use during the report is reported next time") {
    KeyUses uses;
    const auto key = uses.of("a");
    key->record(minute);
    const auto in_flight = uses.due();
    key->record(2 * minute);
    uses.reported(in_flight);
    CHECK(uses.due() == Uses{{"a", 2 * minute}});
}

TEST_CASE("the last use never moves backwards") {
    KeyUses uses;
    const auto key = uses.of("a");
    key->record(5 * minute);
    key->record(4 * minute);
    CHECK(uses.due() == Uses{{"a", 5 * minute}});
    uses.reported(uses.due());
    uses.reported({{"a", 3 * minute}, {"unknown", minute}});
    CHECK(uses.due().empty());
}

TEST_CASE("a key that is no longer referenced is forgotten once its last use was reported") {
    KeyUses uses;
    uses.of("a")->record(minute);
    CHECK(uses.due() == Uses{{"a", minute}});
    uses.reported(uses.due());
    CHECK(uses.due().empty());
    CHECK(uses.of("a")->minute() == 0);  // another object
    const auto held = uses.of("b");
    CHECK(uses.due().empty());
    CHECK(uses.of("b") == held);
}

TEST_CASE("keys beyond the limit of a report are in the next one") {
    KeyUses uses;
    std::vector<std::shared_ptr<KeyUse>> keys;
    for (std::size_t i = 0; i <= wire::most_key_uses; ++i) {
        keys.push_back(uses.of("k" + std::to_string(i)));
        keys.back()->record(minute);
    }
    const auto first = uses.due();
    CHECK(first.size() == wire::most_key_uses);
    uses.reported(first);
    CHECK(uses.due().size() == 1);
}
