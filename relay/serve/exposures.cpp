#include "relay/serve/exposures.hpp"

#include <cstring>

#include "common/wire/event_batch.hpp"
#include "common/wire/sdk_events.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::string_view separator("\0", 1);
constexpr std::size_t digest_bytes = 16;

// The context's targeting key, where it can be the name of a unit.
std::string_view unit_of(json::Value context) {
    const auto key = context.find(wire::default_unit);
    if (!key || !key.is(json::Kind::string)) return {};
    const auto unit = key.as_string();
    const bool is_name = unit.size() <= wire::event_name_bytes && unit.find('\0') == std::string_view::npos;
    return is_name ? unit : std::string_view();
}

std::uint64_t fingerprint_of(KeyHasher& hasher, const Caller& caller, const eval::Evaluation& evaluation,
                             std::string_view unit) {
    hasher.begin();
    for (const auto part :
         {std::string_view(caller.environment->env_id), evaluation.flag, evaluation.variation, unit}) {
        hasher.update(part);
        hasher.update(separator);
    }
    const auto hash = hasher.finish();
    std::uint64_t fingerprint;
    std::memcpy(&fingerprint, hash.data(), sizeof fingerprint);
    return fingerprint;
}

}  // namespace

void append_digest(KeyHasher& hasher, std::string& out, std::string_view by, std::string_view unit) {
    constexpr char digits[] = "0123456789abcdef";
    hasher.begin();
    hasher.update(by);
    hasher.update(separator);
    hasher.update(unit);
    const auto hash = hasher.finish();
    for (std::size_t i = 0; i < digest_bytes; ++i) {
        out += digits[hash[i] >> 4];
        out += digits[hash[i] & 15];
    }
}

void note_exposure(WorkerDeps& services, const Caller& caller, const eval::Evaluation& evaluation, json::Value context,
                   UnixMillis now) {
    if (evaluation.flag_index == eval::Ruleset::npos || evaluation.variation_index == eval::Ruleset::npos) return;
    if (!caller.environment->ruleset->flag_info(evaluation.flag_index).track) return;
    const auto unit = unit_of(context);
    if (unit.empty()) return;
    if (!services.exposures.add(fingerprint_of(services.hasher, caller, evaluation, unit), now)) {
        services.metrics.exposure_repeated();
        return;
    }
    wire::ExposureEvent event;
    event.env = caller.environment->env_id;
    event.flag = evaluation.flag;
    event.variation = evaluation.variation;
    event.version = evaluation.version;
    append_digest(services.hasher, event.unit, wire::default_unit, unit);
    event.at = now;
    std::string element;
    append_json(element, event);
    if (!services.intake.put_exposure(element, now)) services.metrics.exposure_refused();
}

}  // namespace fanion::relay::serve
