#include "control-plane/http/openapi_routes.hpp"

#include "control-plane/http/call.hpp"
#include "control-plane/http/openapi.hpp"

namespace fanion::cp::http {
namespace {

Answer handle_openapi(Call& call) {
    auto body = std::string(openapi_json());
    auto tag = content_etag(body);
    co_return resource_response(call, std::move(body), std::move(tag));
}

using access::Permission;
using net::Method;

constexpr Route openapi_table[] = {
    {Method::get, "/openapi.json", Permission::open, handle_openapi},
};

}  // namespace

std::span<const Route> openapi_routes() noexcept { return openapi_table; }

}  // namespace fanion::cp::http
