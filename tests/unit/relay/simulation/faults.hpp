#pragma once

// What goes wrong in the worlds. Each injected fault is counted over all worlds of a run, in all of
// its processes: one that never happens tests nothing. A planted fault is a defect of the program
// itself, put in the place of a part of it: it proves that an invariant can fail.

#include <cstdint>
#include <string_view>

namespace fanion::test {

enum class Fault : unsigned {
    request_lost,
    request_sent_twice,
    answer_lost,
    answer_replayed,
    answer_damaged,
    answer_refused,
    stream_late,
    stream_damaged,
    stream_repeated,
    stream_replayed,
    stream_cut,
    link_down,
    disk_full,
    disk_failing,
    write_torn,
    killed,
    power_cut,
    cache_stale,
    signer_restarted,
    backup_restored,
    signer_added,
    signers_removed,
    revoked,
    forged,
    batch_refused,
    batch_too_large,
    middle_altered,
    middle_replayed,
    middle_reordered,
    middle_withheld,
    middle_mixed,
};
inline constexpr std::size_t fault_count = 31;
std::string_view name_of(Fault fault) noexcept;

// Of this process and those that it has forked since.
void share_fault_counts();
void count(Fault fault) noexcept;
std::uint64_t count_of(Fault fault) noexcept;
void count_world(std::uint64_t seconds) noexcept;
std::uint64_t count_of_worlds() noexcept;
std::uint64_t seconds_of_worlds() noexcept;  // of simulated time

enum class Plant {
    none,
    floor_not_written,        // the file of a floor is never replaced
    floor_written_late,       // it gets its first content back at every third write
    floor_not_synced,         // it is written without a sync
    journal_not_synced,       // deltas are appended without a sync
    journal_cut,              // an append loses its last bytes
    floor_ignored,            // acceptance does not compare with it
    delta_incomplete,         // an item gets lost when a delta is applied
    environment_not_checked,  // acceptance takes what was signed for another environment
    signature_not_checked,    // every signature is right
    signature_covers_little,  // only the beginning of what is signed
    version_refused,          // every fourth version is not accepted
    stream_not_resumed,       // after the first stream of a process none is opened
    batch_forgotten,          // the spool drops every third batch and says nothing
    batch_renamed,            // a batch is sent twice, with an id of its own
    acknowledged_unspooled,   // a relay acknowledges batches of those below and does not keep them
    passed_renamed,           // a relay gives a batch of one below a new id each time it comes
};
Plant planted() noexcept;

// For as long as it lives.
class Planted {
public:
    explicit Planted(Plant plant) noexcept;
    ~Planted();
    Planted(const Planted&) = delete;
};

}  // namespace fanion::test
