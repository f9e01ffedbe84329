// The disk's side of Spool: segments are opened, filled, read at the start and removed.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "common/spool/segment_reader.hpp"
#include "relay/spool/segment.hpp"
#include "relay/spool/spool.hpp"

namespace fanion::relay::spool {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t min_segment_bytes = 64 * 1024;
constexpr std::uint64_t max_segment_bytes = 4 * 1024 * 1024;
constexpr std::string_view extension = ".spool";

// Whole segments are dropped to make room, so a small spool has small segments.
std::uint64_t segment_limit(std::uint64_t disk_bytes) {
    return std::clamp(disk_bytes / 16, min_segment_bytes, max_segment_bytes);
}

std::string segment_path(const std::string& directory, std::uint64_t first_number) {
    char name[32];
    std::snprintf(name, sizeof name, "/%020llu", static_cast<unsigned long long>(first_number));
    return directory + name + std::string(extension);
}

// The number in a segment's name; 0: another name.
std::uint64_t number_of(const std::string& path) { return parse_u64(fs::path(path).stem().string()).value_or(0); }

// Empty when the directory cannot be read.
std::optional<std::vector<std::string>> segment_paths(const std::string& directory) {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() == extension) paths.push_back(at->path().string());
    }
    if (error) return std::nullopt;
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

bool Spool::open_cursor() {
    std::error_code error;
    fs::create_directories(config_.directory, error);
    auto file = StateFile::open(config_.directory + "/cursor");
    if (!file) {
        update_disk_state(file.error());
        return false;
    }
    cursor_file_.emplace(std::move(*file));
    if (cursor_file_->was_damaged()) ++damaged_files_;
    if (is_loaded_) store_cursor();
    return true;
}

// Reads what an earlier process left; false when it cannot be read now. A disk that is only readable is read: what is
// settled from it is stored when it can be written to again, and a kill before that repeats batches under their ids.
bool Spool::load() {
    const auto paths = segment_paths(config_.directory);
    auto value = cursor_file_ ? Result<std::optional<std::string>>(cursor_file_->value())
                              : StateFile::read(config_.directory + "/cursor");
    if (!paths || !value) {
        update_disk_state(value ? Error{Errc::unavailable, "cannot read " + config_.directory} : value.error());
        return false;
    }
    const auto cursor = *value ? decode_cursor(**value) : std::nullopt;
    had_cursor_ = cursor.has_value();
    if (cursor) cursor_ = *cursor;
    next_number_ = cursor_.through + 1;
    for (const auto& path : *paths) recover_segment(path);
    const std::uint64_t oldest = entries_.empty() ? 0 : entries_.front().number;
    if (cursor_.kept != oldest) cursor_.kept = 0;
    if (cursor_.part_of != oldest || oldest == 0) {
        cursor_.part_of = 0;
        cursor_.part.clear();
        cursor_.part_done = {};
    }
    pinned_ = std::max(cursor_.kept, cursor_.part_of);
    return true;
}

// Precondition: the cursor is open.
bool Spool::adopt() {
    const auto paths = segment_paths(config_.directory);
    if (paths && paths->empty() && !cursor_file_->value()) {  // a new directory
        is_loaded_ = true;
        store_cursor();
        return true;
    }
    if (pinned_ != 0)
        return false;  // the batch being sent stays the front one: an earlier process' batches wait for it
    auto entries = std::exchange(entries_, {});
    const auto since = std::exchange(cursor_, {});
    const auto next_number = next_number_;
    is_loaded_ = load();
    if (!is_loaded_) {
        entries_ = std::move(entries);
        cursor_ = since;
        next_number_ = next_number;
        return false;
    }
    cursor_.delivered += since.delivered;
    for (std::size_t i = 0; i < drop_reason_count; ++i) cursor_.dropped.by_reason[i] += since.dropped.by_reason[i];
    for (auto& entry : entries) {
        if (contains(entry.id)) {  // sealed again because it could not be seen here
            memory_used_ -= entry.body.size();
            continue;
        }
        entry.number = next_number_++;
        entries_.push_back(std::move(entry));
    }
    store_cursor();
    return true;
}

void Spool::check_files() {
    if (cursor_file_ && !cursor_file_->is_linked()) {
        log_.error("spool_files_removed", {{"file", config_.directory + "/cursor"}});
        cursor_file_.reset();
    }
    if (writer_ && !writer_->is_linked()) rescue_open_segment();
}

// Its file was removed: what the descriptor still holds waits in memory to be written again.
void Spool::rescue_open_segment() {
    log_.error("spool_files_removed", {{"file", open_->path}});
    for (auto& entry : entries_) {
        if (entry.segment != open_) continue;
        auto record = writer_->read(entry.offset, entry.length);
        if (!record) continue;  // dropped by front()
        entry.body = std::move(record->body);
        entry.segment = nullptr;
        memory_used_ += entry.body.size();
        --open_->queued;
    }
    disk_used_ -= std::exchange(open_->bytes, 0);
    open_->path.clear();  // the batches get a new file, whose name may be the same
    open_.reset();
    writer_.reset();
}

