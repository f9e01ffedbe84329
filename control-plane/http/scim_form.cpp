#include "control-plane/http/scim_form.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "control-plane/body/json_text.hpp"
#include "control-plane/http/problem.hpp"

namespace fanion::cp::http {
namespace {

// Table 9 of RFC 7644. A body that cannot be read is of none of ours.
std::string_view scim_type_of(const Error& error) noexcept {
    constexpr std::array<std::string_view, 8> types{"invalidFilter", "tooMany",     "uniqueness", "mutability",
                                                    "invalidSyntax", "invalidPath", "noTarget",   "invalidValue"};
    for (const auto& finding : error.findings)
        if (std::ranges::find(types, finding.code) != types.end()) return finding.code;
    return error.code == Errc::invalid_input ? "invalidSyntax" : std::string_view();
}

// `type`: empty for none.
void write_scim_error(net::Response& response, std::string_view type, std::string_view detail) {
    response.content_type = scim_media_type;
    response.body = body::object_text([&](json::Writer& w) {
        w.key("schemas").begin_array().string("urn:ietf:params:scim:api:messages:2.0:Error").end_array();
        w.member("status", std::to_string(response.status));
        if (!type.empty()) w.member("scimType", type);
        w.member("detail", detail);
    });
}

}  // namespace

net::Response scim_problem(const Error& error, net::Request& request) {
    auto response = problem(error, request);
    const bool is_withheld = error.code == Errc::internal || error.code == Errc::network;
    write_scim_error(response, scim_type_of(error),
                     is_withheld ? net::internal_error_detail : std::string_view(error.detail));
    return response;
}

void write_unrouted(net::Request& request, net::Response& response, unsigned status, std::string_view detail,
                    std::string_view place) {
    response = unrouted_problem(status, detail, request, place);
    if (request.path.starts_with(scim_prefix)) write_scim_error(response, {}, detail);
}

}  // namespace fanion::cp::http
