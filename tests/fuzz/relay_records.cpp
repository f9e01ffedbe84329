// The small files beside the relay's snapshots: whatever is read must be written again to the byte.

#include <cstdint>
#include <cstdlib>

#include "relay/cache/floor.hpp"
#include "relay/cache/probation.hpp"
#include "relay/cache/relay_keys_file.hpp"

using namespace fanion::relay::cache;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto floor = parse_floor(bytes); floor && format_floor(*floor) != bytes) std::abort();
    if (const auto keys = parse_relay_keys(bytes); keys && format_relay_keys(*keys) != bytes) std::abort();
    // Lines may stand in another order: what is written from them must read the same.
    if (const auto probation = Probation::parse(bytes)) {
        const auto again = Probation::parse(probation->format());
        if (!again || again->format() != probation->format()) std::abort();
    }
    return 0;
}
