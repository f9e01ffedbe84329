#include "relay/events/counter_table.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <utility>

#include "relay/events/summarizer.hpp"

namespace fanion::relay::events {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t row_bytes = 180;  // a typical row of counts as JSON

constexpr auto relaxed = std::memory_order_relaxed;

wire::EventNumbers difference(const wire::EventNumbers& now, const wire::EventNumbers& before) {
    const auto grown = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
    return {grown(now.counts, before.counts), grown(now.exposures, before.exposures),
            grown(now.metrics, before.metrics)};
}

}  // namespace

CounterTable::CounterTable(CounterTableConfig config, UnixMillis now, const Log& log)
    : config_(std::move(config)), log_(log), next_file_(1), current_(config_.workers), spare_(config_.workers) {
    load_ledger(now);
    accepted_before_ = ledger_.sealed;
    // Without the ledger it is not known which counts a batch has already, and the files wait.
    files_known_ = ledger_known_ && load_files() && ledger_file_ != nullptr;
    disk_failed_ = !files_known_;  // a file of another process could be in the way
}

Result<std::shared_ptr<ShardFile>> CounterTable::make_file(unsigned worker) {
    const auto name = std::to_string(next_file_++) + "-" + std::to_string(worker) + std::string(shard_extension);
    return ShardFile::create(config_.directory + "/" + name, config_.shard);
}

std::shared_ptr<ShardFile> CounterTable::new_file(unsigned worker) {
    std::shared_ptr<ShardFile> file;
    {
        const std::lock_guard lock(mutex_);
        file = std::exchange(spare_[worker], nullptr);
    }
    if (!file && disk_failed_.load(relaxed)) {
        file = ShardFile::in_memory(config_.shard);
    } else if (!file) {
        auto made = make_file(worker);
        if (!made) log_.error("counter_disk_failed", {{"detail", made.error().detail}});
        file = made ? *made : ShardFile::in_memory(config_.shard);
    }
    const std::lock_guard lock(mutex_);
    files_.push_back(file);
    current_[worker] = file;
    return file;
}

CounterTable::Files CounterTable::files() const {
    const std::lock_guard lock(mutex_);
    return files_;
}

std::optional<SealedCounts> CounterTable::interrupted() {
    if (!is_pending()) return std::nullopt;
    Summarizer rows(static_cast<std::size_t>(-1));
    for (const auto& file : files()) {
        for (std::uint32_t i = 0; i < file->used(); ++i) {
            const auto& slot = file->slot(i);
            const std::uint64_t mark = slot.mark.load(relaxed);
            if (slot.pending > mark) rows.add(file->labels(i), slot.pending - mark);
        }
    }
    SealedCounts sealed;
    sealed.id = ledger_.pending_id;
    sealed.from = ledger_.from;
    sealed.to = ledger_.pending_to;
    sealed.evaluations = ledger_.pending_n;
    sealed.counts = rows.take();
    sealed.dropped = ledger_.pending_dropped;
    return sealed;
}

std::optional<SealedCounts> CounterTable::seal(std::string id, UnixMillis now, std::size_t max_bytes,
                                               const wire::EventNumbers& total_dropped) {
    if (ledger_behind_ && !store_ledger()) return std::nullopt;
    SealedCounts sealed;
    sealed.dropped = difference(total_dropped, ledger_.reported);
    Summarizer rows(max_bytes);
    for (const auto& file : files()) {
        const std::uint32_t used = file->is_writable() ? file->used() : 0;
        for (std::uint32_t i = 0; i < used && !sealed.more; ++i) {
            auto& slot = file->slot(i);
            const std::uint64_t total = slot.total.load(relaxed);
            const std::uint64_t mark = slot.mark.load(relaxed);
            if (total == mark) continue;
            sealed.more = !rows.add(file->labels(i), total - mark);
            if (!sealed.more) slot.pending = total;
        }
    }
    if (rows.empty() && sealed.dropped == wire::EventNumbers{}) {
        ledger_.from = now;
        store_ledger();
        return std::nullopt;
    }
    sealed.id = std::move(id);
    sealed.from = ledger_.from;
    sealed.to = std::max(now, ledger_.from);
    sealed.evaluations = rows.evaluations();
    sealed.counts = rows.take();
    ledger_.pending_id = sealed.id;
    ledger_.pending_to = sealed.to;
    ledger_.pending_n = sealed.evaluations;
    ledger_.pending_dropped = sealed.dropped;
    if (store_ledger()) return sealed;
    withdraw();
    return std::nullopt;
}

// Step 1 backwards: no batch is pending, and what was read is sealed later.
void CounterTable::withdraw() {
    for (const auto& file : files()) {
        const std::uint32_t used = file->is_writable() ? file->used() : 0;
        for (std::uint32_t i = 0; i < used; ++i) file->slot(i).pending = file->slot(i).mark.load(relaxed);
    }
    forget_pending();
}

