// Requests of flagd's providers: what is read of a Struct is JSON, or is refused, and is written and read back the same.

#include <cstdint>
#include <cstdlib>

#include "relay/grpc/messages.hpp"
#include "relay/grpc/struct_codec.hpp"

using namespace fanion;
using namespace fanion::relay::grpc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static_cast<void>(read_resolve_all_request(bytes));
    const auto request = read_resolve_request(bytes);
    if (!request) return 0;
    std::string text;
    if (!append_json(text, request->context)) return 0;
    json::Document document;
    if (const auto parsed = document.parse(text); !parsed) {
        // The bytes of texts and sizes are not checked before; the syntax always holds.
        for (const auto& finding : parsed.error().findings) {
            if (finding.code == "syntax") std::abort();
        }
        return 0;
    }
    std::string again;
    if (!append_json(again, struct_of(document.root())) || again != document.root().to_text()) std::abort();
    return 0;
}
