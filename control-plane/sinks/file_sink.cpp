#include "control-plane/sinks/file_sink.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/file.hpp"
#include "common/base/text.hpp"

namespace fanion::cp::sinks {

namespace fs = std::filesystem;

namespace {

Error failed(const char* what, const fs::path& path) {
    return errno_error(Errc::internal, std::string(what) + ' ' + path.string());
}

std::string file_name(UnixMillis at) { return format_rfc3339(at).substr(0, 10) + ".ndjson"; }

// Creates what is missing of `directory`/`org`/`env`, for good.
Result<> make_directories(const fs::path& directory) {
    std::error_code error;
    if (fs::is_directory(directory, error)) return {};
    const auto parent = directory.parent_path();
    if (auto made = make_directories(parent); !made) return made;
    if (::mkdir(directory.c_str(), 0750) != 0 && errno != EEXIST) return failed("cannot create", directory);
    return sync_directory(parent.string());
}

// Where the last whole line ends; -1 when the file cannot be read.
std::int64_t end_of_lines(int fd, std::uint64_t size) {
    constexpr std::uint64_t block = 64 * 1024;
    std::string bytes;
    while (size > 0) {
        const auto from = size > block ? size - block : 0;
        if (!read_at(fd, from, static_cast<std::size_t>(size - from), bytes)) return -1;
        const auto newline = bytes.rfind('\n');
        if (newline != std::string::npos) return static_cast<std::int64_t>(from + newline + 1);
        size = from;
    }
    return 0;
}

// What a file had before lines were appended.
struct Extent {
    fs::path path;
    std::int64_t before = 0;
    std::int64_t after = 0;
};

// Opened and locked, its end cut to a whole line.
class AppendedFile {
public:
    static Result<AppendedFile> open(const fs::path& path) {
        AppendedFile file;
        file.path_ = path;
        file.fd_ = UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
        if (!file.fd_) return failed("cannot open", path);
        if (::flock(file.fd_.get(), LOCK_EX) != 0) return failed("cannot lock", path);
        struct stat status = {};
        if (::fstat(file.fd_.get(), &status) != 0) return failed("cannot read", path);
        file.end_ = end_of_lines(file.fd_.get(), static_cast<std::uint64_t>(status.st_size));
        if (file.end_ < 0) return failed("cannot read", path);
        if (file.end_ < status.st_size && ::ftruncate(file.fd_.get(), file.end_) != 0)
            return failed("cannot cut", path);
        if (file.end_ == 0) {  // it may be new, also if another process made it
            if (auto synced = sync_directory(path.parent_path().string()); !synced) return synced.error();
        }
        return file;
    }

    Result<Extent> append(std::string_view lines) {
        Extent extent{path_, end_, end_ + static_cast<std::int64_t>(lines.size())};
        if (write_all(fd_.get(), lines) && ::fdatasync(fd_.get()) == 0) return extent;
        const auto error = failed("cannot write", path_);
        take_back(extent.before);
        return error;
    }
    // If nothing has been added to the file since.
    void take_back_if(const Extent& extent) {
        if (end_ == extent.after) take_back(extent.before);
    }

private:
    // When it fails, lines are repeated.
    void take_back(std::int64_t end) {
        if (::ftruncate(fd_.get(), end) == 0) end_ = end;
    }

    fs::path path_;
    UniqueFd fd_;
    std::int64_t end_ = 0;
};

}  // namespace

Result<std::unique_ptr<EventSink>> FileSink::open(fs::path directory) {
    std::error_code error;
    directory = fs::absolute(directory, error);
    if (auto made = make_directories(directory); !made) return made.error();
    return std::unique_ptr<EventSink>(std::make_unique<FileSink>(std::move(directory)));
}

Result<std::uint64_t> FileSink::write(const std::vector<SinkBatch>& batches) {
    std::map<fs::path, std::string> texts;  // of each file, its batches in their order
    for (const auto& batch : batches) {
        for (const auto& lines : batch.environments)
            texts[directory_ / batch.org_id.str() / lines.env_id.str() / file_name(batch.received_at)] += lines.text;
    }
    std::vector<Extent> written;
    const auto append = [&written](const fs::path& path, std::string_view lines) -> Result<> {
        if (auto made = make_directories(path.parent_path()); !made) return made;
        auto file = AppendedFile::open(path);
        if (!file) return file.error();
        auto extent = file->append(lines);
        if (!extent) return extent.error();
        written.push_back(std::move(*extent));
        return {};
    };
    for (const auto& [path, lines] : texts) {
        const auto appended = append(path, lines);
        if (appended) continue;
        for (const auto& extent : written) {
            if (auto file = AppendedFile::open(extent.path)) file->take_back_if(extent);
        }
        return appended.error();
    }
    return 0;
}

}  // namespace fanion::cp::sinks
