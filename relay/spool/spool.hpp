#pragma once

// Sealed batches on their way to the control plane: first in, first out, on disk in append-only
// segments.
//
// 1. What append() wrote to disk is found by the next process, up to a torn tail
//    (docs/spool-format.md).
// 2. Every batch is settled once: delivered, or dropped with a reason. Cursor and totals are
//    replaced atomically, so appended = delivered + dropped + queued also holds after a kill.
// 3. Bounded: past `disk_bytes` the oldest batches are dropped first, whole segments at a time,
//    except the batch that front() returned, which may be on the wire.
// 4. While the disk cannot be written to, batches wait in memory, bounded by `memory_bytes`, where
//    those without counts make room first; each append() and retry_disk() tries to write them.
// 5. A directory that could not be read when the spool was made is read when it returns; what it
//    holds goes before the batches that came since. It is never overwritten unread.
// 6. When files are removed under the spool, the open segment is written again from its descriptor;
//    batches of closed segments are dropped (damaged).
//
// Makes system calls; belongs on the blocking pool. One thread at a time: the caller serialises.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/state_file.hpp"
#include "common/spool/cursor.hpp"
#include "common/spool/totals.hpp"
#include "relay/spool/rejected_folder.hpp"
#include "relay/spool/segment_writer.hpp"

namespace fanion::relay::spool {

using namespace fanion::spool;  // the format, which the command line reads too

struct SpoolConfig {
    std::string directory;  // created when missing; holds segments, `cursor` and `rejected/`
    std::uint64_t disk_bytes = 256u * 1024 * 1024;
    std::uint64_t memory_bytes = 8u * 1024 * 1024;
    std::uint64_t rejected_bytes = 16u * 1024 * 1024;
};

class Spool {
public:
    // Reads the directory and truncates torn tails. A directory that cannot be used is not an
    // error: see is_on_disk().
    Spool(SpoolConfig config, const Log& log);
    ~Spool();
    Spool(const Spool&) = delete;

    // Queues the batch; drops the oldest ones to make room for it (spool_full).
    void append(std::string id, const Content& content, std::string body);

    // The oldest batch, the same one until it is settled. Empty when there is none, or the disk
    // cannot be read now. Batches that cannot be read back are dropped (damaged).
    struct Head {
        std::uint64_t number;
        std::string id;
        std::string body;
        std::string part;  // see Cursor
    };
    std::optional<Head> front();

    // Settles the batch that front() returned, or the part of it that was sent.
    enum class Outcome { delivered, rejected };
    void settle(Outcome outcome);
    void settle_part(Outcome outcome, const Content& content, std::string next_part);
    void split(std::string part);  // from now on the batch is sent in parts
    bool keep_rejected(std::string_view part, std::string_view body) const;

    // True when the directory of an earlier process was read since the last call, here or by
    // append(), and could not be read before.
    bool retry_disk();
    // Error: unavailable; what was written since the last sync may be lost in a power cut.
    Result<> sync();

    bool contains(std::string_view id) const noexcept;  // queued
    // A kill would lose it: queued in memory, or settled from there by a cursor that could not be
    // stored. (Of those that were settled, the last one with counts.)
    bool is_only_in_memory(std::string_view id) const noexcept;
    const std::string& last_settled() const noexcept { return cursor_.last_id; }

    bool is_on_disk() const noexcept { return disk_works_; }
    bool is_loaded() const noexcept { return is_loaded_; }    // the directory was read; see 5
    bool had_cursor() const noexcept { return had_cursor_; }  // when the spool was opened
    std::uint64_t damaged_files() const noexcept { return damaged_files_; }
    std::uint64_t batches() const noexcept { return entries_.size(); }
    std::uint64_t disk_bytes() const noexcept { return disk_used_; }
    const Content& delivered() const noexcept { return cursor_.delivered; }
    const Dropped& dropped() const noexcept { return cursor_.dropped; }
    Content queued() const noexcept;
    // Counts events as damaged that were sealed but are neither queued nor settled (files removed
    // or unreadable).
    void record_lost(const Content& content);

private:
    struct Segment;
    struct Entry {
        std::uint64_t number;
        std::string id;
        Content content;
        std::shared_ptr<Segment> segment;  // shared by its entries; null: in memory
        std::uint64_t offset = 0;
        std::uint64_t length = 0;
        std::string body;  // in memory
    };
    using Entries = std::deque<Entry>;

    bool load();
    bool adopt();
    void return_to_disk();
    void recover_segment(const std::string& path);
    bool open_cursor();
    void check_files();
    void rescue_open_segment();
    void probe_disk();
    bool write_to_disk(Entry& entry);
    Result<> open_segment(std::uint64_t first_number);
    void close_segment();
    void update_disk_state(const Result<>& result);
    void make_room(std::uint64_t needed);
    void make_room_in_memory();
    bool drop_oldest_segment();
    void drop(Entries::iterator entry, DropReason reason);
    void forget(Entries::iterator entry);
    void release(const std::shared_ptr<Segment>& segment);
    void store_cursor();
    void remove_settled_segments();
    Content left_of(const Entry& entry) const noexcept;

    SpoolConfig config_;
    const Log& log_;
    RejectedFolder rejected_;
    std::optional<StateFile> cursor_file_;
    Cursor cursor_;
    std::string unstored_id_;     // settled from memory since the cursor was last stored
    bool cursor_behind_ = false;  // it could not be stored
    Entries entries_;             // in order of their numbers
    std::shared_ptr<Segment> open_;
    std::optional<SegmentWriter> writer_;            // of open_
    std::vector<std::shared_ptr<Segment>> settled_;  // may be removed once the cursor that says so is stored
    std::uint64_t next_number_ = 1;
    std::uint64_t pinned_ = 0;  // returned by front()
    std::uint64_t disk_used_ = 0;
    std::uint64_t memory_used_ = 0;
    std::uint64_t damaged_files_ = 0;
    Result<> closed_synced_;  // of what was synced since sync() was called: closed segments, and cursors
    bool had_cursor_ = false;
    bool is_loaded_ = false;
    bool adopted_ = false;  // for retry_disk()
    bool disk_works_ = true;
};

}  // namespace fanion::relay::spool
