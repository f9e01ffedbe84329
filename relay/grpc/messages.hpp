#pragma once

// The messages of flagd's services (proto-schemas/proto/flagd) in their binary form, and the table
// of their calls. Pure.
//
// flagd.evaluation.v2 differs from v1 in which fields have presence, so the same bytes serve both.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/eval/run/evaluator.hpp"
#include "common/json/document.hpp"

namespace fanion::relay::grpc {

enum class Rpc : std::uint8_t {
    resolve_boolean,
    resolve_string,
    resolve_float,
    resolve_int,
    resolve_object,
    resolve_all,
    event_stream,
    sync_flags,
    fetch_all_flags,
    get_metadata,
};

struct Method {
    const char* path;
    Rpc rpc;
    bool streams;  // the server sends many messages
};
// Lives as long as the program.
std::span<const Method> methods() noexcept;

// Of Resolve* and ResolveAll. Views of the message.
struct ResolveRequest {
    std::string_view flag_key;
    std::string_view context;  // a Struct; empty: it has no members
};
// Error: invalid_input.
Result<ResolveRequest> read_resolve_request(std::string_view message);
Result<ResolveRequest> read_resolve_all_request(std::string_view message);

// The response of Resolve*. `value` is parsed from the evaluation's; empty: the caller's own
// default, for which the response has neither value nor variant. None: `value` is not of the type
// that `rpc` asks for.
std::optional<std::string> resolve_response(Rpc rpc, const eval::Evaluation& evaluation, json::Value value,
                                            std::optional<std::uint64_t> stale);

// Appends a flag to a response of ResolveAll, which is the concatenation of all of them. A value
// that is an array has no place there: nothing is appended.
void append_flag(std::string& out, const eval::Evaluation& evaluation, json::Value value,
                 std::optional<std::uint64_t> stale);

// A message of EventStream. `data` is a Struct; empty: none.
std::string event_message(std::string_view type, std::string_view data = {});

// Of SyncFlags and of FetchAllFlags.
std::string flags_message(std::string_view configuration);
// Of GetMetadata: an empty Struct.
std::string metadata_message();

}  // namespace fanion::relay::grpc
