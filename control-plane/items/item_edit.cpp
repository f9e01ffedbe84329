#include "control-plane/items/item_edit.hpp"

#include <algorithm>

#include "control-plane/body/instructions.hpp"

namespace fanion::cp::items {

bool has_protected(const Environments& environments) {
    return std::any_of(environments.begin(), environments.end(), [](const auto& env) { return env.is_protected; });
}

Result<> require_edit_everywhere(const http::Call& call, const Environments& environments) {
    for (const auto& env : environments) {
        const auto needed = http::permission_to_edit(call, env.is_protected);
        if (auto ok = http::require_permission_in(call, env.key, needed); !ok) return ok;
    }
    return boost::system::in_place_value;
}

std::vector<std::string> keys_of(const Environments& environments) {
    std::vector<std::string> keys;
    for (const auto& env : environments) keys.push_back(env.key);
    return keys;
}

Error as_reference_conflict(Error error, std::string_view referrers, std::string_view item,
                            const std::string& environment) {
    if (error.code != Errc::unprocessable) return error;
    error.code = Errc::conflict;
    error.detail = std::string(referrers) + " still refer to this one";
    for (auto& finding : error.findings) {
        if (finding.code != "unknown_reference" || finding.item.empty()) continue;
        finding.detail =
            "this refers to `" + std::string(item) + "` and would miss it (in environment " + environment + ")";
    }
    return error;
}

Error hide_unreadable_uses(const http::Call& call, const Environments& environments, Error error) {
    const bool may_read_all = std::all_of(environments.begin(), environments.end(),
                                          [&](const auto& env) { return call.may_read_in(env.key); });
    if (may_read_all) return error;
    for (auto& finding : error.findings) {
        if (finding.code != body::refusal::still_served) continue;
        finding.detail = "an environment still serves this variation";
        if (error.code == Errc::unprocessable) error.detail = finding.detail;
    }
    const auto repeated = std::unique(error.findings.begin(), error.findings.end());
    error.findings.erase(repeated, error.findings.end());
    return error;
}

bool is_worse(const Error& after, const Error& before) {
    return std::any_of(after.findings.begin(), after.findings.end(), [&](const Finding& finding) {
        return std::find(before.findings.begin(), before.findings.end(), finding) == before.findings.end();
    });
}

Error key_conflict(std::string_view kind, bool is_retired) {
    const auto name = std::string(kind);
    if (!is_retired) return http::conflict("/key", "taken", "there is a " + name + " with this key");
    return http::conflict("/key", "retired", "a " + name + " with this key was deleted; keys are never reused");
}

}  // namespace fanion::cp::items
