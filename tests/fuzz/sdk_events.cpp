// What an SDK sends: what is accepted is, as a relay sends it on, a batch of as many events.

#include <cstdint>
#include <cstdlib>

#include "common/wire/event_batch.hpp"
#include "common/wire/sdk_events.hpp"

using namespace fanion;
using namespace fanion::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const AppendUnit append_unit = append_unit_digest;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    json::Document document;
    if (!document.parse(bytes)) return 0;
    SdkEvents events;
    if (!read_sdk_events(document.root(), {"e_1", 1'763'720'000'000, append_unit}, events)) return 0;
    EventBatch head;
    head.batch = head.relay = "r";
    json::ScanLimits limits;
    limits.bytes = 64u * 1024 * 1024;
    const auto batch = parse_event_batch(to_json(head, events.exposures, events.metrics), limits);
    if (!batch || batch->exposures.size() != events.exposure_count || batch->metrics.size() != events.metric_count)
        std::abort();
    for (const auto& event : batch->exposures)
        if (event.env != "e_1" || event.unit.size() != 32) std::abort();
    for (const auto& event : batch->metrics)
        if (event.env != "e_1" || event.unit.size() != 32) std::abort();
    return 0;
}
