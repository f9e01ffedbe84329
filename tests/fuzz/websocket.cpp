// A WebSocket client's frames: what is read does not depend on how the bytes are split, and nothing is read after the end.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/net/websocket.hpp"

using namespace fanion::net;

namespace {

std::string read_all(std::string_view bytes, std::size_t piece) {
    ClientFrames frames;
    std::string out;
    bool has_ended = false;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        auto rest = bytes.substr(at, piece);
        while (!rest.empty()) {
            const auto before = rest.size();
            const auto event = frames.read(rest);
            if (rest.size() >= before) std::abort();  // it would be read forever
            if (event == ClientFrames::Event::none) continue;
            if (has_ended || frames.payload().size() > 125) std::abort();
            has_ended = event != ClientFrames::Event::ping;
            out += std::to_string(static_cast<int>(event)) + ':' + std::to_string(frames.code()) + ':';
            if (!has_ended) out += frames.payload();
        }
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = read_all(bytes, size + 1);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}})
        if (read_all(bytes, piece) != whole) std::abort();
    return 0;
}
