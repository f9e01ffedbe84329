#include "control-plane/http/problem.hpp"

namespace fanion::cp::http {

net::Response problem(const Error& error, net::Request& request) {
    auto response = net::problem(error, request.request_id());
    if (error.code == Errc::unauthenticated) response.set("WWW-Authenticate", "Bearer");
    if (error.code == Errc::unavailable) response.set("Retry-After", "2");
    return response;
}

}  // namespace fanion::cp::http
