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

}  // namespace

net::Response scim_problem(const Error& error, net::Request& request) {
    auto response = problem(error, request);
    const bool is_withheld = error.code == Errc::internal || error.code == Errc::network;
    response.content_type = scim_media_type;
    response.body = body::object_text([&](json::Writer& w) {
        w.key("schemas").begin_array().string("urn:ietf:params:scim:api:messages:2.0:Error").end_array();
        w.member("status", std::to_string(response.status));
        if (const auto type = scim_type_of(error); !type.empty()) w.member("scimType", type);
        w.member("detail", is_withheld ? net::internal_error_detail : std::string_view(error.detail));
    });
    return response;
}

}  // namespace fanion::cp::http
