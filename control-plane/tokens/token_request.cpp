#include "control-plane/tokens/token_request.hpp"

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/tokens/token.hpp"

namespace fanion::cp::tokens {
namespace {

constexpr std::size_t most_name_bytes = 200;
constexpr std::size_t most_scopes = 100;

std::string read_name(json::Reader& r, const std::vector<Finding>& findings) {
    const auto faults = findings.size();
    auto name = body::read_text(r, "name", most_name_bytes);
    if (name.empty() && findings.size() == faults) {
        r.fail_at("name", r.has("name") ? "required" : "missing", "a token needs a name that tells what it is for");
    }
    return name;
}

// "read, edit, ..": for messages.
std::string scope_list() {
    std::string list;
    for (const auto& name : access::names_of(access::Permissions::all())) list += (list.empty() ? "" : ", ") + name;
    return list;
}

// One finding for all that is wrong with the names.
access::Permissions read_scopes(json::Reader& r) {
    access::Permissions found;
    const auto names = r.strings("scopes");
    if (names.size() > most_scopes) {
        r.fail_at("scopes", "too_many", "give at most " + std::to_string(most_scopes) + " scopes");
        return found;
    }
    bool are_known = true;
    for (const auto& name : names) {
        const auto permission = access::parse_permission(name);
        if (permission) found = found | access::Permissions{*permission};
        are_known = are_known && permission;
    }
    if (!are_known) {
        r.fail_at("scopes", "unknown_scope", "a scope is one of " + scope_list());
    } else if (access::lacks_read(found)) {
        r.fail_at("scopes", "read_missing", "whoever changes or approves something is shown it: add `read`");
    }
    return found;
}

std::optional<UnixMillis> read_expiry(json::Reader& r, UnixMillis now) {
    return r.has("expires_at") ? body::read_future_time(r, "expires_at", now) : std::optional(now + token_lifetime);
}

access::Role read_role(json::Reader& r) {
    const auto role = access::parse_role(r.string("role"));
    if (!role && body::has_string(r, "role")) {
        r.fail_at("role", "unknown_role", "the role must be viewer, developer, maintainer, admin or owner");
    }
    return role.value_or(access::Role::viewer);
}

}  // namespace

Result<PersonalTokenRequest> read_personal_token_request(json::Value body, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>& findings) {
        PersonalTokenRequest request;
        request.name = read_name(r, findings);
        const auto faults = findings.size();
        request.scopes = read_scopes(r);
        if (request.scopes.empty() && findings.size() == faults) {
            r.fail_at("scopes", r.has("scopes") ? "required" : "missing", "name at least one scope of " + scope_list());
        }
        request.expires_at = read_expiry(r, now);
        return request;
    });
}

Result<ServiceTokenRequest> read_service_token_request(json::Value body, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>& findings) {
        ServiceTokenRequest request;
        request.name = read_name(r, findings);
        request.role = read_role(r);
        const auto of_role = access::permissions_of(request.role);
        const auto faults = findings.size();
        request.scopes = r.has("scopes") ? read_scopes(r) : of_role;
        if (findings.size() == faults && request.scopes.empty()) {
            r.fail_at("scopes", "required", "leave `scopes` out for all of the role, or name at least one");
        } else if (findings.size() == faults && !of_role.contains(request.scopes)) {
            r.fail_at("scopes", "beyond_role",
                      "the role " + std::string(access::name_of(request.role)) + " does not have all of these scopes");
        }
        request.expires_at = read_expiry(r, now);
        return request;
    });
}

}  // namespace fanion::cp::tokens
