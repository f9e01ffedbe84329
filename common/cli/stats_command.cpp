#include <map>
#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

struct StatsOptions {
    FlagOptions place;
    std::string from, to, step, by;
};

std::string label_of(json::Reader& series, const std::string& by) {
    if (by.empty()) return "COUNT";
    const auto value = series.optional_any(by);
    if (!value || value.is(json::Kind::null)) return "-";
    return value.is(json::Kind::string) ? series.string(by) : value.to_text();
}

// A row for each step in which something was counted, with a column for each series.
std::string describe_series(json::Value response, const std::string& by) {
    std::vector<Finding> ignored;
    json::Reader r(response, ignored);
    std::vector<std::string> heading{"AT"};
    std::map<std::string, std::map<std::size_t, std::string>> counts;
    for (auto& series : r.array("series")) {
        heading.push_back(label_of(series, by));
        for (auto& point : series.array("points"))
            counts[point.string("at")][heading.size() - 1] = std::to_string(point.unsigned_integer("count"));
    }
    std::vector<std::vector<std::string>> rows{heading};
    for (const auto& [at, columns] : counts) {
        auto& row = rows.emplace_back(heading.size(), "0");
        row[0] = at;
        for (const auto& [column, count] : columns) row[column] = count;
    }
    return table(rows);
}

Exit run_stats(const StatsOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(name) + "=" + percent_encode(value);
    };
    add("flag", options.place.key);
    add("from", options.from);
    add("to", options.to);
    add("step", options.step);
    add("by", options.by);
    const auto response = place->client().call({.path = place->environment() + "/stats/series" + query});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    terminal.print(terminal.json ? response->body : describe_series(document.root(), options.by));
    return Exit::ok;
}

}  // namespace

void add_stats_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<StatsOptions>();
    auto* stats = add_command(app, session, options, "stats", "evaluations over time in --env", run_stats);
    stats->add_option("flag", options->place.key, "the flag's key; default: all flags together");
    stats->add_option("--org", options->place.org, "organisation")->envname("FANION_ORG");
    stats->add_option("--project", options->place.project, "project")->envname("FANION_PROJECT");
    stats->add_option("--env", options->place.env, "environment")->envname("FANION_ENV");
    stats->add_option("--from", options->from, "a time; default: a day before --to");
    stats->add_option("--to", options->to, "a time; default: now");
    stats->add_option("--step", options->step, "minute, hour or day; default: hour");
    stats->add_option("--by", options->by, "a column for each variation, version, reason, sdk or rule");
}

}  // namespace fanion::cli
