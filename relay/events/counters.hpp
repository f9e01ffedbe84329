#pragma once

// Counting evaluations on one worker thread.
//
//     counters.count({.state = env.serial, .env_id = env.env_id, .flag = e.flag, .flag_index = e.flag_index, ..});
//
// A warm count (this label set was counted before under this state) is one look-up in a table of
// this thread and one store into a mapped file: no system call, no lock, no allocation. The first
// count of a label set creates its slot.
//
// One thread: the worker it belongs to. Slots live in a ShardFile that the drainer reads at the
// same time; see counter_table.hpp for what survives a kill and why a count is neither lost nor
// sealed twice.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fanion::relay::events {

class CounterTable;
class ShardFile;

// The labels of one evaluation. The views have to be valid for the call only. `rule` points into
// the ruleset of the state, where two rules of a flag have different addresses.
struct Counted {
    std::uint64_t state = 0;  // EnvironmentState::serial: warm look-ups go by it and the indices, not by the strings
    std::string_view env_id;
    std::string_view flag;                                       // as requested
    std::size_t flag_index = static_cast<std::size_t>(-1);       // npos: an unknown flag
    std::string_view variation;                                  // empty: the caller's default
    std::size_t variation_index = static_cast<std::size_t>(-1);  // npos likewise
    std::uint64_t version = 0;                                   // the flag's
    std::string_view reason;                                     // OpenFeature's name
    std::uint8_t reason_index = 0;                               // as number, for the look-up
    std::uint32_t sdk = 0;                                       // from sdk_id()
    std::string_view rule{};                                     // id of the one that decided; empty: none
};

class Counters {
public:
    Counters(CounterTable& table, unsigned worker);
    ~Counters();
    Counters(const Counters&) = delete;

    // Adds `n` evaluations with these labels. Never fails: when no file can be created, counts are
    // kept in memory.
    void count(const Counted& counted, std::uint64_t n = 1) {
        if (!count_known(numbers_of(counted), n)) count_new(counted, n);
    }

    // The numbers of a label set, by which a warm count finds it: as in Counted.
    struct Numbers {
        std::uint64_t state = 0;
        std::size_t flag_index = npos;
        std::size_t variation_index = npos;
        std::uint8_t reason_index = 0;
        std::uint32_t sdk = 0;
        const char* rule = nullptr;  // Counted::rule.data()
    };
    // count(), if it is warm: else false, and nothing is counted. Spares the caller to gather the
    // texts, which is most of the cost.
    bool count_known(const Numbers& numbers, std::uint64_t n = 1) noexcept {
        if (change_wanted_->load(std::memory_order_relaxed)) return false;
        const std::uint64_t labels = pack(numbers);
        const Entry& entry = entries_[place(numbers.state, labels, numbers.rule)];
        if (!entry.is(numbers, labels)) return false;
        add(*entry.total, n);
        return true;
    }

    // The same for evaluations that an SDK made, whose labels may be those of another ruleset:
    // looked up by their text.
    void count_reported(const Counted& counted, std::uint64_t n);

    // The number of a caller's SDK name ("python/1.2", "" when unknown), for Counted::sdk. Warm:
    // one look-up. At most 50 different names of at most 64 bytes without control characters; all
    // others are "(other)".
    std::uint32_t sdk_id(std::string_view name);

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

private:
    struct Entry {
        std::uint64_t state = 0;  // 0: free
        std::uint64_t labels = 0;
        const char* rule = nullptr;  // where its id is: compared, never read
        std::atomic<std::uint64_t>* total = nullptr;

        bool is(const Numbers& numbers, std::uint64_t packed) const noexcept {
            return state == numbers.state && labels == packed && rule == numbers.rule;
        }
    };
    struct StringHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    template <class T>
    using ByName = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

    // Only this thread writes a total, so load and store suffice; the drainer sees one value or the
    // next.
    static void add(std::atomic<std::uint64_t>& total, std::uint64_t n) noexcept {
        total.store(total.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    static Numbers numbers_of(const Counted& c) noexcept {
        return {c.state, c.flag_index, c.variation_index, c.reason_index, c.sdk, c.rule.data()};
    }
    // flag 32 bits (all ones: unknown, as no entry is), variation 8 (255: none), reason 8, sdk 16.
    static std::uint64_t pack(const Numbers& numbers) noexcept {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(numbers.flag_index)) << 32 |
               (numbers.variation_index & 0xffU) << 24 | std::uint64_t{numbers.reason_index} << 16 | numbers.sdk;
    }
    std::size_t place(std::uint64_t state, std::uint64_t labels, const char* rule) const noexcept {
        const std::uint64_t key = labels ^ state * 0x9e3779b97f4a7c15U ^ reinterpret_cast<std::uintptr_t>(rule);
        const std::uint64_t mixed = key * 0xd6e8feb86659fd93U;
        return static_cast<std::size_t>(mixed >> 32) & mask_;
    }
    void count_new(const Counted& counted, std::uint64_t n);
    void count_probing(const Counted& counted, std::uint64_t labels, std::uint64_t n);
    void count_unknown(const Counted& counted, std::uint64_t n);
    std::atomic<std::uint64_t>& slot_of(const Counted& counted, std::string_view flag);
    void remember(const Entry& entry);
    void grow_or_clear();
    void start_new_file();

    CounterTable& table_;
    unsigned worker_;
    std::shared_ptr<ShardFile> file_;         // shared with the table, which drains and removes it
    const std::atomic<bool>* change_wanted_;  // of file_
    std::size_t mask_;
    std::size_t used_ = 0;
    std::vector<Entry> entries_;
    ByName<std::atomic<std::uint64_t>*> slots_;  // encoded labels -> slot of file_
    ByName<std::uint32_t> sdk_ids_;
    std::vector<std::string> sdks_;
    std::uint32_t last_sdk_ = 0;  // requests of one client often follow each other
    std::string scratch_;         // encoded labels
};

}  // namespace fanion::relay::events
