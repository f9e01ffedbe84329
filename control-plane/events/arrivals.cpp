#include "control-plane/events/arrivals.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace fanion::cp::events {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

// Of numbers that are not negative.
void add(std::int64_t& sum, std::int64_t n) { sum = sum > largest - n ? largest : sum + n; }

std::int64_t clamp(std::uint64_t n) { return static_cast<std::int64_t>(std::min(n, std::uint64_t{largest})); }

auto labels_of(const CountRow& row) {
    return std::tie(row.env_id, row.flag, row.variation, row.version, row.reason, row.sdk, row.minute, row.rule);
}
auto labels_of(const AnswerNote& note) { return std::tie(note.env_id, note.flag, note.variation); }
auto labels_of(const CallerNote& note) { return std::tie(note.env_id, note.flag, note.relay, note.sdk); }

void join(AnswerNote& note, const AnswerNote& other) {
    note.first = std::min(note.first, other.first);
    note.last = std::max(note.last, other.last);
}
void join(CallerNote& note, const CallerNote& other) { note.last = std::max(note.last, other.last); }

template <class Note>
void sort_and_join(std::vector<Note>& notes) {
    std::sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) { return labels_of(a) < labels_of(b); });
    std::size_t kept = 0;
    for (auto& note : notes) {
        if (kept > 0 && labels_of(notes[kept - 1]) == labels_of(note)) {
            join(notes[kept - 1], note);
        } else if (&notes[kept++] != &note) {
            notes[kept - 1] = std::move(note);
        }
    }
    notes.resize(kept);
}

std::vector<CountRow> sum_of_counts(const std::vector<const Arrival*>& arrivals) {
    std::vector<const CountRow*> all;
    for (const auto* arrival : arrivals) {
        for (const auto& row : arrival->rows) all.push_back(&row);
    }
    std::sort(all.begin(), all.end(),
              [](const CountRow* a, const CountRow* b) { return labels_of(*a) < labels_of(*b); });
    std::vector<CountRow> sums;
    for (const auto* row : all) {
        if (!sums.empty() && labels_of(sums.back()) == labels_of(*row)) {
            add(sums.back().n, row->n);
        } else {
            sums.push_back(*row);
        }
    }
    return sums;
}

std::vector<AnswerNote> answers_of(const std::vector<CountRow>& counts) {
    std::vector<AnswerNote> notes;
    for (const auto& row : counts) {
        AnswerNote note{row.env_id, row.flag, row.variation, row.minute, row.minute};
        // Counts are in the order of these labels, so most that are equal stand side by side.
        if (!notes.empty() && labels_of(notes.back()) == labels_of(note)) {
            join(notes.back(), note);
        } else {
            notes.push_back(std::move(note));
        }
    }
    return notes;
}

std::vector<CallerNote> callers_of(const std::vector<const Arrival*>& arrivals) {
    std::vector<CallerNote> notes;
    for (const auto* arrival : arrivals) {
        for (const auto& row : arrival->rows)
            notes.push_back({row.env_id, row.flag, arrival->relay, row.sdk, row.minute});
    }
    sort_and_join(notes);
    return notes;
}

std::vector<DropNote> sum_of_drops(const std::vector<const Arrival*>& arrivals) {
    std::map<std::string_view, RelayDrops> sums;
    for (const auto* arrival : arrivals) {
        const auto& drops = arrival->drops;
        if (drops == RelayDrops{}) continue;
        auto& sum = sums[arrival->relay];
        add(sum.counts, drops.counts);
        add(sum.exposures, drops.exposures);
        add(sum.metrics, drops.metrics);
    }
    std::vector<DropNote> notes;
    for (const auto& [relay, drops] : sums) notes.push_back({std::string(relay), drops});
    return notes;
}

UnitRows units_of(const std::vector<const Arrival*>& arrivals) {
    std::vector<const UnitRows*> all;
    for (const auto* arrival : arrivals) all.push_back(&arrival->units);
    return join(all);
}

}  // namespace

Effects effects_of(const std::vector<const Arrival*>& arrivals) {
    Effects effects;
    effects.counts = sum_of_counts(arrivals);
    effects.answers = answers_of(effects.counts);
    effects.callers = callers_of(arrivals);
    effects.drops = sum_of_drops(arrivals);
    effects.units = units_of(arrivals);
    for (const auto* arrival : arrivals) {
        const auto n = arrival->events();
        effects.events = n > std::numeric_limits<std::uint64_t>::max() - effects.events
                             ? std::numeric_limits<std::uint64_t>::max()
                             : effects.events + n;
    }
    return effects;
}

std::vector<Delivery> deliveries_of(const std::vector<const Arrival*>& arrivals,
                                    const std::vector<const Arrival*>& repeated) {
    std::map<std::string_view, Delivery> sums;
    for (const auto* arrival : arrivals) {
        auto& sum = sums[arrival->relay];
        add(sum.counts, clamp(arrival->evaluations));
        add(sum.exposures, clamp(arrival->exposures));
        add(sum.metrics, clamp(arrival->metrics));
    }
    for (const auto* arrival : repeated) add(sums[arrival->relay].repeated, 1);
    std::vector<Delivery> deliveries;
    for (auto& [relay, sum] : sums) {
        sum.relay = relay;
        deliveries.push_back(std::move(sum));
    }
    return deliveries;
}

}  // namespace fanion::cp::events
