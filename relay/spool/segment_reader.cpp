#include "relay/spool/segment_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace fanion::relay::spool {

namespace {

Error unavailable(const std::string& what) {
    return {Errc::unavailable, what + ": " + std::generic_category().message(errno)};
}

class File {
public:
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    File(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const noexcept { return fd_; }

private:
    int fd_;
};

// Reads until `length` bytes or the end of the file.
bool read_at(int fd, std::uint64_t offset, std::string& out, std::size_t length) {
    out.resize(length);
    std::size_t done = 0;
    while (done < length) {
        const auto got = ::pread(fd, out.data() + done, length - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    out.resize(done);
    return true;
}

}  // namespace

Result<SegmentContent> read_segment(const std::string& path) {
    const File file(path);
    const auto size = file.fd() < 0 ? -1 : ::lseek(file.fd(), 0, SEEK_END);
    std::string bytes;
    if (size < 0 || !read_at(file.fd(), 0, bytes, static_cast<std::size_t>(size))) return unavailable(path);
    SegmentContent content;
    content.bytes = bytes.size();
    SegmentScanner scanner(bytes);
    while (auto found = scanner.next()) {
        auto& record = found->record;
        content.entries.push_back({found->offset, found->length, record.number, std::move(record.id), record.content});
    }
    content.good_end = scanner.good_end();
    content.damaged = scanner.is_damaged();
    return content;
}

Result<Record> read_record_at(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    const File file(path);
    if (file.fd() < 0 && errno == ENOENT) return Error{Errc::not_found, path + ": no such file"};
    std::string bytes;
    if (file.fd() < 0 || !read_at(file.fd(), offset, bytes, static_cast<std::size_t>(length))) return unavailable(path);
    auto record = read_record(bytes, offset);
    if (!record) return Error{Errc::invalid_input, path + ": damaged record at byte " + std::to_string(offset)};
    return std::move(*record);
}

Result<> cut_segment(const std::string& path, std::uint64_t good_end) {
    if (::truncate(path.c_str(), static_cast<off_t>(good_end)) != 0) return unavailable(path);
    return {};
}

}  // namespace fanion::relay::spool