// Nothing waits to be written that would show whether the disk works again: the cursor and an empty segment do.
void Spool::probe_disk() {
    if (!writer_ && !open_segment(next_number_)) return;
    update_disk_state(cursor_file_->store(encode(cursor_)));
}

void Spool::recover_segment(const std::string& path) {
    next_number_ = std::max(next_number_, number_of(path) + 1);  // its name is taken, whatever it holds
    auto content = read_segment(path);
    if (!content) {
        ++damaged_files_;
        log_.error("spool_segment_unreadable", {{"detail", content.error().detail}});
        return;
    }
    const bool torn = content->good_end < content->bytes;
    if (torn || content->damaged) {
        ++damaged_files_;
        log_.warn("spool_segment_damaged",
                  {{"file", path}, {"torn_bytes", content->bytes - content->good_end}, {"inside", content->damaged}});
    }
    if (torn && cut_segment(path, content->good_end)) content->bytes = content->good_end;
    auto segment = std::make_shared<Segment>(Segment{path, content->bytes, 0});
    disk_used_ += segment->bytes;
    for (auto& found : content->entries) {
        next_number_ = std::max(next_number_, found.number + 1);
        if (cursor_.is_settled(found.number)) continue;
        ++segment->queued;
        entries_.push_back({found.number, std::move(found.id), found.content, segment, found.offset, found.length, ""});
    }
    if (segment->queued == 0) settled_.push_back(segment);
}

bool Spool::write_to_disk(Entry& entry) {
    if (!cursor_file_ || !is_loaded_) return false;  // the numbers on disk are not known
    if (writer_ && writer_->size() >= segment_limit(config_.disk_bytes)) close_segment();
    if (!writer_) {
        if (auto opened = open_segment(entry.number); !opened) return update_disk_state(opened), false;
    }
    auto written = writer_->append({entry.number, entry.id, entry.content, entry.body});
    if (!written) {
        update_disk_state(written.error());
        close_segment();
        return false;
    }
    update_disk_state({});
    entry.segment = open_;
    entry.offset = written->offset;
    entry.length = written->length;
    entry.body.clear();
    ++open_->queued;
    open_->bytes += written->length;
    disk_used_ += written->length;
    return true;
}

Result<> Spool::open_segment(std::uint64_t first_number) {
    std::error_code error;
    fs::create_directories(config_.directory, error);
    const auto path = segment_path(config_.directory, first_number);
    auto writer = SegmentWriter::create(path);
    if (!writer) return writer.error();
    writer_.emplace(std::move(*writer));
    open_ = std::make_shared<Segment>(Segment{path, writer_->size(), 0});
    disk_used_ += open_->bytes;
    return {};
}

// Synced, because Spool::sync() knows only the open segment.
void Spool::close_segment() {
    if (writer_) {
        auto synced = writer_->sync();
        if (!synced) closed_synced_ = std::move(synced);
    }
    writer_.reset();
    const auto segment = std::exchange(open_, nullptr);
    if (segment && segment->queued == 0) settled_.push_back(segment);
}

void Spool::release(const std::shared_ptr<Segment>& segment) {
    --segment->queued;
    if (segment->queued == 0 && segment != open_) settled_.push_back(segment);
}

void Spool::remove_settled_segments() {
    if (settled_.empty()) return;
    // After a power cut the cursor must know what became of batches whose segment is gone.
    if (auto synced = cursor_file_->sync(); !synced) closed_synced_ = std::move(synced);
    for (const auto& segment : settled_) {
        std::error_code error;
        fs::remove(segment->path, error);
        disk_used_ -= segment->bytes;
    }
    settled_.clear();
}

void Spool::make_room(std::uint64_t needed) {
    if (disk_used_ + needed > config_.disk_bytes && open_ && open_->queued == 0) close_segment();
    if (!settled_.empty()) store_cursor();
    while (disk_used_ + needed > config_.disk_bytes && drop_oldest_segment()) {
    }
}

// False when nothing may be dropped.
bool Spool::drop_oldest_segment() {
    const auto is_droppable = [&](const Entry& entry) { return entry.segment && entry.number != pinned_; };
    auto entry = std::find_if(entries_.begin(), entries_.end(), is_droppable);
    if (entry == entries_.end()) return false;
    const auto segment = entry->segment;
    if (segment == open_) close_segment();
    while (entry != entries_.end() && entry->segment == segment) {
        log_.warn("spool_batch_dropped", {{"batch", entry->id}, {"reason", "spool_full"}});
        const auto index = entry - entries_.begin();
        drop(entry, DropReason::spool_full);
        entry = entries_.begin() + index;
    }
    return true;
}

void Spool::update_disk_state(const Result<>& result) {
    const bool works = result.has_value();
    if (works == disk_works_) return;
    disk_works_ = works;
    if (works) {
        log_.info("spool_disk_recovered", {});
    } else {
        log_.error("spool_disk_failed", {{"detail", result.error().detail}});
    }
}

}  // namespace fanion::relay::spool
