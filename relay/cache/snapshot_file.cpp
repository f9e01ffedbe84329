#include "relay/cache/snapshot_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <system_error>

#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::string_view suffix = ".ruleset";
constexpr std::string_view journal_suffix = ".journal";

std::vector<std::string> names_in(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code reason;
    for (std::filesystem::directory_iterator at(directory, reason), end; !reason && at != end; at.increment(reason)) {
        names.push_back(at->path().filename().string());
    }
    return names;
}

void remove_file(const std::string& path) {
    std::error_code ignored;  // tried again after the next save
    std::filesystem::remove(path, ignored);
}

bool is_absent(const std::string& path) { return ::access(path.c_str(), F_OK) != 0 && errno == ENOENT; }

bool has_size(int fd, std::size_t size) {
    struct stat info {};
    return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && static_cast<std::size_t>(info.st_size) == size;
}

Result<> sync_file(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file || ::fdatasync(file.get()) != 0) return errno_error(Errc::internal, "cannot sync " + path);
    return boost::system::in_place_value;
}

// What is kept of the files of an environment.
struct Kept {
    std::vector<wire::Version> snapshots;  // newest first
    std::optional<wire::Version> from;     // every journal from this base on
    std::optional<wire::Version> proven_from;
    std::optional<wire::Version> proven;

    bool has_journal(wire::Version base) const {
        if (from && base >= *from) return true;
        return proven_from && base >= *proven_from && base < *proven;
    }
};

Kept kept_of(const std::vector<wire::Version>& snapshots, std::optional<wire::Version> proven) {
    Kept kept;
    const auto count = std::min(SnapshotFiles::kept, snapshots.size());
    kept.snapshots.assign(snapshots.begin(), snapshots.begin() + static_cast<std::ptrdiff_t>(count));
    if (count > 0) kept.from = kept.snapshots.back();
    const auto leads_to_proven = std::find_if(snapshots.begin(), snapshots.end(),
                                              [&](wire::Version version) { return proven && version <= *proven; });
    if (leads_to_proven == snapshots.end()) return kept;
    kept.proven = proven;
    kept.proven_from = *leads_to_proven;
    kept.snapshots.push_back(*leads_to_proven);
    return kept;
}

}  // namespace

std::string SnapshotFiles::path_of(wire::Version version) const {
    return directory_ + "/" + wire::to_string(version) + std::string(suffix);
}

std::string SnapshotFiles::journal_path(wire::Version base) const {
    return directory_ + "/" + wire::to_string(base) + std::string(journal_suffix);
}

Result<> SnapshotFiles::save(wire::Version version, std::string_view bytes) const {
    if (auto made = make_directories(directory_); !made) return made;
    return replace_file(path_of(version), bytes, Durability::power_cut);
}

std::vector<wire::Version> SnapshotFiles::versions_with(std::string_view ending) const {
    std::vector<wire::Version> versions;
    for (const auto& name : names_in(directory_)) {
        if (!name.ends_with(ending)) continue;
        if (const auto version = wire::parse_version(name.substr(0, name.size() - ending.size()))) {
            versions.push_back(*version);
        }
    }
    std::sort(versions.begin(), versions.end(), std::greater<>());
    return versions;
}

std::vector<wire::Version> SnapshotFiles::list() const { return versions_with(suffix); }
std::vector<wire::Version> SnapshotFiles::list_journals() const { return versions_with(journal_suffix); }

Result<std::string> SnapshotFiles::load(wire::Version version, std::size_t limit) const {
    auto bytes = read_whole_file(path_of(version), limit);
    if (!bytes) return bytes.error();
    if (!*bytes) return Error{Errc::not_found, "no snapshot " + wire::to_string(version)};
    return std::move(**bytes);
}

bool SnapshotFiles::is_missing(wire::Version version) const { return is_absent(path_of(version)); }
bool SnapshotFiles::is_journal_missing(wire::Version base) const { return is_absent(journal_path(base)); }

Result<std::string> SnapshotFiles::load_journal(wire::Version base) const {
    auto bytes = read_whole_file(journal_path(base), largest_journal);
    if (!bytes) return bytes.error();
    return bytes->value_or("");
}

Result<> SnapshotFiles::append_to_journal(wire::Version base, std::size_t size, std::string_view records) const {
    const auto path = journal_path(base);
    // O_NONBLOCK: the open of a FIFO would wait for a reader.
    const int created = size == 0 ? O_CREAT | O_TRUNC : 0;
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | created, 0600));
    if (!file) return errno_error(Errc::internal, "cannot open " + path);
    if (!has_size(file.get(), size)) return Error{Errc::internal, path + " was changed by somebody else"};
    if (!write_all_at(file.get(), size, records)) return errno_error(Errc::internal, "cannot write " + path);
    if (::fdatasync(file.get()) != 0) return errno_error(Errc::internal, "cannot sync " + path);
    if (size > 0) return boost::system::in_place_value;
    return sync_directory(directory_);
}

Result<> SnapshotFiles::sync_journals(const std::vector<wire::Version>& bases) const {
    for (const auto base : bases) {
        if (auto synced = sync_file(journal_path(base)); !synced) return synced;
    }
    return sync_directory(directory_);
}

void SnapshotFiles::prune(std::optional<wire::Version> proven, Journals journals) const {
    const auto versions = list();
    const auto kept_files = kept_of(versions, proven);
    for (const auto version : versions) {
        const auto& wanted = kept_files.snapshots;
        if (std::find(wanted.begin(), wanted.end(), version) == wanted.end()) remove_file(path_of(version));
    }
    for (const auto base : list_journals()) {
        if (journals == Journals::removed && !kept_files.has_journal(base)) remove_file(journal_path(base));
    }
    for (const auto& name : names_in(directory_)) {
        if (name.ends_with(".ruleset.tmp")) remove_file(directory_ + "/" + name);
    }
}

// The newest snapshot last: a process that is killed meanwhile leaves no older one for the next to serve. Then the
// journals, which without it lead to nothing.
void SnapshotFiles::erase_all(Journals journals) const {
    auto versions = list();
    std::reverse(versions.begin(), versions.end());
    for (const auto version : versions) remove_file(path_of(version));
    prune(std::nullopt, journals);
}

}  // namespace fanion::relay::cache
