// The pre-scan and the parser behind it: whatever passes is read, written and read again to the same text.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/json/document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const bool scanned = fanion::json::prescan(text).has_value();
    fanion::json::Document document;
    const bool parsed = document.parse(text).has_value();
    if (parsed && !scanned) std::abort();
    if (!parsed) return 0;
    const auto compact = document.root().to_text();
    fanion::json::Document again;
    if (!again.parse(compact) || again.root().to_text() != compact) std::abort();
    return 0;
}
