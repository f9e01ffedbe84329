// A journal of the relay's cache, from any bytes: what is read has to come back when it is written, and a replay of it ends.

#include <cstdint>
#include <cstdlib>

#include "relay/cache/journal.hpp"

using namespace fanion::relay::cache;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto journal = parse_journal(bytes);
    require(journal.skipped <= size);
    require(journal.records.empty() || journal.floor);
    std::string again;
    std::vector<const JournalRecord*> records;
    for (const auto& record : journal.records) {
        require(record.base < record.floor.version && !(journal.floor->version < record.floor.version));
        append_record(again, record);
        records.push_back(&record);
    }
    const auto reread = parse_journal(again);
    require(reread.records == journal.records && reread.skipped == 0);
    const auto replayed = replay(bytes, records);
    require(records.empty() ? replayed == bytes : replayed.starts_with(records.back()->head));
    return 0;
}
