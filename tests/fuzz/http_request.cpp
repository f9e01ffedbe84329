// Bytes of any peer to the request parser: no crash, no endless loop, and the same requests however the bytes are split.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/request_parser.hpp"

namespace {

using fanion::net::RequestParser;
constexpr fanion::net::ParserLimits limits{.header_bytes = 512, .target_bytes = 128, .body_bytes = 256};

// All complete requests as text, fed in pieces of `step` bytes.
std::vector<std::string> requests_in(std::string_view bytes, std::size_t step) {
    std::vector<std::string> requests;
    RequestParser parser(limits);
    while (!bytes.empty()) {
        const auto room = parser.prepare();
        const auto count = std::min({room.size(), bytes.size(), step});
        std::memcpy(room.data(), bytes.data(), count);
        parser.commit(count);
        bytes.remove_prefix(count);
        auto state = parser.parse();
        for (; state == RequestParser::State::complete; state = parser.parse()) {
            const auto& request = parser.request();
            std::string text(request.target);
            for (const auto& header : request.headers()) {
                text += '\n' + std::string(header.name) + ':' + std::string(header.value);
            }
            requests.push_back(text + "\n\n" + std::string(request.body));
            parser.next();
        }
        if (state == RequestParser::State::failed) break;
    }
    return requests;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = requests_in(bytes, bytes.size());
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
        if (requests_in(bytes, step) != whole) std::abort();
    }
    return 0;
}
