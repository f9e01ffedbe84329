#pragma once

// The journal of an environment: the deltas by which it got from a snapshot on disk to its present
// version. Pure.
//
// A record says what the snapshot file of its version would begin with, and which of its item lines
// differ from those of the base. So what is replayed is the snapshot file of that version, to the
// byte but for the order of new items, and passes the acceptance table like one: nothing in a
// journal is trusted.
//
// Format, repeated:
//     fanion-delta 1 <base> <version> <root in hex> <length> <length> <CRC-32C of the rest of the
//         delta, as 8 hexadecimal digits> LF
//     the two lines of the snapshot's head, of the first length
//     the changed items as in a delta (distribution.md), of the second length
//     the line of a floor file (floor.hpp): the version and its root
// Versions are <epoch>.<number>.
//
// What damage leaves is used: reading goes on at the next `fanion-`. Each record says its version
// twice, each time with a checksum, so that one fault cannot lower the floor.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/acceptance.hpp"

namespace fanion::relay::cache {

struct JournalRecord {
    wire::Version base;
    wire::Floor floor;  // the version to which it leads
    std::string head;   // lines 0 and 1
    std::string lines;  // of changed items, each with its LF
    friend bool operator==(const JournalRecord&, const JournalRecord&);
};
using JournalRecordPtr = std::shared_ptr<const JournalRecord>;

void append_record(std::string& out, const JournalRecord& record);

struct Journal {
    std::vector<JournalRecord> records;  // intact, in the order of the file
    std::optional<wire::Floor> floor;    // the highest that an intact line names
    std::size_t skipped = 0;             // bytes of what is torn or damaged
};
Journal parse_journal(std::string_view bytes);

// The bytes of the snapshot file to which the records lead, one after the other, from that of the
// first one's base. Nothing is checked.
std::string replay(std::string_view snapshot, const std::vector<const JournalRecord*>& records);

}  // namespace fanion::relay::cache
