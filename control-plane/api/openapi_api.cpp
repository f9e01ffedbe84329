// The description of this API, as proto-schemas/openapi/control-plane.json has it; embedded when the program is built.

#include "control-plane/api/handlers.hpp"
#include "control-plane/api/openapi.hpp"

namespace fanion::api {

Answer handle_openapi(Call& call) {
    auto body = std::string(openapi_json());
    auto tag = content_etag(body);
    co_return resource_response(call, std::move(body), std::move(tag));
}

}  // namespace fanion::api
