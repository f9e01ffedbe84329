#include "control-plane/relays/propagation_routes.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/relays/canaries.hpp"
#include "control-plane/relays/propagation.hpp"
#include "control-plane/relays/relay_status_store.hpp"
#include "control-plane/staging/look.hpp"

namespace fanion::cp::relays {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::milliseconds poll_interval{200};

Error bad_parameter(std::string_view name, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?" + std::string(name), "bad_value", detail}}};
}

struct PropagationQuery {
    std::optional<wire::Version> version;  // none: what is published now
    std::chrono::milliseconds wait{0};
};

// `version` is "<epoch>.<number>", or the number alone of the present epoch (then epoch reads as 0).
Result<PropagationQuery> read_propagation_query(http::Call& call) {
    PropagationQuery wanted;
    if (const auto text = call.request.query("version")) {
        wanted.version = wire::parse_version(*text);
        const auto number = parse_u64(*text);
        if (!wanted.version && number) wanted.version = wire::Version{0, *number};
        if (!wanted.version) return bad_parameter("version", "version must be <epoch>.<number>, or the number alone");
    }
    if (const auto text = call.request.query("wait")) {
        const auto wait = parse_wait(*text);
        if (!wait) return bad_parameter("wait", "wait must be a time of at most 60s, as in 30s or 500ms");
        wanted.wait = *wait;
    }
    return wanted;
}

struct Propagation {
    wire::Version version;
    std::optional<UnixMillis> published_at;  // none: there is no such version
    std::vector<RelayProgress> relays;
    std::vector<bool> canaries;                 // one for each relay; empty: there are no stages
    std::vector<PropagationState> states;       // the same
    std::optional<publish::Stage> stage;        // of the version
    bool is_held = false;                       // the version, or a later one that has its content
    std::optional<staging::Decision> decision;  // while it is held

    bool is_withdrawn() const { return stage && stage->state == publish::StageState::withdrawn; }
    bool is_complete() const {  // every relay that still reports has it, and is to keep it
        return !is_held && !is_withdrawn() && std::all_of(states.begin(), states.end(), [](PropagationState state) {
            return state == PropagationState::up_to_date || state == PropagationState::silent;
        });
    }
};

// Which relays are canaries: by the label of what is held, else by that of the version asked for.
void find_canaries(Propagation& found, const std::optional<publish::Stage>& held) {
    const auto& stage = held ? held : found.stage;
    if (!stage) return;
    std::vector<LabelledRelay> labelled;
    for (const auto& relay : found.relays) labelled.push_back({relay.relay_id, &relay.path, &relay.labels});
    found.canaries = canaries_among(labelled, stage->settings.label);
}

awaitable<Result<Propagation>> read_propagation(http::Call& call, std::optional<wire::Version> version) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    Propagation found;
    found.version = version.value_or(env->version);
    if (found.version.epoch == 0) found.version.epoch = env->version.epoch;
    found.published_at = co_await publish::find_published_at(tx, env->env_id, found.version);
    found.relays = co_await list_relay_progress(tx, env->env_id);
    found.stage = co_await publish::find_stage(tx, env->env_id, found.version);
    std::optional<publish::Stage> held;
    if (env->released) held = co_await publish::find_held(tx, env->env_id);
    find_canaries(found, held);
    found.is_held = held && held->base < found.version;
    for (std::size_t i = 0; i < found.relays.size(); ++i) {
        const auto& relay = found.relays[i];
        const bool is_held_back = found.is_held && !found.canaries[i];
        const RelayReport report{relay.version >= found.version, relay.state, relay.reported_at, is_held_back};
        found.states.push_back(propagation_state_of(report, call.now()));
    }
    if (found.stage && found.stage->state == publish::StageState::held) {
        const staging::HeldStage stage{found.stage->settings, found.stage->begun_at, found.stage->held_since};
        const auto now = co_await publish::database_time(tx);
        found.decision = staging::decide(stage, staging::canaries_of(*found.stage, found.relays), now);
    }
    co_return found;
}

