#pragma once

// From the fields of an RPC's request to a request to the admin API, and from its response to the
// fields of the RPC's response. Fields are JSON with the names of the .proto files. Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"
#include "common/net/response.hpp"
#include "control-plane/grpc/rpc_table.hpp"

namespace fanion::cp::grpc {

// A request to the admin API.
struct RestRequest {
    net::Method method = net::Method::get;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string peer;  // address without port
};

// `fields` is an object. Errors: invalid_input, a field that the path needs is missing; too_large,
// the body.
Result<RestRequest> to_rest(const Rpc& rpc, json::Tree fields);

// Of a response with a status below 300. Error: internal, its body is not what the table says.
Result<json::Tree> to_fields(const Rpc& rpc, const net::Response& response);

// The field of the request that a finding's pointer is about: /variations/0/key is
// flag.variations[0].key. Authorization is the metadata `authorization`.
std::string field_path(const Rpc& rpc, std::string_view pointer);

}  // namespace fanion::cp::grpc
