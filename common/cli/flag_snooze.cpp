// Leaving a flag out of the report on flags that are done with, for some time.

#include "common/base/clock.hpp"
#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_lifecycle.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

constexpr UnixMillis a_day = 24LL * 60 * 60 * 1000;

std::string snooze_path(const FlagPlace& place, const FlagOptions& options) {
    return place.flag(options.key) + "/lifecycle/snooze";
}

Exit run_snooze(const FlagOptions& options, const Terminal& terminal) {
    if (options.until.empty() && options.days == 0)
        return terminal.fail(Exit::usage, "say until when: --days or --until");
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto until = options.days == 0 ? options.until : format_rfc3339(SystemClock().now() + options.days * a_day);
    std::string body;
    json::Writer w(body);
    w.begin_object().member("until", until);
    if (!options.comment.empty()) w.member("comment", options.comment);
    w.end_object();
    const auto made = place->client().call(
        {.method = net::Method::put, .path = snooze_path(*place, options), .body = std::move(body)});
    if (!made) return terminal.fail(made.error());
    terminal.print(terminal.json ? made->body : options.key + " is snoozed until " + until);
    return Exit::ok;
}

Exit run_unsnooze(const FlagOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(snooze_path(*place, options), options.comment);
    const auto ended = place->client().call({.method = net::Method::del, .path = path});
    if (!ended) return terminal.fail(ended.error());
    terminal.print(terminal.json ? "{}" : options.key + " is not snoozed any more");
    return Exit::ok;
}

}  // namespace

void add_snooze_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options) {
    auto* snooze =
        add_command(flag, session, options, "snooze", "leave a flag out of `stale` for some time", run_snooze);
    snooze->add_option("flag", options->key, "the flag's key")->required();
    auto* days =
        snooze->add_option("--days", options->days, "for so many days, at most 365")->check(CLI::Range(1, 365));
    snooze->add_option("--until", options->until, "until then, as 2027-03-01T00:00:00Z")->excludes(days);
    auto* unsnooze = add_command(flag, session, options, "unsnooze", "undo snooze", run_unsnooze);
    unsnooze->add_option("flag", options->key, "the flag's key")->required();
    for (auto* command : {snooze, unsnooze}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
