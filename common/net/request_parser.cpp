#include "common/net/request_parser.hpp"

#include <algorithm>
#include <cstring>

#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"
#include "common/net/request_grammar.hpp"

namespace fanion::net {
namespace {

constexpr std::size_t request_capacity = 4 * 1024;
constexpr std::size_t least_room = 2 * 1024;
constexpr std::size_t free_input = 128 * 1024;          // the largest context and its headers are within it
constexpr std::size_t kept_input_capacity = 64 * 1024;  // a larger buffer is freed after its request

// Without its end; all of `rest` if there is none.
std::string_view take_line(std::string_view& rest) noexcept {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

Method method_named(std::string_view name) noexcept {
    for (const auto method :
         {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options}) {
        if (name_of(method) == name) return method;
    }
    return Method::other;
}

}  // namespace

class RequestParser::Grammar : public RequestGrammar {
    using RequestGrammar::RequestGrammar;
};

RequestParser::RequestParser(ParserLimits limits, ByteBudget* budget)
    : limits_(limits), budget_(budget), grammar_(std::make_unique<Grammar>(request_, chunked_body_)) {
    reserve(request_capacity);
}

RequestParser::~RequestParser() { give_back(); }

// False: the others leave too little for this request.
bool RequestParser::afford(std::size_t received) noexcept {
    if (!budget_ || received <= free_input + taken_) return true;
    const auto more = received - free_input - taken_;
    if (!budget_->take(more)) return false;
    taken_ += more;
    return true;
}

void RequestParser::give_back() noexcept {
    if (taken_ > 0) budget_->give_back(std::exchange(taken_, 0));
}

void RequestParser::reserve(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > begin_) std::memcpy(larger.get(), buffer_.get() + begin_, end_ - begin_);
    if (phase_ != Phase::header) RequestBuilder::rebase(request_, buffer_.get() + begin_, larger.get());
    buffer_ = std::move(larger);
    capacity_ = capacity;
    end_ -= begin_;
    body_ -= std::min(body_, begin_);
    begin_ = 0;
}

std::span<char> RequestParser::prepare() {
    // The beginning of a request is not worth the buffer of an earlier one, which has given back what it took.
    if (phase_ == Phase::header && capacity_ > kept_input_capacity && end_ - begin_ < kept_input_capacity / 2)
        reserve(kept_input_capacity);
    if (phase_ == Phase::header && begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (capacity_ - end_ < least_room) reserve(std::max(capacity_ * 2, request_capacity));
    return {buffer_.get() + end_, capacity_ - end_};
}

void RequestParser::shrink() {
    if (phase_ == Phase::complete && request_.body.empty() && end_ > begin_) reserve(end_ - begin_);
}

RequestParser::State RequestParser::parse() {
    if (failed_) return State::failed;
    switch (phase_) {
        case Phase::header:
            return parse_header();
        case Phase::sized_body:
            return parse_sized_body();
        case Phase::chunked_body:
            return parse_chunked_body();
        case Phase::complete:
            break;
    }
    return State::complete;
}

bool RequestParser::has_bytes() const noexcept {
    if (end_ == begin_) return false;
    return phase_ != Phase::header || end_ - begin_ > 1 || buffer_[begin_] != '\r';
}

// The first bytes are parsed at once, because a request nearly always arrives whole; after that only once the empty line is
// there: a peer that sends byte by byte must not make us parse the beginning again and again.
bool RequestParser::header_may_be_complete() noexcept {
    const std::string_view received(buffer_.get() + begin_, end_ - begin_);
    if (searched_ == 0) {
        searched_ = received.size();
        return true;
    }
    const auto from = searched_ < 3 ? 0 : searched_ - 3;
    const bool found = received.find("\r\n\r\n", from) != std::string_view::npos;
    searched_ = received.size();
    return found;
}

RequestParser::State RequestParser::parse_header() {
    // Empty lines before a request are skipped (RFC 9112 section 2.2).
    while (searched_ == 0 && end_ - begin_ >= 2 && std::memcmp(buffer_.get() + begin_, "\r\n", 2) == 0) begin_ += 2;
    if (!has_bytes()) return State::need_more;
    if (header_may_be_complete()) {
        const std::string_view received(buffer_.get() + begin_, end_ - begin_);
        RequestBuilder::clear(request_);
        std::size_t consumed = 0;
        switch (grammar_->read_header(received, limits_, consumed)) {
            case RequestGrammar::Outcome::done:
                return finish_header(consumed);
            case RequestGrammar::Outcome::failed:
                return fail(grammar_->failure.status, grammar_->failure.detail);
            case RequestGrammar::Outcome::need_more:
                break;
        }
        RequestBuilder::clear(request_);  // the next read may invalidate its views
    }
    return end_ - begin_ >= limits_.header_bytes ? fail_of_size() : State::need_more;
}

RequestParser::State RequestParser::fail_of_size() noexcept {
    const std::string_view received(buffer_.get() + begin_, end_ - begin_);
    if (received.find('\n') == std::string_view::npos) return fail(414, "the request target is too long");
    return fail(431, "the request's headers are too large");
}

RequestParser::State RequestParser::finish_header(std::size_t header_size) {
    body_ = begin_ + header_size;
    keep_alive_ = grammar_->wants_keep_alive();
    http10_ = grammar_->is_http10();
    expects_continue_ = grammar_->expects_continue() && !http10_;
    if (grammar_->is_chunked()) {
        chunked_body_.clear();
        phase_ = Phase::chunked_body;
        return parse_chunked_body();
    }
    body_size_ = grammar_->body_size();
    phase_ = Phase::sized_body;
    return parse_sized_body();
}

RequestParser::State RequestParser::parse_sized_body() noexcept {
    if (end_ - body_ < body_size_) return afford(end_ - begin_) ? State::need_more : fail_of_bodies();
    request_.body = {buffer_.get() + body_, body_size_};
    body_ += body_size_;
    phase_ = Phase::complete;
    return State::complete;
}

// Raw chunks are removed from the buffer as they are decoded; those not decoded yet begin at body_.
RequestParser::State RequestParser::parse_chunked_body() {
    if (end_ == body_) return State::need_more;
    const std::string_view raw(buffer_.get() + body_, end_ - body_);
    std::size_t consumed = 0;
    const auto outcome = grammar_->read_chunks(raw, consumed);
    std::memmove(buffer_.get() + body_, raw.data() + consumed, raw.size() - consumed);
    end_ -= consumed;
    if (outcome == RequestGrammar::Outcome::failed) return fail(grammar_->failure.status, grammar_->failure.detail);
    if (outcome == RequestGrammar::Outcome::need_more) {
        if (!afford(chunked_body_.size())) return fail_of_bodies();
        if (end_ - body_ < limits_.header_bytes) return State::need_more;
        return fail(431, "a chunk's head or the trailers are too large");
    }
    request_.body = chunked_body_;
    phase_ = Phase::complete;
    return State::complete;
}

RequestParser::State RequestParser::fail(unsigned status, std::string_view detail) noexcept {
    failure_ = {status, detail};
    failed_ = true;
    keep_alive_ = false;
    return State::failed;
}

RequestParser::State RequestParser::fail_of_bodies() noexcept {
    return fail(503, "too many large bodies are being received; send it again");
}

void RequestParser::salvage() {
    if (phase_ != Phase::header) return;
    RequestBuilder::clear(request_);
    std::string_view rest(buffer_.get() + begin_, end_ - begin_);
    const auto line = take_line(rest);
    const auto method = line.substr(0, line.find(' '));
    request_.method = method_named(method);
    const auto target = line.substr(std::min(method.size() + 1, line.size()));
    RequestBuilder::set_target(request_, target.substr(0, target.find(' ')));
    while (rest.find('\n') != std::string_view::npos) {
        const auto header = take_line(rest);
        const auto colon = header.find(':');
        if (colon == std::string_view::npos) continue;
        RequestBuilder::add_header(request_, header.substr(0, colon), trim(header.substr(colon + 1)));
    }
}

void RequestParser::next() noexcept {
    begin_ = body_;
    phase_ = Phase::header;
    searched_ = 0;
    expects_continue_ = false;
    if (begin_ == end_) begin_ = end_ = 0;
    give_back();
    if (end_ == 0 && capacity_ > kept_input_capacity) {
        buffer_.reset();
        capacity_ = 0;  // prepare() makes a new one
    }
    if (chunked_body_.capacity() > kept_input_capacity) chunked_body_ = {};
}

bool RequestParser::take_expect_continue() noexcept { return std::exchange(expects_continue_, false); }

}  // namespace fanion::net
