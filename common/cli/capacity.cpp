#include "common/cli/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "common/cli/capacity_figures.hpp"

namespace fanion::cli {
namespace {

constexpr double seconds_a_day = 86'400;
constexpr double minutes_a_day = 1'440;
constexpr double hours_a_day = 24;
constexpr double kib = 1'024;
constexpr double mib = kib * kib;
constexpr double per_cent = 100;
constexpr double ms_a_second = 1'000;

// What the measured rows are of.
constexpr double exposures_of_a_request = 100;
constexpr double measured_streams = 10'000;
constexpr double measured_relays = 1'000;
constexpr double measured_flags = 10'000;
constexpr double measured_bytes = 4.9e6;  // of these flags
constexpr double counts_of_a_batch = 200;
constexpr double most_counts_of_a_batch = 10'000;  // docs/events.md

// Of the program: docs/data.md on what is kept.
constexpr double batches_kept_days = 7;
constexpr double minutes_kept_days = 2;
constexpr double hours_kept_days = 90;

constexpr double fewest_replicas = 2;  // of relays and of control planes: one may die

double at_least_two(double number) { return std::max(fewest_replicas, std::ceil(number)); }

double label_sets(const Demand& demand) {
    return demand.series > 0 ? demand.series : demand.environments * demand.flags;
}

// Milliseconds in which one core writes to a stream.
double stream_time() { return figures::fan_out.value / measured_streams; }

RelayNeed need_of_relays(const Demand& demand) {
    RelayNeed need;
    const double share_left = demand.tls ? 1 - figures::tls_cost.value / per_cent : 1;
    need.evaluation_cores = demand.requests / (figures::evaluations.value * share_left);
    need.exposure_cores =
        (demand.exposures + demand.metrics) / exposures_of_a_request / figures::exposure_requests.value;
    // As if all streams were of the environment that changes.
    need.fan_out_cores = demand.changes / seconds_a_day * demand.streams * stream_time() / ms_a_second;
    const double cores =
        (need.evaluation_cores + need.exposure_cores + need.fan_out_cores) * per_cent / demand.utilisation;
    need.by_processor = std::ceil(cores / demand.cores);
    need.by_streams = std::ceil(demand.streams / demand.streams_per_relay);
    need.count = at_least_two(std::max({need.by_processor, need.by_streams, demand.relays}));
    const double ruleset = demand.flags * measured_bytes / measured_flags;
    const double stream = demand.tls ? figures::tls_stream_memory.value : figures::stream_memory.value;
    need.memory = figures::rest_memory.value * mib + demand.environments * ruleset * figures::compiled.value +
                  demand.streams / need.count * stream * kib;
    return need;
}

// Parents are added above the relays until the control plane feeds no more than it was measured with.
TreeNeed need_of_tree(const Demand& demand, double relays) {
    TreeNeed need;
    const double apply = figures::delta.value * demand.flags / measured_flags;
    double reach = apply + std::ceil(demand.streams / relays) * stream_time();
    double below = relays;
    while (below > demand.fan_out) {
        const double parents = at_least_two(below / demand.fan_out);
        reach += apply + std::ceil(below / parents) * stream_time();
        need.parents.insert(need.parents.begin(), parents);
        below = parents;
    }
    const double each = figures::relay_streams.value * ms_a_second / measured_relays;
    need.reach = reach + figures::flag_write.value + below * each;
    return need;
}

ControlNeed need_of_control(const Demand& demand, double relays, double next_to_it) {
    ControlNeed need;
    const double share = demand.utilisation / per_cent;
    const double flush = demand.flush_interval / ms_a_second;
    // A relay has at most all label sets in what it sends, and sends at least one batch.
    const double rows = std::min(label_sets(demand), std::max(1.0, demand.requests / relays * flush));
    need.batches = relays / flush * std::max(1.0, std::ceil(rows / most_counts_of_a_batch));
    need.counts = relays / flush * rows;
    need.by_batches =
        std::ceil(std::max(need.batches, need.counts / counts_of_a_batch) / (figures::batches.value * share));
    need.by_units = std::ceil((demand.exposures + demand.metrics) / (figures::units.value * share));
    need.by_relays = std::ceil(next_to_it / measured_relays);
    need.count = at_least_two(std::max({need.by_batches, need.by_units, need.by_relays}));
    return need;
}

TableNeed table_of(const char* what, double rows, const Figure& bytes, const Figure& log, double days) {
    return {what, rows, rows * bytes.value, rows * log.value, rows * bytes.value * days};
}

// By the minute for two days, then by the hour, then by the day.
TableNeed table_of_counts(const Demand& demand, double counts_a_second) {
    const double sets = label_sets(demand);
    auto need = table_of("counts of evaluations", sets * minutes_a_day, figures::count_bytes, figures::count_log, 0);
    // Each relay adds to a row as often as it sends.
    need.log += std::max(0.0, counts_a_second * seconds_a_day - need.rows) * figures::addition_log.value;
    const double by_minute = std::min(demand.counts_days, minutes_kept_days);
    const double by_hour = std::clamp(demand.counts_days - minutes_kept_days, 0.0, hours_kept_days - minutes_kept_days);
    const double by_day = std::max(0.0, demand.counts_days - hours_kept_days);
    const double rows = sets * (by_minute * minutes_a_day + by_hour * hours_a_day + by_day);
    need.kept = rows * figures::count_bytes.value;
    return need;
}

}  // namespace

Capacity estimate(const Demand& demand) {
    Capacity need;
    need.relay = need_of_relays(demand);
    need.tree = need_of_tree(demand, need.relay.count);
    const double next_to_it = need.tree.parents.empty() ? need.relay.count : need.tree.parents.front();
    need.control = need_of_control(demand, need.relay.count, next_to_it);
    constexpr Figure in_counts{"", 0, "", "", ""};  // the log of a batch is in that of its counts
    need.tables = {
        table_of_counts(demand, need.control.counts),
        table_of("batches", need.control.batches * seconds_a_day, figures::batch_bytes, in_counts, batches_kept_days),
        table_of("exposures", demand.exposures * seconds_a_day, figures::exposure_bytes, figures::exposure_log,
                 demand.retention_days),
        table_of("metric events", demand.metrics * seconds_a_day, figures::metric_bytes, figures::metric_log,
                 demand.retention_days),
        table_of("changes, kept for a year", demand.changes, figures::change_bytes, figures::change_log, 365)};
    need.total.what = "together";
    for (const auto& table : need.tables) {
        need.total.rows += table.rows;
        need.total.bytes += table.bytes;
        need.total.log += table.log;
        need.total.kept += table.kept;
    }
    return need;
}

std::string grouped(double number) {
    char digits[64];
    std::snprintf(digits, sizeof digits, "%.0f", number);
    std::string text(digits);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string in_bytes(double bytes) {
    constexpr const char* names[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    std::size_t unit = 0;
    for (; bytes >= 999.95 && unit + 1 < std::size(names); ++unit) bytes /= 1'000;
    char text[64];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, names[unit]);
    return text;
}

}  // namespace fanion::cli
