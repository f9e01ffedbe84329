#include "relay/events/counter_table.hpp"

#include <algorithm>
#include <filesystem>

#include "common/base/text.hpp"
#include "relay/events/summarizer.hpp"

namespace fanion::relay::events {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view extension = ".counts";
constexpr std::size_t row_bytes = 180;  // a typical row of counts as JSON

std::uint64_t unsealed_in(const ShardFile& file) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < file.used(); ++i) {
        sum += file.slot(i).total.load(std::memory_order_relaxed) - file.slot(i).mark;
    }
    return sum;
}

// The number that a file's name begins with. Numbers are never reused.
std::uint64_t number_of(const fs::path& path) {
    const std::string name = path.filename().string();
    return parse_u64(name.substr(0, name.find('-'))).value_or(0);
}

wire::DroppedEvents difference(const wire::DroppedEvents& now, const wire::DroppedEvents& before) {
    const auto grown = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
    return {grown(now.counts, before.counts), grown(now.exposures, before.exposures),
            grown(now.metrics, before.metrics)};
}

}  // namespace

CounterTable::CounterTable(CounterTableConfig config, UnixMillis now, const Log& log)
    : config_(std::move(config)), log_(log), next_file_(1), current_(config_.workers), spare_(config_.workers) {
    std::error_code error;
    fs::create_directories(config_.directory, error);
    open_ledger(now);
    load_files();
}

void CounterTable::open_ledger(UnixMillis now) {
    auto file = StateFile::open(config_.directory + "/ledger");
    if (file) {
        ledger_file_.emplace(std::move(*file));
        const auto stored = ledger_file_->value() ? decode_ledger(*ledger_file_->value()) : std::nullopt;
        had_ledger_ = stored.has_value();
        if (stored) ledger_ = *stored;
        if (ledger_file_->was_damaged()) ++damaged_files_;
    } else {
        log_.error("counter_ledger_open_failed", {{"detail", file.error().detail}});
    }
    if (!had_ledger_) ledger_.from = now;
}

void CounterTable::load_files() {
    std::error_code error;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(config_.directory, error)) paths.push_back(entry.path());
    for (const auto& path : paths) {
        next_file_ = std::max(next_file_.load(), number_of(path) + 1);
        if (path.extension() == ".new") fs::remove(path, error);  // not renamed yet: nothing was counted in it
        if (path.extension() != extension) continue;
        auto file = ShardFile::open(path.string());
        if (!file) {
            log_.error("counter_file_damaged", {{"detail", file.error().detail}});
            move_aside(path.string());
            continue;
        }
        for (std::uint32_t i = 0; !is_pending() && i < (*file)->used(); ++i) {
            (*file)->slot(i).pending = (*file)->slot(i).mark;  // sealing was interrupted before step 2
        }
        files_.push_back(std::move(*file));
    }
}

void CounterTable::move_aside(const std::string& path) {
    ++damaged_files_;
    const fs::path folder = fs::path(config_.directory) / "damaged";
    std::error_code error;
    fs::create_directories(folder, error);
    fs::rename(path, folder / fs::path(path).filename(), error);
}

Result<std::shared_ptr<ShardFile>> CounterTable::make_file(unsigned worker) {
    const auto name = std::to_string(next_file_++) + "-" + std::to_string(worker) + std::string(extension);
    return ShardFile::create(config_.directory + "/" + name, config_.shard);
}

std::shared_ptr<ShardFile> CounterTable::new_file(unsigned worker) {
    std::shared_ptr<ShardFile> file;
    {
        const std::lock_guard lock(mutex_);
        file = std::exchange(spare_[worker], nullptr);
    }
    if (!file) {
        auto made = make_file(worker);
        if (!made) log_.error("counter_disk_failed", {{"detail", made.error().detail}});
        file = made ? *made : ShardFile::in_memory(config_.shard);
    }
    const std::lock_guard lock(mutex_);
    files_.push_back(file);
    current_[worker] = file;
    return file;
}

