#include "tests/unit/relay/simulation/disk.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "tests/unit/relay/simulation/faults.hpp"

namespace fanion::test {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t smallest_mapping = 64 * 1024;  // what reserves more is going to be mapped

bool is_floor(std::string_view path) { return path.ends_with("/floor"); }

std::string parent_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

}  // namespace

Disk::Disk(std::mt19937_64& random, std::string directory, bool loses_power)
    : random_(random), directory_(std::move(directory)), loses_power_(loses_power) {
    insert_disk(*this);
}

Disk::~Disk() { remove_disk(*this); }

Disk::File::~File() {
    if (mapped) ::syscall(SYS_munmap, mapped, mapped_bytes);
}

Disk::Pages Disk::File::pages() const {
    std::vector<unsigned char> touched(mapped_bytes / page + 1);
    Pages all;
    if (!mapped || ::syscall(SYS_mincore, mapped, mapped_bytes, touched.data()) != 0) return all;
    for (std::size_t at = 0; at < mapped_bytes; at += page) {
        if ((touched[at / page] & 1) != 0) all.emplace(at, std::string(mapped + at, std::min(page, mapped_bytes - at)));
    }
    return all;
}

void Disk::File::replace(const Pages& content) {
    for (const auto& [at, bytes_now] : pages()) {
        const auto wanted = content.find(at);
        if (wanted == content.end()) {
            std::memset(mapped + at, 0, bytes_now.size());
        } else {
            std::memcpy(mapped + at, wanted->second.data(), wanted->second.size());
        }
    }
}

// Of every change: whether it happens.
int Disk::change(bool needs_space) {
    if (frozen_) return EIO;
    ++changes_;
    if (left_ > 0 && --left_ == 0) tearing_ = true;
    if (tearing_) return 0;
    if (trouble_ == Trouble::full && needs_space) return count(Fault::disk_full), ENOSPC;
    if (trouble_ == Trouble::failing && chance(50)) return count(Fault::disk_failing), EIO;
    return 0;
}

void Disk::freeze() {
    if (std::exchange(frozen_, true)) return;
    tearing_ = false;
    std::set<File*> seen;
    for (const auto& [path, file] : names_) {
        if (file->mapped && seen.insert(file.get()).second) mapped_then_.emplace_back(file, file->pages());
    }
    if (on_end_) on_end_();
}

void Disk::restart(End end) {
    freeze();
    count(end == End::kill ? Fault::killed : Fault::power_cut);
    ++changes_;
    for (auto& [file, content] : mapped_then_) file->replace(content);
    mapped_then_.clear();
    if (end == End::power_cut) {
        Names kept;
        std::set<std::string> paths;
        for (const auto& names : {names_, durable_}) {
            for (const auto& [path, file] : names) paths.insert(path);
        }
        for (const auto& path : paths) {
            const auto now = names_.find(path);
            const auto then = durable_.find(path);
            const bool is_new = chance(50);
            if (is_new ? now != names_.end() : then != durable_.end()) {
                kept.emplace(path, is_new ? now->second : then->second);
            }
        }
        std::set<File*> seen;
        for (const auto& [path, file] : kept) {
            if (file->is_directory || !seen.insert(file.get()).second) continue;
            if (file->mapped) {
                file->replace(pages_after_power_cut(*file));
            } else {
                file->bytes = after_power_cut(*file);
            }
        }
        names_ = durable_ = std::move(kept);
        for (const auto& [path, file] : names_) {
            file->is_linked = true;
            file->synced = file->bytes;
            file->synced_pages = file->pages();
        }
    }
    frozen_ = tearing_ = false;
    left_ = 0;
}

std::string Disk::after_power_cut(const File& file) {
    const auto& now = file.bytes;
    if (now == file.synced || chance(30)) return file.synced;
    if (chance(30)) return now;
    const auto at = random_() % (now.size() + 1);
    auto mixed = now.substr(0, at);
    if (file.synced.size() > at) mixed += file.synced.substr(at);
    return mixed;
}

// The kernel writes pages in any order.
Disk::Pages Disk::pages_after_power_cut(const File& file) {
    Pages kept;
    for (auto& [at, bytes] : file.pages()) {
        const auto synced = file.synced_pages.find(at);
        if (chance(50)) {
            kept.emplace(at, bytes);
        } else if (synced != file.synced_pages.end()) {
            kept.emplace(at, synced->second);
        }
    }
    return kept;
}

Disk::Copy Disk::copy(const std::string& path) const {
    Copy copy;
    for (const auto& [name, file] : names_) {
        if (name.starts_with(path) && !file->is_directory) copy.emplace(name, file->bytes);
    }
    return copy;
}

void Disk::put_back(const std::string& path, const Copy& copy) {
    ++changes_;
    for (auto* names : {&names_, &durable_}) {
        std::erase_if(*names, [&](const auto& n) { return n.first.starts_with(path) && !n.second->is_directory; });
    }
    for (const auto& [name, bytes] : copy) {
        if (!find(parent_of(name))) continue;
        const auto file = std::make_shared<File>();
        file->bytes = file->synced = bytes;
        names_[name] = file;
        if (loses_power_) durable_[name] = file;
    }
}

