#pragma once

// Parses HTTP/1.1 responses from bytes, without a socket: the client's counterpart of
// RequestParser. One thread.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::net {

class ResponseParser {
public:
    enum class State { need_more, complete, failed };

    // `is_head`: the response has no body whatever its headers say.
    ResponseParser(std::size_t header_limit, std::size_t body_limit, bool is_head);
    ~ResponseParser();
    ResponseParser(const ResponseParser&) = delete;

    std::span<char> prepare();
    void commit(std::size_t count) noexcept { end_ += count; }
    State parse();
    // The peer closed its side. `complete` if the end of the connection delimits the body.
    State finish();

    // Valid once has_header(). Interim responses (1xx) are skipped.
    bool has_header() const noexcept { return has_header_; }
    unsigned status() const noexcept { return status_; }
    std::vector<std::pair<std::string, std::string>>& headers() noexcept { return headers_; }
    // The part of the body received since the last call.
    std::string take_body() { return std::exchange(body_, {}); }
    const std::string& body() const noexcept { return body_; }
    bool keep_alive() const noexcept { return keep_alive_; }  // when complete: the connection can be used again
    bool has_rest() const noexcept { return end_ > 0; }       // when complete: bytes came after it
    const Error& error() const noexcept { return error_; }    // when failed: network or too_large

private:
    class Grammar;  // Beast's parser
    void restart();
    State fail(Errc code, std::string detail);

    const std::size_t header_limit_;
    const std::size_t body_limit_;
    const bool is_head_;
    std::unique_ptr<Grammar> grammar_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t end_ = 0;
    unsigned status_ = 0;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string body_;
    Error error_;
    bool has_header_ = false;
    bool keep_alive_ = false;
};

}  // namespace fanion::net
