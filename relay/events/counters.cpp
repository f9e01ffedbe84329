#include "relay/events/counters.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "relay/events/counter_table.hpp"
#include "relay/events/labels.hpp"

namespace fanion::relay::events {

namespace {

constexpr std::size_t first_entries = 1024;
constexpr std::size_t max_entries = 64 * 1024;
constexpr std::size_t max_sdks = 50;
constexpr std::size_t max_sdk_bytes = 64;

bool is_valid_sdk(std::string_view name) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return name.size() <= max_sdk_bytes && std::none_of(name.begin(), name.end(), is_control) && is_valid_utf8(name);
}

}  // namespace

Counters::Counters(CounterTable& table, unsigned worker)
    : table_(table),
      worker_(worker),
      file_(table.new_file(worker)),
      change_wanted_(&file_->change_wanted),
      mask_(first_entries - 1),
      entries_(first_entries),
      sdk_ids_{{"", 0}, {"(other)", 1}},
      sdks_{"", "(other)"} {}

Counters::~Counters() = default;

std::uint32_t Counters::sdk_id(std::string_view name) {
    if (name == sdks_[last_sdk_]) return last_sdk_;
    if (const auto known = sdk_ids_.find(name); known != sdk_ids_.end()) return last_sdk_ = known->second;
    if (sdks_.size() == max_sdks || !is_valid_sdk(name)) return 1;
    const auto id = static_cast<std::uint32_t>(sdks_.size());
    sdks_.emplace_back(name);
    sdk_ids_.emplace(name, id);
    return id;
}

void Counters::count_new(const Counted& counted, std::uint64_t n) {
    if (change_wanted_->load(std::memory_order_relaxed)) start_new_file();
    if (counted.flag_index == npos) return count_unknown(counted, n);
    count_probing(counted, pack(numbers_of(counted)), n);
}

void Counters::count_reported(const Counted& counted, std::uint64_t n) {
    if (change_wanted_->load(std::memory_order_relaxed)) start_new_file();
    if (counted.flag_index == npos) return count_unknown(counted, n);
    add(slot_of(counted, counted.flag), n);
}

void Counters::count_probing(const Counted& counted, std::uint64_t labels, std::uint64_t n) {
    const Numbers numbers = numbers_of(counted);
    std::size_t at = place(numbers.state, labels, numbers.rule);
    for (; entries_[at].state != 0; at = (at + 1) & mask_) {
        const Entry& entry = entries_[at];
        if (entry.is(numbers, labels)) return add(*entry.total, n);
    }
    auto& total = slot_of(counted, counted.flag);
    add(total, n);
    remember({counted.state, labels, counted.rule.data(), &total});
}

// A known label set is found without a lock; only a new one asks the table.
void Counters::count_unknown(const Counted& counted, std::uint64_t n) {
    scratch_.clear();
    append_labels(scratch_, {counted.env_id, counted.flag, counted.variation, counted.reason, sdks_[counted.sdk], 0});
    if (const auto known = slots_.find(std::string_view(scratch_)); known != slots_.end())
        return add(*known->second, n);
    Counted unknown = counted;
    unknown.version = 0;
    const bool by_name = table_.admit_unknown(counted.env_id, counted.flag);
    add(slot_of(unknown, by_name ? counted.flag : other_flags), n);
}

std::atomic<std::uint64_t>& Counters::slot_of(const Counted& counted, std::string_view flag) {
    scratch_.clear();
    append_labels(scratch_, {counted.env_id, flag, counted.variation, counted.reason, sdks_[counted.sdk],
                             counted.version, counted.rule});
    if (const auto known = slots_.find(std::string_view(scratch_)); known != slots_.end()) return *known->second;
    auto* total = file_->add_slot(scratch_);
    if (total == nullptr) {
        start_new_file();
        total = file_->add_slot(scratch_);  // an empty file has room for any label set
    }
    slots_.emplace(scratch_, total);
    return *total;
}

void Counters::remember(const Entry& entry) {
    if (entry.state == 0) return;  // 0 marks a free entry
    if (2 * used_ >= entries_.size()) grow_or_clear();
    std::size_t at = place(entry.state, entry.labels, entry.rule);
    while (entries_[at].state != 0) at = (at + 1) & mask_;
    entries_[at] = entry;
    ++used_;
}

// Entries of replaced rulesets are never looked up again; clearing removes them.
void Counters::grow_or_clear() {
    const std::size_t size = std::min(2 * entries_.size(), max_entries);
    const bool grows = size > entries_.size();
    const auto old = std::exchange(entries_, std::vector<Entry>(size));
    mask_ = size - 1;
    used_ = 0;
    if (!grows) return;
    for (const Entry& entry : old) {
        remember(entry);
    }
}

void Counters::start_new_file() {
    file_ = table_.new_file(worker_);
    change_wanted_ = &file_->change_wanted;
    slots_.clear();
    std::fill(entries_.begin(), entries_.end(), Entry{});
    used_ = 0;
}

}  // namespace fanion::relay::events
