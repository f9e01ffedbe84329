#pragma once

// Parses HTTP/1.1 requests from bytes, without a socket: read into prepare(), commit(), parse().
// Owns the connection's buffer, into which the request's views point. Allocates only when a request
// is larger than all earlier ones.
//
// Stricter than RFC 9112 where leniency has been used to smuggle requests: Transfer-Encoding
// together with Content-Length, any coding but a single `chunked`, a Content-Length that is
// repeated or a list, folded header lines, and bare LF are refused. One thread.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/net/bounds.hpp"
#include "common/net/request.hpp"

namespace fanion::net {

struct ParserLimits {
    std::size_t header_bytes = 16 * 1024;  // request line and headers, and trailers or one chunk's head
    std::size_t headers = 100;             // their number
    std::size_t target_bytes = 8 * 1024;
    std::size_t body_bytes = 2 * 1024 * 1024;  // after chunked decoding
};

struct ParseFailure {
    unsigned status = 400;
    std::string_view detail;  // a literal, for the peer
};

class RequestParser {
public:
    enum class State { need_more, complete, failed };

    // What a request has beyond 128 KiB is taken from `budget` until next(); null: there is none.
    explicit RequestParser(ParserLimits limits, ByteBudget* budget = nullptr);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;

    // Room for the next read. Invalidates nothing in request().
    std::span<char> prepare();
    void commit(std::size_t count) noexcept { end_ += count; }

    // Parses what has been committed. After `complete`, request() is valid until next(). `failed`
    // is final.
    State parse();
    void next() noexcept;

    // After `complete`, for a request whose handler will take long: keeps no more memory than it
    // needs. Invalidates the views that were taken of request() before. No read may be under way.
    void shrink();

    Request& request() noexcept { return request_; }
    // After `complete`: what has come behind the request.
    std::string_view bytes_behind() const noexcept { return {buffer_.get() + body_, end_ - body_}; }
    const ParseFailure& failure() const noexcept { return failure_; }

    // For the answer to a request that failed or did not come in time: request() is as much of its
    // target and its headers as has come, whether well-formed or not.
    void salvage();

    // Of a request not yet complete; empty lines before it, and the first half of one, do not
    // count.
    bool has_bytes() const noexcept;
    bool in_body() const noexcept { return phase_ != Phase::header; }
    bool keep_alive() const noexcept { return keep_alive_; }
    bool is_http10() const noexcept { return http10_; }
    // True once per request whose sender waits for "100 Continue" before it sends the body.
    bool take_expect_continue() noexcept;

private:
    enum class Phase { header, sized_body, chunked_body, complete };
    class Grammar;  // Beast's parser

    State parse_header();
    State parse_sized_body() noexcept;
    bool afford(std::size_t received) noexcept;
    void give_back() noexcept;
    State parse_chunked_body();
    State fail(unsigned status, std::string_view detail) noexcept;
    State fail_of_size() noexcept;
    State fail_of_bodies() noexcept;
    State finish_header(std::size_t header_size);
    bool header_may_be_complete() noexcept;
    void reserve(std::size_t capacity);

    const ParserLimits limits_;
    ByteBudget* const budget_;
    std::size_t taken_ = 0;  // from it
    Request request_;
    ParseFailure failure_;
    std::unique_ptr<Grammar> grammar_;
    std::unique_ptr<char[]> buffer_;
    std::string chunked_body_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;      // first byte of the request
    std::size_t end_ = 0;        // of what was received
    std::size_t body_ = 0;       // first byte after the headers
    std::size_t body_size_ = 0;  // by Content-Length
    std::size_t searched_ = 0;   // from begin_: no end of headers before it
    Phase phase_ = Phase::header;
    bool failed_ = false;
    bool keep_alive_ = true;
    bool http10_ = false;
    bool expects_continue_ = false;
};

}  // namespace fanion::net
