#include "relay/cache/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace fanion::relay::cache {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    int get() const noexcept { return fd_; }
    bool is_open() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

Error failed(std::string_view step, const std::string& path) {
    const std::error_code reason(errno, std::generic_category());
    return Error{Errc::internal, std::string(step) + " " + path + ": " + reason.message()};
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<> write_file(const std::string& path, std::string_view bytes, Durability durability) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.is_open()) return failed("open", path);
    if (!write_all(file.get(), bytes)) return failed("write", path);
    if (durability == Durability::power_cut && ::fdatasync(file.get()) != 0) return failed("fsync", path);
    return {};
}

Result<> sync_directory_of(const std::string& path) {
    const auto directory = std::filesystem::path(path).parent_path().string();
    const Descriptor handle(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.is_open()) return failed("open", directory);
    if (::fsync(handle.get()) != 0) return failed("fsync", directory);
    return {};
}

}  // namespace

Result<> replace_file(const std::string& path, std::string_view bytes, Durability durability) {
    const std::string temporary = path + ".tmp";
    if (auto written = write_file(temporary, bytes, durability); !written) {
        ::unlink(temporary.c_str());
        return written;
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto error = failed("rename", path);
        ::unlink(temporary.c_str());
        return error;
    }
    if (durability == Durability::power_cut) return sync_directory_of(path);
    return {};
}

Result<std::optional<std::string>> read_whole_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        if (errno == ENOENT) return std::optional<std::string>();
        return failed("open", path);
    }
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return failed("stat", path);
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > limit) return Error{Errc::too_large, path + " is larger than " + std::to_string(limit) + " bytes"};
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const auto got = ::read(file.get(), bytes.data() + filled, size - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("read", path);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return std::optional<std::string>(std::move(bytes));
}

Result<> make_directories(const std::string& path) {
    std::error_code reason;
    std::filesystem::create_directories(path, reason);
    if (reason) return Error{Errc::internal, "create " + path + ": " + reason.message()};
    return {};
}

}  // namespace fanion::relay::cache
