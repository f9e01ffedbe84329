#include <cstdlib>
#include <memory>

#include "common/cli/capacity.hpp"
#include "common/cli/capacity_figures.hpp"
#include "common/cli/commands.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

std::string decimals(double number, int count) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", count, number);
    return text;
}

constexpr double largest_input = 1e12;  // of anything that is counted: sums of products stay exact enough to print

// Unlike CLI::Range, it refuses nan.
CLI::Validator number_from(double low, double high) {
    return CLI::Validator(
        [low, high](std::string& text) {
            char* end = nullptr;
            const double number = std::strtod(text.c_str(), &end);
            const bool is_number = end != text.c_str() && *end == '\0';
            if (is_number && number >= low && number <= high) return std::string();
            return "a number from " + decimals(low, low < 1 && low > 0 ? 1 : 0) + " to " + grouped(high) + " is needed";
        },
        "NUMBER");
}

using Cells = std::vector<std::string>;

std::string relays_text(const Demand& demand, const RelayNeed& need) {
    const auto cores = [](double number) { return decimals(number, 2) + " cores"; };
    return table({
        Cells{"RELAYS", "need", "for"},
        Cells{"evaluations", cores(need.evaluation_cores), grouped(demand.requests) + " a second"},
        Cells{"exposures, metric events", cores(need.exposure_cores),
              grouped(demand.exposures + demand.metrics) + " a second"},
        Cells{"changes to streams", cores(need.fan_out_cores),
              grouped(demand.changes) + " a day to " + grouped(demand.streams) + " streams"},
        Cells{"by the processor", grouped(need.by_processor),
              grouped(demand.cores) + " cores each, of which " + decimals(demand.utilisation, 0) + " % are used"},
        Cells{"by the streams", grouped(need.by_streams),
              "at most " + grouped(demand.streams_per_relay) + " streams each"},
        Cells{"relays", grouped(need.count), in_bytes(need.memory) + " of memory each"},
    });
}

std::string tree_text(const TreeNeed& need) {
    std::string parents;
    for (const auto count : need.parents) parents += (parents.empty() ? "" : ", then ") + grouped(count);
    return table({
        Cells{"TREE", "", "of relays"},
        Cells{"relays between", parents.empty() ? "none" : parents,
              parents.empty() ? "relays follow the control plane" : "by level, from the control plane down"},
        Cells{"a change has reached all", grouped(need.reach) + " ms", "after it was asked for, network not counted"},
    });
}

std::string control_text(const Demand& demand, const Capacity& all) {
    const auto& need = all.control;
    const auto next_to_it = all.tree.parents.empty() ? all.relay.count : all.tree.parents.front();
    return table({
        Cells{"CONTROL PLANES", "need", "for"},
        Cells{"by counts", grouped(need.by_batches),
              grouped(need.counts) + " a second in " + decimals(need.batches, 1) + " batches"},
        Cells{"by exposures, metric events", grouped(need.by_units),
              grouped(demand.exposures + demand.metrics) + " a second"},
        Cells{"by relays", grouped(need.by_relays), grouped(next_to_it) + " that follow it"},
        Cells{"control planes", grouped(need.count), "two cores each, with their share of PostgreSQL"},
    });
}

std::string tables_text(const Capacity& need) {
    std::vector<Cells> rows{{"POSTGRESQL", "rows a day", "bytes a day", "log a day", "kept"}};
    const auto add = [&rows](const TableNeed& table) {
        rows.push_back(
            {table.what, grouped(table.rows), in_bytes(table.bytes), in_bytes(table.log), in_bytes(table.kept)});
    };
    for (const auto& table : need.tables) add(table);
    add(need.total);
    return table(rows);
}

std::string figures_text() {
    std::vector<Cells> rows{{"FIGURE", "of", "docs/benchmarks.md"}};
    for (const auto& figure : figures::all) {
        const bool is_whole = figure.value == static_cast<double>(static_cast<std::int64_t>(figure.value));
        const auto value = is_whole ? grouped(figure.value) : decimals(figure.value, figure.value < 10 ? 2 : 1);
        rows.push_back({value, figure.unit, figure.source});
    }
    return table(rows);
}

void write_table(json::Writer& w, const TableNeed& table) {
    w.begin_object().member("what", table.what).member("rows_per_day", table.rows);
    w.member("bytes_per_day", table.bytes).member("log_bytes_per_day", table.log).member("bytes_kept", table.kept);
    w.end_object();
}

