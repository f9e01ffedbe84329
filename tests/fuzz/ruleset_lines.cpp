// Signed documents: splitting, line 0, manifest and item lines. What is read and written again is the same.

#include <cstdint>
#include <cstdlib>

#include "common/wire/delta.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/manifest.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

void check_manifest(std::string_view payload) {
    const auto manifest = parse_manifest(payload);
    if (!manifest) return;
    const auto again = parse_manifest(to_json(*manifest));
    if (!again || to_json(*again) != to_json(*manifest)) std::abort();
}

void check_items(std::string_view lines, bool whole) {
    ItemSet items;
    if (!apply_item_lines(items, lines, whole)) return;
    std::string written;
    append_items(written, items);
    ItemSet again;
    if (!apply_item_lines(again, written, true)) std::abort();
    if (!(again == items) || again.root() != items.root() || again.bytes() != written.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_items(bytes, true);
    check_manifest(bytes);
    const auto envelope = parse_envelope(bytes);
    if (!envelope) return 0;
    const auto line0 = parse_signature_line(to_json(envelope->signature_line));
    if (!line0 || to_json(*line0) != to_json(envelope->signature_line)) std::abort();
    check_manifest(envelope->payload);
    check_items(envelope->items, true);
    check_items(envelope->items, false);
    return 0;
}
