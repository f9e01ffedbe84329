#include "common/base/state_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "common/base/bytes.hpp"
#include "common/base/crc32c.hpp"

namespace fanion {

namespace {

constexpr std::size_t header_bytes = 16;

struct Place {
    std::uint64_t generation;
    std::string value;
};

std::string encode(std::uint64_t generation, std::string_view value) {
    std::string out;
    append_le(out, generation);
    append_le(out, static_cast<std::uint32_t>(value.size()));
    append_le(out, crc32c(value, crc32c(out)));
    out += value;
    return out;
}

std::optional<Place> decode(std::string_view bytes) {
    if (bytes.size() < header_bytes) return std::nullopt;
    const auto generation = read_le<std::uint64_t>(bytes.data());
    const auto length = read_le<std::uint32_t>(bytes.data() + 8);
    const auto crc = read_le<std::uint32_t>(bytes.data() + 12);
    if (generation == 0 || length > bytes.size() - header_bytes) return std::nullopt;
    const auto value = bytes.substr(header_bytes, length);
    if (crc32c(value, crc32c(bytes.substr(0, 12))) != crc) return std::nullopt;
    return Place{generation, std::string(value)};
}

}  // namespace

Result<StateFile> StateFile::open(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
    if (!fd) return errno_error(Errc::unavailable, path);
    StateFile file(std::move(fd));
    file.load();
    if (file.value_) return file;
    const int reason = ::posix_fallocate(file.fd_.get(), 0, 2 * place_bytes);
    if (reason != 0) return errno_error(Errc::unavailable, path, reason);
    return file;
}

Result<std::optional<std::string>> StateFile::read(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd && errno == ENOENT) return std::optional<std::string>();
    struct stat info {};
    if (!fd || ::fstat(fd.get(), &info) != 0) return errno_error(Errc::unavailable, path);
    if (!S_ISREG(info.st_mode)) return Error{Errc::unavailable, path + " is not a regular file"};
    StateFile file(std::move(fd));
    file.load();
    return std::move(file.value_);
}

void StateFile::load() {
    std::array<char, 2 * place_bytes> bytes{};
    const auto got = ::pread(fd_.get(), bytes.data(), bytes.size(), 0);
    const std::string_view all(bytes.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
    for (std::size_t at = 0; at < all.size(); at += place_bytes) {
        auto place = decode(all.substr(at, place_bytes));
        if (!place || place->generation <= generation_) continue;
        generation_ = place->generation;
        value_ = std::move(place->value);
    }
    damaged_ = !value_ && all.find_first_not_of('\0') != std::string_view::npos;
}

Result<> StateFile::store(std::string_view value) {
    if (value.size() > max_value_bytes) return Error{Errc::too_large, "state of more than 4080 bytes"};
    const auto next = generation_ + 1;
    const std::string bytes = encode(next, value);
    const auto offset = static_cast<off_t>((next % 2) * place_bytes);
    const auto wrote = ::pwrite(fd_.get(), bytes.data(), bytes.size(), offset);
    if (wrote != static_cast<ssize_t>(bytes.size())) return errno_error(Errc::unavailable, "state file");
    generation_ = next;
    value_ = std::string(value);
    return {};
}

Result<> StateFile::sync() const {
    if (::fdatasync(fd_.get()) != 0) return errno_error(Errc::unavailable, "cannot sync a state file");
    return {};
}

}  // namespace fanion
