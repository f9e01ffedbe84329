#include "control-plane/http/entity_tags.hpp"

#include "common/net/conditional.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::http {
namespace {

bool applies_to(const Call& call) noexcept {
    return call.route.is_recorded && !call.state.empty() && !call.request.header("If-None-Match").empty();
}

}  // namespace

std::string target_of(const Call& call) {
    auto target = call.principal.credential_id();
    target += ' ';
    target += call.request.path;
    target += '?';
    target += call.request.raw_query;
    return target;
}

std::optional<net::Response> EntityTags::respond(const Call& call) {
    if (!applies_to(call)) return std::nullopt;
    const auto* known = known_.find(target_of(call));
    if (known == nullptr || known->state != call.state || !net::has_current(call.request, known->tag))
        return std::nullopt;
    auto response = net::empty_response(304);
    response.set("ETag", known->tag);
    return response;
}

void EntityTags::keep(const Call& call, const net::Response& response) {
    if (!applies_to(call) || (response.status != 200 && response.status != 304)) return;
    for (const auto& [name, value] : response.headers) {
        if (name == "ETag") known_.put(target_of(call), {call.state, value}, 1);
    }
}

}  // namespace fanion::cp::http
