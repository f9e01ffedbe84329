#include "control-plane/lifecycle/snooze.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::lifecycle {
namespace {

constexpr UnixMillis longest = most_snoozed_days * 24LL * 60 * 60 * 1000;

}  // namespace

Result<UnixMillis> read_snooze(json::Value body, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, {"comment", "by", "created_at"});
        const auto until = body::read_future_time(r, "until", now);
        if (!r.has("until") || r.is_null("until")) r.fail_at("until", "missing", "say until when the flag is snoozed");
        if (until && *until > now + longest)
            r.fail_at("until", "too_far",
                      "a flag is snoozed for at most " + std::to_string(most_snoozed_days) + " days");
        return until.value_or(0);
    });
}

std::vector<Reason> reasons_of(const Verdict& verdict) {
    std::vector<Reason> reasons;
    for (const auto& finding : verdict.overall) reasons.push_back(finding.reason);
    return reasons;
}

bool is_quiet(const Snooze& snooze, const Verdict& verdict, UnixMillis now) {
    if (snooze.until <= now) return false;
    if (snooze.reasons.empty()) return true;
    return std::all_of(verdict.overall.begin(), verdict.overall.end(), [&](const LifeFinding& finding) {
        return std::find(snooze.reasons.begin(), snooze.reasons.end(), finding.reason) != snooze.reasons.end();
    });
}

const Snooze* snooze_in_force(const std::vector<SnoozedFlag>& snoozes, const std::string& flag, const Verdict& verdict,
                              UnixMillis now) {
    const auto found = std::lower_bound(snoozes.begin(), snoozes.end(), flag,
                                        [](const SnoozedFlag& a, const std::string& key) { return a.flag < key; });
    if (found == snoozes.end() || found->flag != flag || !is_quiet(found->snooze, verdict, now)) return nullptr;
    return &found->snooze;
}

void write_snooze(json::Writer& w, const Snooze& snooze) {
    w.begin_object().member("until", format_rfc3339(snooze.until)).key("by").begin_object();
    w.member("kind", snooze.actor_kind).member("id", snooze.actor_id);
    if (!snooze.actor_email.empty()) w.member("email", snooze.actor_email);
    w.end_object().member("comment", snooze.comment);
    w.member("created_at", format_rfc3339(snooze.created_at)).end_object();
}

}  // namespace fanion::cp::lifecycle
