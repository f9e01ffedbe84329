#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "common/base/text.hpp"
#include "common/cli/audit_options.hpp"
#include "common/cli/organisation.hpp"

namespace fanion::cli {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdout) std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Writes what arrives and remembers where the last line began: NDJSON says there that it is complete.
class ExportFile {
public:
    ExportFile(File file, const Terminal& terminal) : file_(std::move(file)), terminal_(terminal) {}

    bool take(std::string_view bytes) {
        for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            is_whole_ = (line_ + std::string(bytes.substr(0, mark.size()))).starts_with(mark);
            line_.clear();
            if (++lines_ % lines_between_notes == 0) terminal_.note("exported " + std::to_string(lines_) + " entries");
            if (!write(bytes.substr(0, end + 1))) return false;
            bytes.remove_prefix(end + 1);
        }
        if (line_.size() < mark.size()) line_ += bytes.substr(0, mark.size());
        return write(bytes);
    }
    bool has_failed() const noexcept { return has_failed_; }
    bool is_whole() const noexcept { return is_whole_ && line_.empty(); }
    bool flush() { return std::fflush(file_.get()) == 0 && !has_failed_; }

private:
    static constexpr std::string_view mark = "{\"entries\":";
    static constexpr std::size_t lines_between_notes = 100'000;

    bool write(std::string_view bytes) {
        has_failed_ = has_failed_ || std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size();
        return !has_failed_;
    }

    File file_;
    const Terminal& terminal_;
    std::size_t lines_ = 0;
    std::string line_;  // how the incomplete line begins
    bool is_whole_ = false;
    bool has_failed_ = false;
};

Exit fail_to_write(const Terminal& terminal, const std::string& path) {
    return terminal.fail(Exit::usage, path + " cannot be written: " + std::strerror(errno));
}

}  // namespace

// The file takes its name when it is complete.
Exit run_audit_export(const AuditOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const bool is_file = options.output != "-";
    const auto path = options.output + ".part";
    File file(is_file ? std::fopen(path.c_str(), "wb") : stdout);
    if (!file) return fail_to_write(terminal, path);
    ExportFile out(std::move(file), terminal);
    const auto target =
        org->path + "/audit/export?format=" + percent_encode(options.format) + audit_conditions(options);
    const auto done = org->client.stream({.path = target}, [&out](std::string_view bytes) { return out.take(bytes); });
    const bool is_written = out.flush();
    const bool is_incomplete = options.format == "ndjson" && !out.is_whole();
    if (done && is_written && !is_incomplete) {
        if (is_file && std::rename(path.c_str(), options.output.c_str()) != 0)
            return fail_to_write(terminal, options.output);
        if (is_file) terminal.note("wrote " + options.output);
        return Exit::ok;
    }
    if (is_file) std::remove(path.c_str());
    if (!done) return terminal.fail(done.error());
    if (!is_written) return fail_to_write(terminal, is_file ? path : "standard output");
    return terminal.fail(Exit::unreachable, "the export ended before it was complete; repeat the command");
}

}  // namespace fanion::cli
