#pragma once

// The status of an RPC: of a response of the admin API that is not a success, with what its problem
// says as details (google.rpc.ErrorInfo, BadRequest, RetryInfo, RequestInfo). The table of codes is
// in docs/howto/grpc.md. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/net/response.hpp"
#include "control-plane/grpc/rpc_table.hpp"

namespace fanion::cp::grpc {

// The numbers of gRPC.
enum class Code : std::uint8_t {
    ok = 0,
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    out_of_range = 11,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};
inline constexpr std::size_t code_count = 17;
std::string_view name_of(Code code) noexcept;  // "NOT_FOUND"

struct RpcStatus {
    Code code = Code::ok;
    std::string message = {};
    std::string details = {};  // google.rpc.Status in its binary form, for grpc-status-details-bin; may be empty
};

// `reason` is the code of the problem's first finding, or empty.
Code code_of(unsigned http_status, std::string_view reason) noexcept;

// Of a response with a status of 400 or above.
RpcStatus status_of(const Rpc& rpc, const net::Response& response, std::string_view request_id);

}  // namespace fanion::cp::grpc
