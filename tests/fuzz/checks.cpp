// Static checks: what compiles is checked to the end, and each finding names an item, a place inside the text and a reason.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/eval/check/check.hpp"
#include "common/json/document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fanion;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto warnings = eval::check_plain(text);
    if (!warnings) {
        if (warnings.error().findings.empty()) std::abort();
        return 0;
    }
    json::Document document;
    json::ScanLimits scan;
    scan.bytes = limits::environment_bytes;
    if (!document.parse(text, scan)) std::abort();
    for (const auto& warning : *warnings) {
        if (warning.code.empty() || warning.detail.empty()) std::abort();
        const auto tokens = json::parse_pointer(warning.pointer);
        if (!tokens || !document.root().at(*tokens)) std::abort();
    }
    return 0;
}