void CounterTable::forget_pending() {
    ledger_.pending_id.clear();
    ledger_.pending_to = 0;
    ledger_.pending_n = 0;
    ledger_.pending_dropped = {};
}

void CounterTable::apply() {
    std::uint64_t marked = 0;
    for (const auto& file : files()) {
        for (std::uint32_t i = 0; i < file->used(); ++i) {
            auto& slot = file->slot(i);
            marked += slot.pending - slot.mark.load(relaxed);
            slot.mark.store(slot.pending, relaxed);
        }
    }
    {
        // Not equal when a kill came after some of the marks, or when a file of the batch was lost since it was sealed.
        const std::lock_guard lock(mutex_);
        accepted_before_ += ledger_.pending_n - marked;
    }
    ledger_.sealed += ledger_.pending_n;
    ledger_.from = ledger_.pending_to;
    ledger_.reported.counts += ledger_.pending_dropped.counts;
    ledger_.reported.exposures += ledger_.pending_dropped.exposures;
    ledger_.reported.metrics += ledger_.pending_dropped.metrics;
    forget_pending();
    store_ledger();
    remove_drained_files();
}

// A file that is not current never becomes current again, so its totals are final.
void CounterTable::remove_drained_files() {
    Files candidates;
    {
        const std::lock_guard lock(mutex_);
        const auto is_current = [this](const auto& file) {
            return std::find(current_.begin(), current_.end(), file) != current_.end();
        };
        std::copy_if(files_.begin(), files_.end(), std::back_inserter(candidates), std::not_fn(is_current));
    }
    std::erase_if(removed_, [](const auto& file) { return file.use_count() == 1; });
    for (auto& file : candidates) {
        const std::uint64_t total = file->total();
        if (!file->is_writable() || total != file->sealed()) continue;
        std::error_code error;
        if (file->is_on_disk()) fs::remove(file->path(), error);
        {
            const std::lock_guard lock(mutex_);
            std::erase(files_, file);
            accepted_before_ += total;
        }
        removed_.push_back(std::move(file));
    }
}

void CounterTable::end_all_files() {
    {
        const std::lock_guard lock(mutex_);
        std::fill(current_.begin(), current_.end(), nullptr);
        for (auto& spare : spare_) {
            if (auto unused = std::exchange(spare, nullptr)) files_.push_back(std::move(unused));
        }
    }
    if (!is_pending()) remove_drained_files();
}

// Null when the worker has a spare, or no file yet.
std::shared_ptr<ShardFile> CounterTable::current_without_spare(unsigned worker) const {
    const std::lock_guard lock(mutex_);
    return spare_[worker] ? nullptr : current_[worker];
}

Result<> CounterTable::sync() const {
    Files files;
    std::shared_ptr<const StateFile> ledger;
    {
        const std::lock_guard lock(mutex_);
        files = files_;
        ledger = ledger_file_;
    }
    auto synced = ledger ? ledger->sync() : Result<>();
    for (const auto& file : files) {
        auto result = file->sync();
        if (synced && !result) synced = std::move(result);
    }
    return synced;
}

// True also without a disk: then a kill loses counts and ledger together.
bool CounterTable::store_ledger() {
    if (!ledger_file_ || !ledger_known_ || !files_known_) return true;
    const auto stored = ledger_file_->store(encode(ledger_));
    const bool was_behind = std::exchange(ledger_behind_, !stored);
    if (!stored && !was_behind) log_.error("counter_ledger_write_failed", {{"detail", stored.error().detail}});
    if (stored && was_behind) log_.info("counter_ledger_recovered", {});
    return stored.has_value();
}

// Read without the lock: a page of a mapped file may have to come from the disk. Totals only grow, and a file that is
// removed meanwhile has its final totals.
std::uint64_t CounterTable::accepted() const {
    Files files;
    std::uint64_t sum = 0;
    {
        const std::lock_guard lock(mutex_);
        files = files_;
        sum = accepted_before_;
    }
    for (const auto& file : files) sum += file->total();
    return sum;
}

void CounterTable::set_sealed(std::uint64_t evaluations) {
    {
        const std::lock_guard lock(mutex_);
        accepted_before_ += evaluations - ledger_.sealed;
    }
    ledger_.sealed = evaluations;
    store_ledger();
}

bool CounterTable::is_on_disk() const {
    const std::lock_guard lock(mutex_);
    return ledger_file_ &&
           std::all_of(files_.begin(), files_.end(), [](const auto& file) { return file->is_on_disk(); });
}

std::size_t CounterTable::unsealed_bytes() const {
    std::size_t rows = 0;
    for (const auto& file : files()) {
        for (std::uint32_t i = 0; i < file->used(); ++i) {
            const auto& slot = file->slot(i);
            rows += slot.total.load(relaxed) != slot.mark.load(relaxed) ? 1 : 0;
        }
    }
    return rows * row_bytes;
}

}  // namespace fanion::relay::events
