// Batches of events and relay status: what is read is written and read back the same.

#include <cstdint>
#include <cstdlib>

#include "common/wire/event_batch.hpp"
#include "common/wire/have.hpp"
#include "common/wire/status.hpp"

using namespace fanion;
using namespace fanion::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto batch = parse_event_batch(bytes)) {
        const auto again = parse_event_batch(to_json(*batch));
        if (!again || !(*again == *batch)) std::abort();
    }
    if (const auto status = parse_relay_status(bytes)) {
        const auto again = parse_relay_status(to_json(*status));
        if (!again || !(*again == *status)) std::abort();
    }
    if (const auto have = parse_have(bytes); have && parse_have(format_have(*have, size + 1024)).value() != *have)
        std::abort();
    return 0;
}