std::optional<SealedCounts> CounterTable::interrupted() {
    const std::lock_guard lock(mutex_);
    if (!is_pending()) return std::nullopt;
    Summarizer rows(static_cast<std::size_t>(-1));
    for (const auto& file : files_) {
        for (std::uint32_t i = 0; i < file->used(); ++i) {
            const auto& slot = file->slot(i);
            if (slot.pending > slot.mark) rows.add(file->labels(i), slot.pending - slot.mark);
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
                                               const wire::DroppedEvents& total_dropped) {
    const std::lock_guard lock(mutex_);
    SealedCounts sealed;
    sealed.dropped = difference(total_dropped, ledger_.reported);
    Summarizer rows(max_bytes);
    for (const auto& file : files_) {
        const std::uint32_t used = file->used();
        for (std::uint32_t i = 0; i < used && !sealed.more; ++i) {
            auto& slot = file->slot(i);
            const std::uint64_t total = slot.total.load(std::memory_order_relaxed);
            if (total == slot.mark) continue;
            sealed.more = !rows.add(file->labels(i), total - slot.mark);
            if (!sealed.more) slot.pending = total;
        }
    }
    if (rows.empty() && sealed.dropped == wire::DroppedEvents{}) {
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
    store_ledger();
    return sealed;
}

void CounterTable::apply() {
    const std::lock_guard lock(mutex_);
    for (const auto& file : files_) {
        for (std::uint32_t i = 0; i < file->used(); ++i) file->slot(i).mark = file->slot(i).pending;
    }
    ledger_.sealed += ledger_.pending_n;
    ledger_.from = ledger_.pending_to;
    ledger_.reported.counts += ledger_.pending_dropped.counts;
    ledger_.reported.exposures += ledger_.pending_dropped.exposures;
    ledger_.reported.metrics += ledger_.pending_dropped.metrics;
    ledger_.pending_id.clear();
    ledger_.pending_to = 0;
    ledger_.pending_n = 0;
    ledger_.pending_dropped = {};
    store_ledger();
    remove_drained_files();
}

bool CounterTable::is_current(const ShardFile& file) const noexcept {
    return std::any_of(current_.begin(), current_.end(), [&](const auto& current) { return current.get() == &file; });
}

void CounterTable::remove_drained_files() {
    std::erase_if(files_, [&](const std::shared_ptr<ShardFile>& file) {
        if (is_current(*file) || unsealed_in(*file) != 0) return false;
        std::error_code error;
        if (file->is_on_disk()) fs::remove(file->path(), error);
        return true;
    });
}

void CounterTable::end_all_files() {
    const std::lock_guard lock(mutex_);
    std::fill(current_.begin(), current_.end(), nullptr);
    if (!is_pending()) remove_drained_files();
}

void CounterTable::return_to_disk() {
    const std::lock_guard lock(mutex_);
    if (!ledger_file_) open_ledger(ledger_.from);
    for (unsigned worker = 0; worker < config_.workers; ++worker) {
        const auto& file = current_[worker];
        if (!file || file->is_on_disk() || spare_[worker]) continue;
        auto made = make_file(worker);
        if (!made) return;
        log_.info("counter_disk_recovered", {{"worker", worker}});
        spare_[worker] = *made;
        file->change_wanted.store(true, std::memory_order_relaxed);
    }
}

void CounterTable::sync() const {
    Files files;
    {
        const std::lock_guard lock(mutex_);
        files = files_;
    }
    if (ledger_file_) ledger_file_->sync();
    for (const auto& file : files) file->sync();
}

void CounterTable::store_ledger() {
    if (!ledger_file_) return;
    if (auto stored = ledger_file_->store(encode(ledger_)); !stored) {
        log_.error("counter_ledger_write_failed", {{"detail", stored.error().detail}});
    }
}

std::uint64_t CounterTable::accepted() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t sum = ledger_.sealed;
    for (const auto& file : files_) sum += unsealed_in(*file);
    return sum;
}

std::uint64_t CounterTable::sealed() const {
    const std::lock_guard lock(mutex_);
    return ledger_.sealed;
}

void CounterTable::set_sealed(std::uint64_t evaluations) {
    const std::lock_guard lock(mutex_);
    ledger_.sealed = evaluations;
    store_ledger();
}

bool CounterTable::is_on_disk() const {
    const std::lock_guard lock(mutex_);
    return ledger_file_ &&
           std::all_of(files_.begin(), files_.end(), [](const auto& file) { return file->is_on_disk(); });
}

std::size_t CounterTable::unsealed_bytes() const {
    const std::lock_guard lock(mutex_);
    std::size_t rows = 0;
    for (const auto& file : files_) {
        for (std::uint32_t i = 0; i < file->used(); ++i) {
            rows += file->slot(i).total.load(std::memory_order_relaxed) != file->slot(i).mark ? 1 : 0;
        }
    }
    return rows * row_bytes;
}

}  // namespace fanion::relay::events
