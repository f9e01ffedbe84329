#include "relay/spool/segment_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace fanion::relay::spool {

namespace {

Error unavailable(const std::string& what) {
    return {Errc::unavailable, what + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<SegmentWriter> SegmentWriter::create(const std::string& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0) return unavailable(path);
    SegmentWriter writer(fd);
    if (auto wrote = writer.write_all(segment_magic); !wrote) {
        ::unlink(path.c_str());
        return wrote.error();
    }
    return writer;
}

SegmentWriter::SegmentWriter(SegmentWriter&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

SegmentWriter& SegmentWriter::operator=(SegmentWriter&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(size_, other.size_);
    return *this;
}

SegmentWriter::~SegmentWriter() {
    if (fd_ >= 0) ::close(fd_);
}

Result<SegmentWriter::Written> SegmentWriter::append(const Record& record) {
    std::string bytes;
    append_record(bytes, size_, record);
    const std::uint64_t offset = size_;
    if (auto wrote = write_all(bytes); !wrote) return wrote.error();
    return Written{offset, bytes.size()};
}

Result<> SegmentWriter::write_all(std::string_view bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto wrote = ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            const Error error = unavailable("spool segment");
            (void)!::ftruncate(fd_, static_cast<off_t>(size_));
            return error;
        }
        done += static_cast<std::size_t>(wrote);
    }
    size_ += bytes.size();
    return {};
}

void SegmentWriter::sync() const noexcept { (void)::fdatasync(fd_); }

}  // namespace fanion::relay::spool
