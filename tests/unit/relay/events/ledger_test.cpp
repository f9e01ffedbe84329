#include "relay/events/ledger.hpp"

#include <catch2/catch.hpp>

using namespace fanion::relay::events;

TEST_CASE("a ledger is decoded to what was encoded, and not from truncated bytes") {
    Ledger ledger;
    CHECK(decode_ledger(encode(ledger)) == ledger);
    ledger.sealed = 1'000'000;
    ledger.from = 1'763'720'000'000;
    ledger.reported = {1, 2, 3};
    ledger.pending_id = "relay.boot.12";
    ledger.pending_to = 1'763'720'010'000;
    ledger.pending_n = 17;
    ledger.pending_dropped = {4, 5, 6};
    const auto bytes = encode(ledger);
    CHECK(decode_ledger(bytes) == ledger);
    const auto numbers = bytes.size() - ledger.pending_id.size();
    for (std::size_t cut = 0; cut < numbers; ++cut) CHECK_FALSE(decode_ledger(bytes.substr(0, cut)).has_value());
    CHECK_FALSE(decode_ledger("\x02" + bytes.substr(1)).has_value());
}
