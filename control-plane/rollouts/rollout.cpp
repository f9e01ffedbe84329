#include "control-plane/rollouts/rollout.hpp"

#include "common/base/text.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::rollouts {
namespace {

void write_text_or_null(json::Writer& w, std::string_view member, std::string_view text) {
    w.key(member);
    if (text.empty()) {
        w.null();
    } else {
        w.string(text);
    }
}

void write_members(json::Writer& w, const Rollout& rollout) {
    const auto& progress = rollout.progress;
    w.member("id", rollout.rollout_id.str()).member("environment", rollout.environment);
    write_plan_members(w, rollout.plan);
    w.member("attempt", rollout.attempt).member("state", name_of(progress.state));
    write_text_or_null(w, "reason", name_of(progress.reason));
    w.member("detail", progress.detail).member("step", std::uint64_t{progress.step});
    w.member("share", std::uint64_t{progress.share}).member("approved", progress.is_approved);
    body::write_time(w, "step_began_at", progress.step > 0 ? progress.applied_at : std::nullopt);
    body::write_time(w, "next_look_at", rollout.due_at);
    w.member("created_by", rollout.created_by).member("created_at", format_rfc3339(rollout.created_at));
    w.member("updated_at", format_rfc3339(rollout.updated_at));
    body::write_time(w, "ended_at", rollout.ended_at);
    w.member("version", rollout.version);
}

void write_decision(json::Writer& w, const TakenDecision& decision) {
    w.begin_object().member("seq", decision.seq).member("at", format_rfc3339(decision.at));
    w.member("action", decision.action);
    write_text_or_null(w, "reason", decision.reason);
    w.member("detail", decision.detail).member("step", decision.step);
    w.key("evidence").raw(decision.evidence).end_object();
}

}  // namespace

void write_rollout(json::Writer& w, const Rollout& rollout) {
    w.begin_object();
    write_members(w, rollout);
    w.end_object();
}

std::string rollout_text(const Rollout& rollout) {
    return body::text_of([&](json::Writer& w) { write_rollout(w, rollout); });
}

std::string rollout_text(const Rollout& rollout, const std::vector<TakenDecision>& decisions) {
    return body::object_text([&](json::Writer& w) {
        write_members(w, rollout);
        w.key("last_look");
        if (rollout.looked_at && !rollout.last_evidence.empty()) {
            w.begin_object().member("at", format_rfc3339(*rollout.looked_at));
            w.key("evidence").raw(rollout.last_evidence).end_object();
        } else {
            w.null();
        }
        w.key("decisions").begin_array();
        for (const auto& decision : decisions) write_decision(w, decision);
        w.end_array();
    });
}

std::string audited_text(const Rollout& rollout, const TakenDecision& decision) {
    return body::object_text([&](json::Writer& w) {
        write_members(w, rollout);
        w.member("on_behalf_of", rollout.created_by).key("decision");
        write_decision(w, decision);
    });
}

}  // namespace fanion::cp::rollouts
