// Segments, single records and cursors of a relay's spool, from any bytes: whatever is read has to come back when written.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/spool/cursor.hpp"
#include "common/spool/format.hpp"

using namespace fanion::spool;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    SegmentScanner scanner(bytes);
    std::uint64_t end = 0;
    while (const auto found = scanner.next()) {
        require(found->offset >= end && found->offset + found->length <= size);
        end = found->offset + found->length;
        require(end == scanner.good_end());
        const auto alone =
            bytes.substr(static_cast<std::size_t>(found->offset), static_cast<std::size_t>(found->length));
        require(read_record(alone, found->offset) == found->record);
        std::string again(segment_magic);
        append_record(again, again.size(), found->record);
        const auto reread = SegmentScanner(again).next();
        require(reread && reread->record == found->record);
    }
    read_record(bytes, 0);
    if (const auto cursor = decode_cursor(bytes)) require(encode(*cursor) == bytes);
    return 0;
}
