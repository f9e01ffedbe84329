#pragma once

// A small value on disk that a process can replace at any instant of its death: a reader finds the old or the new one,
// never a mixture. Two places take turns; each carries a generation and a CRC-32C, the newest whole one counts. The blocks
// are reserved when the file is made, so that a full disk does not refuse a replacement.
//
// A replacement is one write and no sync: it outlives the process, not a power cut; sync() is for that. One thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion {

class StateFile {
public:
    static constexpr std::size_t place_bytes = 4096;
    static constexpr std::size_t max_value_bytes = place_bytes - 16;  // generation 8, length 4, CRC 4

    // Opens or makes the file. Error: unavailable.
    static Result<StateFile> open(const std::string& path);
    StateFile(StateFile&& other) noexcept;
    StateFile& operator=(StateFile&& other) noexcept;
    ~StateFile();

    // What was stored last; nothing in a new file.
    const std::optional<std::string>& value() const noexcept { return value_; }
    // Both places were there and neither was whole.
    bool was_damaged() const noexcept { return damaged_; }

    // Error: too_large; unavailable when the write failed (value() is then unchanged).
    Result<> store(std::string_view value);
    void sync() const noexcept;

private:
    explicit StateFile(int fd) : fd_(fd) {}
    void load();

    int fd_ = -1;
    std::uint64_t generation_ = 0;
    std::optional<std::string> value_;
    bool damaged_ = false;
};

}  // namespace fanion