std::string capacity_json(const Capacity& need) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("relays").begin_object().member("count", need.relay.count);
    w.member("memory_bytes", need.relay.memory).member("by_processor", need.relay.by_processor);
    w.member("by_streams", need.relay.by_streams).member("evaluation_cores", need.relay.evaluation_cores);
    w.member("exposure_cores", need.relay.exposure_cores).member("fan_out_cores", need.relay.fan_out_cores);
    w.end_object().key("tree").begin_object().key("parents").begin_array();
    for (const auto count : need.tree.parents) w.number(count);
    w.end_array().member("reach_ms", need.tree.reach).end_object();
    w.key("control_planes").begin_object().member("count", need.control.count);
    w.member("counts_per_second", need.control.counts)
        .member("batches_per_second", need.control.batches)
        .member("by_batches", need.control.by_batches);
    w.member("by_units", need.control.by_units).member("by_relays", need.control.by_relays).end_object();
    w.key("postgresql").begin_object().key("tables").begin_array();
    for (const auto& table : need.tables) write_table(w, table);
    w.end_array().key("together");
    write_table(w, need.total);
    w.end_object().key("figures").begin_array();
    for (const auto& figure : figures::all) {
        w.begin_object().member("name", figure.name).member("value", figure.value).member("unit", figure.unit);
        w.member("text", figure.text).member("source", figure.source).end_object();
    }
    w.end_array().end_object();
    return out;
}

Exit run_capacity(const Demand& demand, const Terminal& terminal) {
    const auto need = estimate(demand);
    if (terminal.json) {
        terminal.print(capacity_json(need));
        return Exit::ok;
    }
    terminal.print(relays_text(demand, need.relay) + "\n\n" + tree_text(need.tree) + "\n\n" +
                   control_text(demand, need) + "\n\n" + tables_text(need) + "\n\n" + figures_text());
    return Exit::ok;
}

// What must be more than nothing, because something is divided by it.
void add_divisors(CLI::App& command, Demand& demand) {
    command.add_option("--environments", demand.environments, "environments")
        ->check(number_from(1.0, largest_input))
        ->capture_default_str();
    command.add_option("--cores", demand.cores, "cores of a relay's machine")
        ->check(number_from(0.1, 1e6))
        ->capture_default_str();
    command.add_option("--streams-per-relay", demand.streams_per_relay, "streams that one relay is to have at most")
        ->check(number_from(1.0, largest_input))
        ->capture_default_str();
    command.add_option("--fan-out", demand.fan_out, "relays that follow one relay, or the control plane, at most")
        ->check(number_from(2.0, largest_input))
        ->capture_default_str();
    command.add_option("--flush-interval", demand.flush_interval, "milliseconds between a relay's batches of counts")
        ->check(number_from(1, 1e9))
        ->capture_default_str();
    command.add_option("--utilisation", demand.utilisation, "percent of the measured rates that are planned with")
        ->check(number_from(1.0, 100.0))
        ->capture_default_str();
}

}  // namespace

void add_capacity_command(CLI::App& app, Session& session) {
    auto demand = std::make_shared<Demand>();
    auto* command = add_command(app, session, demand, "capacity",
                                "estimate relays, control planes and storage for a load, offline", run_capacity);
    const auto add = [&](const char* name, double& value, const char* help) {
        command->add_option(name, value, help)->check(number_from(0.0, largest_input))->capture_default_str();
    };
    add("--requests", demand->requests, "evaluations that relays are asked for, a second");
    add("--streams", demand->streams, "SDKs that follow a relay at a time");
    add("--flags", demand->flags, "flags of an environment");
    add("--changes", demand->changes, "changes of flags a day");
    add("--exposures", demand->exposures, "exposures a second");
    add("--metrics", demand->metrics, "metric events a second");
    add("--series", demand->series,
        "combinations of environment, flag, variation, version, reason, SDK and rule that are evaluated in a minute; "
        "0: environments x flags");
    add("--relays", demand->relays, "relays there are at least, as where each pod has one");
    add("--retention-days", demand->retention_days, "days that exposures and metric events are kept");
    add("--counts-days", demand->counts_days, "days that counts of evaluations are kept");
    command->add_flag("--tls", demand->tls, "the relays themselves serve TLS");
    add_divisors(*command, *demand);
    command->footer("docs/capacity.md says how, and what the figures do not cover.");
}

}  // namespace fanion::cli
