// The event stream parser: events do not depend on how the bytes are split, and bounds hold.

#include <cstdint>
#include <cstdlib>

#include "common/wire/sse_parser.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

constexpr SseLimits limits{512, 1024};

std::string parse(std::string_view bytes, std::size_t piece) {
    SseParser parser(limits);
    std::vector<SseEvent> events;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        if (!parser.feed(bytes.substr(at, piece), events)) break;
    std::string out;
    for (const auto& event : events) {
        if (event.data.empty() || event.data.back() != '\n' || event.data.size() > limits.event_bytes) std::abort();
        out += event.event + '\0' + event.id + '\0' + event.data + '\0';
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = parse(bytes, size + 1);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}})
        if (parse(bytes, piece) != whole) std::abort();
    return 0;
}