void write_decision(json::Writer& w, const publish::Stage& stage, const staging::Decision& decision) {
    w.member("waits_for", staging::name_of(decision.reason)).member("detail", decision.detail);
    w.key("soak_until");
    if (decision.soak_until) w.string(format_rfc3339(*decision.soak_until));
    if (!decision.soak_until) w.null();
    w.member("hold_until", format_rfc3339(stage.begun_at + stage.settings.hold_seconds * UnixMillis{1000}));
    w.key("canaries").begin_object().member("has", std::uint64_t{decision.has});
    w.member("behind", std::uint64_t{decision.behind}).member("rejecting", std::uint64_t{decision.rejecting});
    w.member("lost", std::uint64_t{decision.lost}).end_object();
}

void write_end(json::Writer& w, const publish::Stage& stage) {
    if (stage.ended_at) w.member("ended_at", format_rfc3339(*stage.ended_at));
    if (!stage.reason.empty()) {
        w.member("reason", stage.reason).member("detail", stage.detail);
        w.key("actor").begin_object().member("kind", stage.actor_kind).member("id", stage.actor_id).end_object();
    }
    if (!stage.next) return;
    w.member("next", wire::to_string(*stage.next)).key("kept").begin_array();
    for (const auto& item : stage.kept) w.string(item);
    w.end_array();
}

void write_stage(json::Writer& w, const Propagation& found) {
    w.key("stage");
    if (!found.stage || found.stage->state == publish::StageState::beneath) {
        w.null();
        return;
    }
    const auto& stage = *found.stage;
    w.begin_object().member("state", publish::name_of(stage.state)).member("label", stage.settings.label);
    w.member("released", wire::to_string(stage.base)).member("begun_at", format_rfc3339(stage.begun_at));
    if (found.decision) write_decision(w, stage, *found.decision);
    write_end(w, stage);
    w.end_object();
}

void write_relay(json::Writer& w, const Propagation& found, std::size_t i) {
    const auto& relay = found.relays[i];
    w.begin_object().member("relay", relay.relay_id).member("standing", name_of(found.states[i]));
    w.key("path").begin_array();
    for (const auto& above : relay.path) w.string(above);
    w.end_array().key("labels").begin_array();
    for (const auto& label : relay.labels) w.string(label);
    w.end_array();
    if (!found.canaries.empty()) w.member("canary", bool{found.canaries[i]});
    w.member("version", wire::to_string(relay.version))
        .member("state", wire::name_of(relay.state))
        .member("code", relay.code);
    w.member("detail", relay.detail).member("reported_at", format_rfc3339(relay.reported_at));
    const bool is_known = relay.version == found.version;
    body::write_time(w, "has_since", is_known ? relay.taken_at : std::nullopt);
    w.end_object();
}

// The relays after `page.after`; they are in the order of their ids.
std::string to_json(const Propagation& found, const http::Page& page) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("version", wire::to_string(found.version));
    body::write_time(w, "published_at", found.published_at);
    w.member("complete", found.is_complete());
    write_stage(w, found);
    w.key("relays").begin_array();
    const auto first = std::ranges::upper_bound(found.relays, page.after, {}, &RelayProgress::relay_id);
    auto i = static_cast<std::size_t>(first - found.relays.begin());
    const auto end = std::min(found.relays.size(), i + page.limit);
    for (; i < end; ++i) write_relay(w, found, i);
    w.end_array();
    std::optional<std::string> next;
    if (end < found.relays.size()) next = http::cursor_after(found.relays[end - 1].relay_id);
    http::write_next(w, next);
    w.end_object();
    return out;
}

http::Answer handle_get_propagation(http::Call& call) {
    auto wanted = read_propagation_query(call);
    if (!wanted) co_return wanted.error();
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto deadline = std::chrono::steady_clock::now() + wanted->wait;
    for (;;) {
        auto found = co_await read_propagation(call, wanted->version);
        if (!found) co_return found.error();
        wanted->version = found->version;
        if (found->is_complete() || found->is_withdrawn() || std::chrono::steady_clock::now() >= deadline) {
            co_return net::json_response(to_json(*found, *page));
        }
        const bool is_running = co_await net::sleep_for(poll_interval);
        if (!is_running) co_return net::json_response(to_json(*found, *page));
    }
}

using access::Permission;
using net::Method;

constexpr http::Route propagation_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/propagation", Permission::read,
     handle_get_propagation, "version wait limit cursor"},
};

}  // namespace

std::span<const http::Route> propagation_routes() noexcept { return propagation_table; }

}  // namespace fanion::cp::relays