std::optional<std::string> Disk::read(std::string_view path, bool durable) const {
    const auto& names = durable && loses_power_ ? durable_ : names_;
    const auto at = names.find(path);
    if (at == names.end()) return std::nullopt;
    return durable && loses_power_ ? at->second->synced : at->second->bytes;
}

Disk::FilePtr Disk::find(std::string_view path) const {
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const auto at = names_.find(path);
    return at == names_.end() ? nullptr : at->second;
}

int Disk::create(const std::string& path, bool is_directory, FilePtr& made) {
    if (find(path)) return EEXIST;
    const auto parent = parent_of(path);
    if (path != directory_ && !find(parent)) return ENOENT;
    if (const int error = change(true)) return error;
    if (tearing_) return freeze(), EIO;
    made = std::make_shared<File>();
    made->is_directory = is_directory;
    names_.emplace(path, made);
    if (is_directory && loses_power_) durable_.emplace(path, made);
    return 0;
}

int Disk::write(File& file, std::uint64_t offset, std::string_view bytes, std::size_t& written) {
    const bool grows = offset + bytes.size() > file.size();
    int error = change(grows);
    auto count = bytes.size();
    if (error == ENOSPC && bytes.size() > 1 && chance(50)) error = 0, count = 1 + random_() % (count - 1);
    if (tearing_) count = random_() % (count + 1), test::count(Fault::write_torn);
    if (error == 0) {
        if (file.bytes.size() < offset + count) file.bytes.resize(offset + count);
        file.bytes.replace(offset, count, bytes.substr(0, count));
        const bool is_cut = planted() == Plant::journal_cut && bytes.starts_with("fanion-delta");
        if (is_cut) file.bytes.resize(offset + count / 2);
        written = count;
    }
    if (tearing_) return freeze(), EIO;
    return error;
}

int Disk::resize(File& file, std::uint64_t size, bool reserve) {
    if (reserve && file.size() >= size) return 0;
    if (const int error = change(size > file.size())) return error;
    if (tearing_) return freeze(), EIO;
    if (reserve && size >= smallest_mapping && file.bytes.empty()) {
        constexpr int readable = PROT_READ | PROT_WRITE;
        const auto memory = ::syscall(SYS_mmap, nullptr, size, readable, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory < 0) return ENOMEM;
        file.mapped = reinterpret_cast<char*>(memory);
        file.mapped_bytes = size;
        return 0;
    }
    file.bytes.resize(size);
    return 0;
}

int Disk::rename(const std::string& from, const std::string& to) {
    const auto file = find(from);
    if (!file) return ENOENT;
    if (is_floor(to) && planted() == Plant::floor_not_written) return remove(from, false);
    if (is_floor(to) && planted() == Plant::floor_written_late) {
        const auto& first = first_floors_.emplace(to, file->bytes).first->second;
        if (chance(33)) file->bytes = file->synced = first;
    }
    if (const int error = change(false)) return error;
    if (tearing_) return freeze(), EIO;
    if (const auto replaced = find(to)) replaced->is_linked = false;
    names_[to] = file;
    names_.erase(from);
    return 0;
}

int Disk::remove(const std::string& path, bool is_directory) {
    const auto file = find(path);
    if (!file) return ENOENT;
    if (is_directory != file->is_directory) return is_directory ? ENOTDIR : EISDIR;
    if (is_directory && !list(path).empty()) return ENOTEMPTY;
    if (const int error = change(false)) return error;
    if (tearing_) return freeze(), EIO;
    file->is_linked = false;
    names_.erase(path);
    if (is_directory) durable_.erase(path);
    return 0;
}

int Disk::sync(const FilePtr& file) {
    if (const int error = change(false)) return error;
    if (tearing_) return freeze(), EIO;
    if (!loses_power_) return 0;
    if (planted() == Plant::floor_not_synced && file->bytes.starts_with("fanion-floor")) return 0;
    if (planted() == Plant::journal_not_synced && file->bytes.starts_with("fanion-delta")) return 0;
    if (!file->is_directory) {
        file->synced = file->bytes;
        file->synced_pages = file->pages();
        for (const auto& [path, named] : names_) {
            if (named == file && !durable_.contains(path)) durable_.emplace(path, file);
        }
        return 0;
    }
    const auto self = std::find_if(names_.begin(), names_.end(), [&](const auto& name) { return name.second == file; });
    if (self == names_.end()) return 0;
    std::erase_if(durable_,
                  [&](const auto& name) { return !name.second->is_directory && parent_of(name.first) == self->first; });
    for (const auto& [path, named] : names_) {
        if (parent_of(path) == self->first) durable_.insert_or_assign(path, named);
    }
    return 0;
}

std::vector<std::pair<std::string, bool>> Disk::list(const std::string& directory) const {
    std::vector<std::pair<std::string, bool>> found;
    const auto prefix = directory + "/";
    for (auto at = names_.lower_bound(prefix); at != names_.end() && at->first.starts_with(prefix); ++at) {
        const auto name = at->first.substr(prefix.size());
        if (name.find('/') == std::string::npos) found.emplace_back(name, at->second->is_directory);
    }
    return found;
}

}  // namespace fanion::test
