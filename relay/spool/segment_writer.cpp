#include "relay/spool/segment_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace fanion::relay::spool {

Result<SegmentWriter> SegmentWriter::create(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (!fd) return errno_error(Errc::unavailable, path);
    SegmentWriter writer(std::move(fd));
    if (auto wrote = writer.write_all(segment_magic); !wrote) {
        ::unlink(path.c_str());
        return wrote.error();
    }
    return writer;
}

Result<SegmentWriter::Written> SegmentWriter::append(const Record& record) {
    std::string bytes;
    append_record(bytes, size_, record);
    const std::uint64_t offset = size_;
    if (auto wrote = write_all(bytes); !wrote) return wrote.error();
    return Written{offset, bytes.size()};
}

Result<> SegmentWriter::write_all(std::string_view bytes) {
    if (!write_all_at(fd_.get(), size_, bytes)) {
        const Error error = errno_error(Errc::unavailable, "spool segment");
        (void)!::ftruncate(fd_.get(), static_cast<off_t>(size_));
        return error;
    }
    size_ += bytes.size();
    return {};
}

Result<> SegmentWriter::sync() const {
    if (::fdatasync(fd_.get()) != 0) return errno_error(Errc::unavailable, "cannot sync a spool segment");
    return {};
}

std::optional<Record> SegmentWriter::read(std::uint64_t offset, std::uint64_t length) const {
    std::string bytes;
    if (!read_at(fd_.get(), offset, static_cast<std::size_t>(length), bytes)) return std::nullopt;
    return read_record(bytes, offset);
}

}  // namespace fanion::relay::spool
