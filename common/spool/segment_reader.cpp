#include "common/spool/segment_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "common/base/file.hpp"

namespace fanion::spool {

namespace {

constexpr std::size_t largest_segment = 256u * 1024 * 1024;

UniqueFd open_segment(const std::string& path) {
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace

Result<SegmentContent> read_segment(const std::string& path) {
    const auto bytes = read_regular_file(path, largest_segment);
    if (!bytes) return Error{Errc::unavailable, bytes.error().detail};
    SegmentContent content;
    content.bytes = bytes->size();
    SegmentScanner scanner(*bytes);
    while (auto found = scanner.next()) {
        auto& record = found->record;
        content.entries.push_back({found->offset, found->length, record.number, std::move(record.id), record.content});
    }
    content.good_end = scanner.good_end();
    content.damaged = scanner.is_damaged();
    return content;
}

Result<Record> read_record_at(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    const auto file = open_segment(path);
    if (!file && errno == ENOENT) return Error{Errc::not_found, path + ": no such file"};
    std::string bytes;
    if (!file || !read_at(file.get(), offset, static_cast<std::size_t>(length), bytes)) {
        return errno_error(Errc::unavailable, path);
    }
    auto record = read_record(bytes, offset);
    if (!record) return Error{Errc::invalid_input, path + ": damaged record at byte " + std::to_string(offset)};
    return std::move(*record);
}

Result<> cut_segment(const std::string& path, std::uint64_t good_end) {
    if (::truncate(path.c_str(), static_cast<off_t>(good_end)) != 0) return errno_error(Errc::unavailable, path);
    return {};
}

}  // namespace fanion::spool
