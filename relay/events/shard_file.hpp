#pragma once

// Slots of counts in one mapped file: one worker adds to them, the drainer reads them and writes
// its marks beside them. The page cache outlives the process, so counts survive a kill. The blocks
// are reserved when the file is created: a full disk cannot turn a store into SIGBUS.
//
// A slot is published (used() grows) only when its labels are complete. Totals never decrease.
// Threads: add_slot() and the totals are written by the worker, `mark` and `pending` by the
// CounterTable's drainer. Totals and marks may be read by any thread, `pending` by the drainer
// only.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::relay::events {

inline constexpr std::string_view shard_extension = ".counts";  // of the files' names

struct ShardSize {
    std::uint32_t slots = 16 * 1024;
    std::uint32_t label_bytes = 1024 * 1024;
};

class ShardFile {
public:
    struct Slot {
        std::atomic<std::uint64_t> total;
        std::atomic<std::uint64_t> mark;  // of `total`: in batches that are settled or safe in the spool
        std::uint64_t pending;            // of `total`: including the batch being sealed; otherwise equal to mark
        std::uint32_t label_offset;
        std::uint32_t label_length;
    };

    // Errors: unavailable (the disk), invalid_input (open: the file is damaged).
    static Result<std::shared_ptr<ShardFile>> create(const std::string& path, ShardSize size);
    static Result<std::shared_ptr<ShardFile>> open(const std::string& path);
    // A file that cannot be written to now: totals and marks can be read, and marks are kept in
    // memory. See is_writable().
    static Result<std::shared_ptr<ShardFile>> open_read_only(const std::string& path);

    // What a damaged file still tells.
    struct Salvaged {
        std::shared_ptr<ShardFile> rest;  // in memory: the unsealed counts of its intact slots; null: none
        std::uint64_t lost = 0;           // unsealed evaluations of the others, as far as they can be known
    };
    // `expected`: the size if the header is damaged too.
    static Salvaged salvage(const std::string& path, ShardSize expected);
    // Lost with the process. Throws std::bad_alloc.
    static std::shared_ptr<ShardFile> in_memory(ShardSize size);
    ~ShardFile();
    ShardFile(const ShardFile&) = delete;

    // Null when full.
    std::atomic<std::uint64_t>* add_slot(std::string_view labels);

    std::uint32_t used() const noexcept;
    // Thread-safe. Three quarters of the slots or of the space for labels are used.
    bool is_nearly_full() const noexcept;
    Slot& slot(std::uint32_t index) noexcept { return slots_[index]; }
    const Slot& slot(std::uint32_t index) const noexcept { return slots_[index]; }
    std::string_view labels(std::uint32_t index) const noexcept;
    std::uint64_t total() const noexcept;   // of all slots
    std::uint64_t sealed() const noexcept;  // the sum of their marks

    bool is_on_disk() const noexcept { return !path_.empty() && !removed_.load(std::memory_order_relaxed); }
    // False: opened read-only. Its marks cannot be stored, so its counts must not be sealed.
    bool is_writable() const noexcept { return writable_; }
    // Continues with the marks that `reader` of the same file has.
    void take_marks(const ShardFile& reader) noexcept;
    // Whether the file was removed under its name; from then on it is not on disk.
    bool notice_removal() noexcept;
    const std::string& path() const noexcept { return path_; }
    // Error: unavailable.
    Result<> sync() const;

    // Set by the drainer: the worker is to continue in another file.
    std::atomic<bool> change_wanted{false};

private:
    struct Header;
    ShardFile(std::string path, void* memory, std::size_t bytes);
    static Result<std::shared_ptr<ShardFile>> map(const std::string& path, int fd, std::size_t bytes, bool writable);
    static Result<std::shared_ptr<ShardFile>> open_checked(const std::string& path, bool writable);
    void format(ShardSize size) noexcept;
    bool has_valid_header() const noexcept;
    bool is_whole() noexcept;
    bool is_intact(std::uint32_t index, ShardSize size) const noexcept;
    void locate(ShardSize size) noexcept;

    std::string path_;  // empty: in memory
    bool writable_ = true;
    std::atomic<bool> removed_{false};
    Header* header_;
    std::size_t bytes_;
    Slot* slots_ = nullptr;
    char* label_bytes_ = nullptr;
    std::uint32_t label_end_ = 0;
};

}  // namespace fanion::relay::events
