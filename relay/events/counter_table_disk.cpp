// The disk's side of CounterTable: files are loaded, created in advance, and followed when they fail or disappear.

#include <algorithm>
#include <filesystem>
#include <utility>

#include "common/base/text.hpp"
#include "relay/events/counter_table.hpp"

namespace fanion::relay::events {

namespace fs = std::filesystem;

namespace {

// The number that a file's name begins with. Numbers are never reused.
std::uint64_t number_of(const fs::path& path) {
    const std::string name = path.filename().string();
    return parse_u64(name.substr(0, name.find('-'))).value_or(0);
}

}  // namespace

void CounterTable::open_ledger() {
    std::error_code error;
    fs::create_directories(config_.directory, error);
    auto file = StateFile::open(config_.directory + "/ledger");
    if (!file) {
        if (!std::exchange(ledger_failed_, true))
            log_.error("counter_ledger_open_failed", {{"detail", file.error().detail}});
        return;
    }
    ledger_failed_ = false;
    auto opened = std::make_shared<StateFile>(std::move(*file));
    const std::lock_guard lock(mutex_);
    ledger_file_ = std::move(opened);
}

void CounterTable::load_ledger(UnixMillis now) {
    open_ledger();
    const auto value = ledger_file_ ? Result<std::optional<std::string>>(ledger_file_->value())
                                    : StateFile::read(config_.directory + "/ledger");
    std::error_code ignored;
    ledger_known_ = value.has_value() && (ledger_file_ || fs::exists(config_.directory, ignored));
    const auto stored = value && *value ? decode_ledger(**value) : std::nullopt;
    had_ledger_ = stored.has_value();
    if (stored) ledger_ = *stored;
    if (ledger_file_ && ledger_file_->was_damaged()) ++damaged_files_;
    if (!had_ledger_) ledger_.from = now;
}

// Files that are known already are skipped. False when the directory cannot be read.
bool CounterTable::load_files() {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator at(config_.directory, error), end; !error && at != end; at.increment(error))
        paths.push_back(at->path());
    if (error) return false;
    for (const auto& path : paths) {
        next_file_ = std::max(next_file_.load(), number_of(path) + 1);
        std::error_code ignored;
        if (path.extension() == ".new") fs::remove(path, ignored);  // not renamed yet: nothing was counted in it
        if (path.extension() != shard_extension) continue;
        const auto known = files();
        const auto is_same = [&](const auto& file) { return file->path() == path.string(); };
        if (std::none_of(known.begin(), known.end(), is_same)) add_file(path.string());
    }
    return true;
}

void CounterTable::add_file(const std::string& path) {
    auto file = load_file(path);
    if (!file) return;
    for (std::uint32_t i = 0; !is_pending() && i < file->used(); ++i) {
        file->slot(i).pending = file->slot(i).mark.load(std::memory_order_relaxed);  // sealing ended before step 2
    }
    const std::lock_guard lock(mutex_);
    accepted_before_ -= file->sealed();
    files_.push_back(std::move(file));
}

// Null when it holds nothing that can be used now.
std::shared_ptr<ShardFile> CounterTable::load_file(const std::string& path) {
    const bool was_tried = unopened_.erase(path) > 0;
    auto file = ShardFile::open(path);
    if (file) return *file;
    if (file.error().code == Errc::invalid_input) {
        log_.error("counter_file_damaged", {{"detail", file.error().detail}});
        return salvage(path);
    }
    auto reader = ShardFile::open_read_only(path);
    if (reader) return *reader;
    unopened_.insert(path);
    if (!was_tried) log_.error("counter_file_open_failed", {{"detail", file.error().detail}});
    return nullptr;
}

// What could not be opened, or not be written to. Precondition: no batch is pending.
void CounterTable::retry_files() {
    reopen_read_only_files();
    const auto again = unopened_;
    for (const auto& path : again) {
        std::error_code ignored;
        if (fs::exists(path, ignored)) add_file(path);
    }
}

std::shared_ptr<ShardFile> CounterTable::salvage(const std::string& path) {
    auto salvaged = ShardFile::salvage(path, config_.shard);
    lost_ += salvaged.lost;
    move_aside(path);
    return salvaged.rest;
}

void CounterTable::move_aside(const std::string& path) {
    ++damaged_files_;
    const fs::path folder = fs::path(config_.directory) / "damaged";
    std::error_code error;
    fs::create_directories(folder, error);
    fs::rename(path, folder / fs::path(path).filename(), error);
}

bool CounterTable::prepare_files(bool may_load) {
    if (ledger_file_ && !ledger_file_->is_linked()) {
        log_.error("counter_files_removed", {{"file", config_.directory + "/ledger"}});
        const std::lock_guard lock(mutex_);
        ledger_file_.reset();
    }
    if (!ledger_file_) open_ledger();
    if (!ledger_file_) {
        disk_failed_ = true;
        return false;
    }
    const bool knows_disk = ledger_known_ && files_known_;
    if (!knows_disk && (!may_load || is_pending())) return false;
    if (!knows_disk && !return_to_disk()) return false;
    if (knows_disk && !ledger_file_->value()) store_ledger();  // its file was removed
    if (knows_disk && !is_pending()) retry_files();
    for (unsigned worker = 0; worker < config_.workers; ++worker) {
        const auto current = current_without_spare(worker);
        if (!current) continue;
        const bool was_removed = current->is_on_disk() && current->notice_removal();
        if (current->is_on_disk() && !current->is_nearly_full()) continue;
        const bool is_in_memory = !current->is_on_disk();
        if (was_removed) log_.error("counter_files_removed", {{"file", current->path()}});
        auto made = make_file(worker);
        if (!made) {
            if (!disk_failed_.exchange(true)) log_.error("counter_disk_failed", {{"detail", made.error().detail}});
            return !knows_disk;
        }
        disk_failed_ = false;
        if (is_in_memory) log_.info("counter_disk_recovered", {{"worker", worker}});
        {
            const std::lock_guard lock(mutex_);
            spare_[worker] = *made;
        }
        if (is_in_memory) current->change_wanted.store(true, std::memory_order_relaxed);
    }
    return !knows_disk;
}

// Precondition: the ledger is open, and no batch is pending.
bool CounterTable::return_to_disk() {
    if (!ledger_known_) adopt_ledger();
    reopen_read_only_files();
    files_known_ = load_files();
    if (files_known_) store_ledger();
    disk_failed_ = !files_known_;
    return files_known_;
}

// The ledger of an earlier process, which could not be read at the start, goes before what came since.
void CounterTable::adopt_ledger() {
    ledger_known_ = true;
    const auto stored = ledger_file_->value() ? decode_ledger(*ledger_file_->value()) : std::nullopt;
    if (!stored) return;
    const auto since = std::exchange(ledger_, *stored);
    ledger_.sealed += since.sealed;
    ledger_.reported.counts += since.reported.counts;
    ledger_.reported.exposures += since.reported.exposures;
    ledger_.reported.metrics += since.reported.metrics;
    if (!is_pending()) ledger_.from = since.from;
    const std::lock_guard lock(mutex_);
    accepted_before_ += stored->sealed;
}

void CounterTable::reopen_read_only_files() {
    for (const auto& reader : files()) {
        if (reader->is_writable()) continue;
        auto file = ShardFile::open(reader->path());
        if (!file) continue;
        (*file)->take_marks(*reader);
        const std::lock_guard lock(mutex_);
        std::replace(files_.begin(), files_.end(), reader, *file);
    }
}

}  // namespace fanion::relay::events
