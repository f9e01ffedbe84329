#pragma once

// A small value on disk whose replacement survives the death of the process at any instant: a
// reader finds the old value or the new one, never a mixture. Two places alternate; each carries a
// generation and a CRC-32C, and the newest intact one counts. The blocks are reserved when the file
// is created, so that a full disk does not prevent a replacement.
//
// A replacement is one write without a sync: it survives the process, not a power cut; sync() is
// for that. One thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/error.hpp"
#include "common/base/file.hpp"

namespace fanion {

class StateFile {
public:
    static constexpr std::size_t place_bytes = 4096;
    static constexpr std::size_t max_value_bytes = place_bytes - 16;  // generation 8, length 4, CRC 4

    // Opens or creates the file. Error: unavailable.
    static Result<StateFile> open(const std::string& path);
    // The value of a file that cannot be opened for writing; nullopt when there is no file, or no
    // intact value in it. Error: unavailable, the file cannot be read either.
    static Result<std::optional<std::string>> read(const std::string& path);

    // The value stored last; nullopt in a new file.
    const std::optional<std::string>& value() const noexcept { return value_; }
    // Whether the file had content of which neither place was intact.
    bool was_damaged() const noexcept { return damaged_; }

    // Error: too_large; unavailable when the write failed (value() is then unchanged).
    Result<> store(std::string_view value);
    // Error: unavailable; what was stored may be lost in a power cut, even if a later call
    // succeeds.
    Result<> sync() const;
    // False: the file was removed or replaced since it was opened.
    bool is_linked() const noexcept { return fanion::is_linked(fd_.get()); }

private:
    explicit StateFile(UniqueFd fd) : fd_(std::move(fd)) {}
    void load();

    UniqueFd fd_;
    std::uint64_t generation_ = 0;
    std::optional<std::string> value_;
    bool damaged_ = false;
};

}  // namespace fanion
