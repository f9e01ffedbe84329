#include "common/net/client_exchange.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t header_limit = 64 * 1024;

bool is_clean(std::string_view text, unsigned char lowest) noexcept {
    return std::all_of(text.begin(), text.end(), [lowest](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= lowest && byte != 0x7f;
    });
}

bool has_body(const ClientRequest& request) noexcept {
    return !request.body.empty() || request.method == Method::post || request.method == Method::put ||
           request.method == Method::patch;
}

}  // namespace

std::string_view find_header(const std::vector<std::pair<std::string, std::string>>& headers,
                             std::string_view name) noexcept {
    for (const auto& [key, value] : headers) {
        if (equals_ignore_case_ascii(key, name)) return value;
    }
    return {};
}

Result<std::string> format_request(const Origin& origin, const ClientRequest& request) {
    const auto target = origin.prefix + request.target;
    if (!target.starts_with('/') || !is_clean(target, 0x21)) {
        return Error{Errc::invalid_input, "the request target is malformed"};
    }
    std::string out(name_of(request.method));
    out += ' ' + target + " HTTP/1.1\r\nHost: " + origin.authority + "\r\n";
    if (find_header(request.headers, "User-Agent").empty()) out += "User-Agent: fanion\r\n";
    for (const auto& [name, value] : request.headers) {
        if (name.empty() || name.find(':') != std::string::npos || !is_clean(name, 0x21) || !is_clean(value, 0x20)) {
            return Error{Errc::invalid_input, "a header of the request is malformed"};
        }
        out += name + ": " + value + "\r\n";
    }
    if (has_body(request)) out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    out += "\r\n";
    out += request.body;
    return out;
}

bool is_safe_to_repeat(const ClientRequest& request) {
    switch (request.method) {
        case Method::get:
        case Method::head:
        case Method::put:
        case Method::del:
        case Method::options:
            return true;
        default:
            return !find_header(request.headers, "Idempotency-Key").empty();
    }
}

ClientExchange::ClientExchange(std::shared_ptr<ClientConnection> connection, std::size_t body_limit, bool is_head)
    : connection_(std::move(connection)), parser_(header_limit, body_limit, is_head) {}

asio::awaitable<Result<>> ClientExchange::begin(std::string_view request, Deadline deadline) {
    auto written = co_await connection_->write(request, deadline);
    // A server may respond and close before it has read all of a request that it refuses: the response counts.
    while (!parser_.has_header() && !complete_) {
        auto more = co_await read_some(deadline);
        if (!more) co_return !written && !has_answer_ ? written.error() : more.error();
    }
    co_return Result<>();
}

asio::awaitable<Result<>> ClientExchange::read_body(Deadline deadline) {
    while (!complete_) {
        auto more = co_await read_some(deadline);
        if (!more) co_return more.error();
    }
    co_return Result<>();
}

asio::awaitable<Result<bool>> ClientExchange::read_some(Deadline deadline) {
    if (complete_) co_return false;
    const auto room = parser_.prepare();
    auto count = co_await connection_->read_some(room, deadline);
    if (!count) co_return count.error();
    if (*count == 0) co_return outcome_of(parser_.finish());
    has_answer_ = true;
    parser_.commit(*count);
    co_return outcome_of(parser_.parse());
}

Result<bool> ClientExchange::outcome_of(ResponseParser::State state) {
    if (state == ResponseParser::State::failed) return parser_.error();
    complete_ = state == ResponseParser::State::complete;
    return !complete_;
}

}  // namespace fanion::net
