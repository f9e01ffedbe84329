#include "control-plane/http/problem.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace fanion::cp::http {
namespace {

struct Place {
    std::string_view pointer;
    std::string_view code;
};

// Which part of the request a refusal is about that does not say so itself; nullopt: none.
std::optional<Place> place_of(Errc code) noexcept {
    switch (code) {
        case Errc::unauthenticated:
            return Place{"Authorization", "unauthenticated"};
        case Errc::forbidden:
            return Place{"Authorization", "forbidden"};
        case Errc::not_found:
            return Place{":path", "not_found"};
        case Errc::method_not_allowed:
            return Place{":method", "method_not_allowed"};
        case Errc::too_large:
            return Place{"", "too_large"};
        default:
            return std::nullopt;
    }
}

std::optional<Errc> code_of(unsigned status) noexcept {
    for (const auto code : {Errc::not_found, Errc::method_not_allowed, Errc::too_large})
        if (net::status_of(code) == status) return code;
    return std::nullopt;
}

net::Response placed_problem(Error error, std::string_view request_id) {
    const auto place = error.findings.empty() ? place_of(error.code) : std::nullopt;
    if (place) error.findings.push_back({"", std::string(place->pointer), std::string(place->code), error.detail});
    return net::problem(error, request_id);
}

}  // namespace

net::Response problem(const Error& error, net::Request& request) {
    auto response = placed_problem(error, request.request_id());
    if (error.code == Errc::unauthenticated) response.set("WWW-Authenticate", "Bearer");
    if (error.code == Errc::unavailable) response.set("Retry-After", "2");
    return response;
}

net::Response unrouted_problem(unsigned status, std::string_view detail, net::Request& request,
                               std::string_view place) {
    if (!place.empty()) {
        const std::string text(detail);
        const Error error{Errc::invalid_input, text, {{"", std::string(place), "malformed", text}}};
        return net::problem(error, request.request_id());
    }
    const auto code = code_of(status);
    if (!code) return net::problem(status, detail, request.request_id());
    return placed_problem({*code, std::string(detail), {}}, request.request_id());
}

}  // namespace fanion::cp::http
