#pragma once

// The one table of RPCs: what request to the admin API each of them stands for. The route that
// answers it decides on everything else: permission, checks, audit entry. Pure; immutable.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/request.hpp"

namespace fanion::cp::grpc {

// Where the members of the request's body come from.
enum class Body : std::uint8_t {
    none,   // no body; fields that the path does not name are query parameters
    rest,   // all fields that the path does not name
    field,  // the field Rpc::body; the others are query parameters
};

// How the response's body becomes the message.
enum class Answer : std::uint8_t {
    whole,     // it is the message
    page,      // `items` are the field Rpc::answer, `next` is next_page_token
    resource,  // it is the field Rpc::answer, with `etag` beside it
    change,    // it is the field Rpc::answer, with a WriteResult in `result`; nothing if that is empty
    events,    // server-sent events, each a message
};

struct Rpc {
    std::string_view service;  // FlagService
    std::string_view name;     // CreateFlag
    net::Method method;
    // Names in braces are fields of the request. A part in brackets is left out when its field is
    // empty. Behind '?' are fields whose query parameter has another name: env={environment}.
    std::string_view path;
    Body body_from = Body::none;
    std::string_view body = {};
    Answer answer_as = Answer::whole;
    std::string_view answer = {};
    std::string_view media_type = "application/json";
};

// Below this package.
inline constexpr std::string_view package = "fanion.admin.v1";

std::span<const Rpc> rpc_table() noexcept;
// Null if there is none.
const Rpc* find_rpc(std::string_view service, std::string_view name) noexcept;

// The patterns of the routes that the path can lead to, one for each choice of its brackets.
std::vector<std::string> route_patterns(const Rpc& rpc);

}  // namespace fanion::cp::grpc
