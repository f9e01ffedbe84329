#include "common/store/bundle_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <iterator>

#include "common/base/file.hpp"

namespace fanion::store {
namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

}  // namespace

Result<std::optional<std::string>> BundleReader::next() {
    std::string bytes;
    while (ready_.empty() && !is_at_end_) {
        if (auto read = source_(bytes); !read) return read.error();
        std::vector<std::string> documents;
        is_at_end_ = bytes.empty();
        auto split = is_at_end_ ? splitter_.finish(documents) : splitter_.feed(bytes, documents);
        if (!split) return split.error();
        std::ranges::move(documents, std::back_inserter(ready_));
    }
    if (ready_.empty()) return std::optional<std::string>();
    std::optional<std::string> document = std::move(ready_.front());
    ready_.pop_front();
    return document;
}

Result<BundleReader::Source> open_file_source(const std::string& path) {
    // A FIFO would wait for a writer.
    auto file = std::make_shared<UniqueFd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!*file || ::fstat(file->get(), &status) != 0) {
        const auto code = errno == ENOENT ? Errc::not_found : errno == EACCES ? Errc::forbidden : Errc::unavailable;
        return errno_error(code, path);
    }
    if (!S_ISREG(status.st_mode)) return Error{Errc::invalid_input, path + " is not a regular file"};
    auto offset = std::make_shared<std::uint64_t>(0);
    return BundleReader::Source([file, offset, path](std::string& bytes) -> Result<> {
        if (!read_at(file->get(), *offset, piece_bytes, bytes)) return errno_error(Errc::unavailable, path);
        *offset += bytes.size();
        return {};
    });
}

}  // namespace fanion::store
