// What is published of an environment: the signed ruleset itself, and how far the relays are with it.

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "common/net/task_group.hpp"
#include "common/wire/envelope.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/domain/propagation.hpp"
#include "control-plane/store/environments_published.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;
using domain::RelayStanding;

constexpr std::chrono::milliseconds look_again{200};

Error bad_parameter(std::string_view name, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?" + std::string(name), "bad_value", detail}}};
}

struct Wanted {
    std::optional<wire::Version> version;  // none: what is published now
    std::chrono::milliseconds wait{0};
};

// `version` is "<epoch>.<number>", or the number alone of the present epoch (then epoch reads as 0).
Result<Wanted> read_wanted(Call& call) {
    Wanted wanted;
    if (const auto text = query(call, "version")) {
        wanted.version = wire::parse_version(*text);
        const auto number = parse_u64(*text);
        if (!wanted.version && number) wanted.version = wire::Version{0, *number};
        if (!wanted.version) return bad_parameter("version", "version is <epoch>.<number>, or the number alone");
    }
    if (const auto text = query(call, "wait")) {
        const auto wait = domain::parse_wait(*text);
        if (!wait) return bad_parameter("wait", "wait is a time of at most 60s, as in 30s or 500ms");
        wanted.wait = *wait;
    }
    return wanted;
}

struct Propagation {
    wire::Version version;
    std::vector<store::RelayProgress> relays;
    std::vector<RelayStanding> standings;

    bool is_complete() const {  // everyone who speaks has it
        return std::all_of(standings.begin(), standings.end(), [](RelayStanding standing) {
            return standing == RelayStanding::has_it || standing == RelayStanding::silent;
        });
    }
};

awaitable<Result<Propagation>> look(Call& call, std::optional<wire::Version> version) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto env = co_await the_environment(call, tx);
    if (!env) co_return env.error();
    Propagation found;
    found.version = version.value_or(env->version);
    if (found.version.epoch == 0) found.version.epoch = env->version.epoch;
    found.relays = co_await store::list_relay_progress(tx, env->env_id);
    for (const auto& relay : found.relays) {
        domain::RelayReport report{relay.version >= found.version,
                                   relay.state == "rejected" || relay.state == "quarantined", relay.reported_at};
        found.standings.push_back(domain::standing_of(report, call.now()));
    }
    co_return found;
}

std::string to_json(const Propagation& found) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("version", wire::to_string(found.version)).member("complete", found.is_complete());
    w.key("relays").begin_array();
    for (std::size_t i = 0; i < found.relays.size(); ++i) {
        const auto& relay = found.relays[i];
        w.begin_object().member("relay", relay.relay_id).member("standing", domain::name_of(found.standings[i]));
        w.member("version", wire::to_string(relay.version)).member("state", relay.state).member("code", relay.code);
        w.member("detail", relay.detail).member("reported_at", format_rfc3339(relay.reported_at)).end_object();
    }
    w.end_array().end_object();
    return out;
}

}  // namespace

Answer handle_get_ruleset(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto env = co_await the_environment(call, tx);
    if (!env) co_return problem(call, env.error());
    const auto head = co_await store::read_signed_head(tx, env->env_id, env->version);
    if (!head) co_return problem(call, not_found("ruleset yet"));
    const auto items = co_await store::read_items(tx, env->env_id);
    std::string text = head->line0 + '\n' + head->manifest + '\n';
    wire::append_items(text, items);
    auto response = resource_response(call, std::move(text), '"' + wire::to_string(env->version) + '"');
    response.content_type = wire::ruleset_media_type;
    response.set("Fanion-Ruleset-Version", env->key + '=' + wire::to_string(env->version));
    co_return response;
}

Answer handle_get_propagation(Call& call) {
    auto wanted = read_wanted(call);
    if (!wanted) co_return problem(call, wanted.error());
    const auto deadline = std::chrono::steady_clock::now() + wanted->wait;
    for (;;) {
        auto found = co_await look(call, wanted->version);
        if (!found) co_return problem(call, found.error());
        wanted->version = found->version;
        if (found->is_complete() || std::chrono::steady_clock::now() >= deadline) {
            co_return net::json_response(to_json(*found));
        }
        const bool is_running = co_await net::sleep_for(look_again);
        if (!is_running) co_return net::json_response(to_json(*found));
    }
}

}  // namespace fanion::api
