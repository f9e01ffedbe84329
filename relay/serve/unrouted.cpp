#include "relay/serve/unrouted.hpp"

#include <optional>
#include <string>

#include "common/base/text.hpp"
#include "relay/serve/cors.hpp"
#include "relay/serve/ofrep_format.hpp"
#include "relay/serve/outcome.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::string_view ofrep_prefix = "/ofrep/";
constexpr std::string_view flag_prefix = "/ofrep/v1/evaluate/flags/";

// What the path names as a flag, slashes included; none if it names none, or was cut short.
std::optional<std::string> flag_in(std::string_view path, unsigned status) {
    if (status == 414 || !path.starts_with(flag_prefix) || path.size() == flag_prefix.size()) return std::nullopt;
    const auto escaped = path.substr(flag_prefix.size());
    auto decoded = percent_decode(escaped);
    return decoded ? std::move(*decoded) : std::string(escaped);
}

void write_ofrep(const net::Request& request, net::Response& response, unsigned status, std::string_view detail) {
    const auto flag = flag_in(request.path, status);
    const bool is_no_flag = status == 404 && flag;  // no key has a slash
    response.status = status;
    append_ofrep_failure(response.body, {.key = flag,
                                         .code = is_no_flag ? row_of(Outcome::flag_not_found).ofrep_code : "GENERAL",
                                         .details = detail,
                                         .repeat = status == 400 && flag});
}

// A page may not even send what it would be told is wrong, unless its preflight is granted.
bool is_refused_preflight(const net::Request& request, unsigned status) {
    return request.method == net::Method::options && (status == 404 || status == 405) &&
           !request.header("Access-Control-Request-Method").empty();
}

}  // namespace

void write_unrouted(WorkerDeps& services, net::Request& request, net::Response& response, unsigned status,
                    std::string_view detail, std::string_view place) {
    if (!request.path.starts_with(ofrep_prefix) && !place.empty()) {
        const std::string text(detail);
        const Error error{Errc::invalid_input, text, {{"", std::string(place), "malformed", text}}};
        response = net::problem(error, request.request_id());
    } else if (!request.path.starts_with(ofrep_prefix)) {
        response = net::problem(status, detail, request.request_id());
    } else if (is_refused_preflight(request, status)) {
        response.status = 204;
        return add_preflight(services, request, response, false);
    } else {
        write_ofrep(request, response, status, detail);
    }
    add_cors(services, request, response, {});
}

}  // namespace fanion::relay::serve
