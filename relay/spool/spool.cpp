#include "relay/spool/spool.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "common/spool/segment_reader.hpp"
#include "relay/spool/segment.hpp"

namespace fanion::relay::spool {

Spool::Spool(SpoolConfig config, const Log& log)
    : config_(std::move(config)), log_(log), rejected_(config_.directory + "/rejected", config_.rejected_bytes) {
    open_cursor();
    is_loaded_ = load();
    store_cursor();
}

Spool::~Spool() = default;

void Spool::append(std::string id, const Content& content, std::string body) {
    return_to_disk();  // batches that wait in memory go first
    Entry entry{next_number_++, std::move(id), content, nullptr, 0, 0, std::move(body)};
    const bool others_wait = !entries_.empty() && !entries_.back().segment;
    if (!others_wait) make_room(entry.body.size());
    if (others_wait || !write_to_disk(entry)) memory_used_ += entry.body.size();
    entries_.push_back(std::move(entry));
    make_room_in_memory();
}

std::optional<Spool::Head> Spool::front() {
    while (!entries_.empty()) {
        const Entry& entry = entries_.front();
        const std::string& part = cursor_.part_of == entry.number ? cursor_.part : std::string();
        if (!entry.segment) {
            pinned_ = entry.number;
            return Head{entry.number, entry.id, entry.body, part};
        }
        auto record = read_record_at(entry.segment->path, entry.offset, entry.length);
        if (record) {
            pinned_ = entry.number;
            return Head{entry.number, entry.id, std::move(record->body), part};
        }
        if (record.error().code == Errc::unavailable) return std::nullopt;
        if (record.error().code == Errc::not_found && entry.segment == open_) {
            rescue_open_segment();
            if (!entries_.front().segment) continue;
        }
        log_.warn("spool_batch_damaged", {{"batch", entry.id}, {"detail", record.error().detail}});
        ++damaged_files_;
        drop(entries_.begin(), DropReason::damaged);
    }
    return std::nullopt;
}

void Spool::settle(Outcome outcome) {
    if (outcome == Outcome::rejected) return drop(entries_.begin(), DropReason::rejected);
    cursor_.delivered += left_of(entries_.front());
    forget(entries_.begin());
}

void Spool::settle_part(Outcome outcome, const Content& content, std::string next_part) {
    (outcome == Outcome::delivered ? cursor_.delivered : cursor_.dropped[DropReason::rejected]) += content;
    cursor_.part_of = entries_.front().number;
    cursor_.part_done += content;
    cursor_.part = std::move(next_part);
    if (cursor_.part.empty()) return settle(outcome);
    store_cursor();
}

void Spool::split(std::string part) {
    cursor_.part_of = entries_.front().number;
    cursor_.part = std::move(part);
    store_cursor();
}

bool Spool::keep_rejected(std::string_view part, std::string_view body) const {
    return !entries_.empty() && rejected_.put(entries_.front().number, part, body);
}

bool Spool::retry_disk() {
    return_to_disk();
    return std::exchange(adopted_, false);
}

void Spool::return_to_disk() {
    check_files();
    if (!cursor_file_ && !open_cursor()) return;
    if (!is_loaded_ && adopt()) adopted_ = true;
    if (!is_loaded_) return;
    if (cursor_behind_) store_cursor();
    const auto waits = [](const Entry& entry) { return !entry.segment; };
    for (;;) {
        auto entry = std::find_if(entries_.begin(), entries_.end(), waits);
        if (entry == entries_.end()) break;
        const auto size = entry->body.size();
        make_room(size);  // may move entries
        entry = std::find_if(entries_.begin(), entries_.end(), waits);
        if (!write_to_disk(*entry)) return;
        memory_used_ -= size;
    }
    if (!disk_works_) probe_disk();
}

Result<> Spool::sync() {
    auto synced = std::exchange(closed_synced_, Result<>());
    for (const auto& result :
         {writer_ ? writer_->sync() : Result<>(), cursor_file_ ? cursor_file_->sync() : Result<>()}) {
        if (synced && !result) synced = result;
    }
    return synced;
}

bool Spool::contains(std::string_view id) const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id == id; });
}

bool Spool::is_only_in_memory(std::string_view id) const noexcept {
    if (cursor_behind_ && id == unstored_id_) return true;
    return std::any_of(entries_.rbegin(), entries_.rend(),
                       [&](const Entry& entry) { return !entry.segment && entry.id == id; });
}

Content Spool::queued() const noexcept {
    Content sum;
    for (const auto& entry : entries_) sum += left_of(entry);
    return sum;
}

void Spool::record_lost(const Content& content) {
    cursor_.dropped[DropReason::damaged] += content;
    store_cursor();
}

Content Spool::left_of(const Entry& entry) const noexcept {
    Content left = entry.content;
    if (cursor_.part_of == entry.number) left -= cursor_.part_done;
    return left;
}

void Spool::drop(Entries::iterator entry, DropReason reason) {
    cursor_.dropped[reason] += left_of(*entry);
    forget(entry);
}

// Removes the entry; the totals are updated already.
void Spool::forget(Entries::iterator position) {
    const Entry entry = std::move(*position);
    const bool was_front = position == entries_.begin();
    entries_.erase(position);
    if (cursor_.part_of == entry.number) {
        cursor_.part_of = 0;
        cursor_.part.clear();
        cursor_.part_done = {};
    }
    if (pinned_ == entry.number) pinned_ = 0;
    // A kill loses what is only in memory, behind others: the cursor need not name it.
    if (entry.segment || was_front) cursor_.through = std::max(cursor_.through, entry.number);
    const bool one_is_kept = !entries_.empty() && entries_.front().number <= cursor_.through;
    cursor_.kept = one_is_kept ? entries_.front().number : 0;
    cursor_.last_id = entry.id;
    if (entry.segment) release(entry.segment);
    if (!entry.segment) memory_used_ -= entry.body.size();
    if (!entry.segment && entry.content.counts > 0) unstored_id_ = entry.id;
    store_cursor();
}

// Counts last: the counters wait for their batch, of which there is one.
void Spool::make_room_in_memory() {
    const auto may_go = [this](const Entry& entry) { return !entry.segment && entry.number != pinned_; };
    while (memory_used_ > config_.memory_bytes) {
        auto oldest = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& entry) { return may_go(entry) && entry.content.counts == 0; });
        if (oldest == entries_.end()) oldest = std::find_if(entries_.begin(), entries_.end(), may_go);
        if (oldest == entries_.end() || std::next(oldest) == entries_.end()) return;  // the newest stays
        log_.warn("spool_batch_dropped", {{"batch", oldest->id}, {"reason", "spool_full"}});
        drop(oldest, DropReason::spool_full);
    }
}

void Spool::store_cursor() {
    if (!cursor_file_ || !is_loaded_) return;
    const auto stored = cursor_file_->store(encode(cursor_));
    cursor_behind_ = !stored;
    if (!stored) return update_disk_state(stored);
    unstored_id_.clear();
    remove_settled_segments();
}

}  // namespace fanion::relay::spool
