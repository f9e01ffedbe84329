#include "common/net/response_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace fanion::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t response_capacity = 16 * 1024;

}  // namespace

class ResponseParser::Grammar final : public http::basic_parser<false> {
public:
    explicit Grammar(ResponseParser& owner) : owner_(owner) {}

private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;

    void on_response_impl(int code, string_view, int, error_code&) override {
        owner_.status_ = static_cast<unsigned>(code);
    }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
        if (is_header_done()) return;  // a trailer
        owner_.headers_.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    void on_header_impl(error_code&) override { owner_.has_header_ = owner_.status_ >= 200; }
    std::size_t on_body_impl(string_view piece, error_code&) override {
        owner_.body_.append(piece.data(), piece.size());
        return piece.size();
    }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code& ec) override {
        return on_body_impl(piece, ec);
    }
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    void on_finish_impl(error_code&) override {}

    ResponseParser& owner_;
};

ResponseParser::ResponseParser(std::size_t header_limit, std::size_t body_limit, bool is_head)
    : header_limit_(header_limit), body_limit_(body_limit), is_head_(is_head) {
    restart();
}

ResponseParser::~ResponseParser() = default;

void ResponseParser::restart() {
    grammar_ = std::make_unique<Grammar>(*this);
    grammar_->header_limit(static_cast<std::uint32_t>(header_limit_));
    grammar_->body_limit(body_limit_);
    grammar_->eager(true);
    if (is_head_) grammar_->skip(true);
    headers_.clear();
}

std::span<char> ResponseParser::prepare() {
    if (capacity_ - end_ < response_capacity / 2) {
        const auto capacity = std::max(capacity_ * 2, response_capacity);
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
        buffer_ = std::move(larger);
        capacity_ = capacity;
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

ResponseParser::State ResponseParser::parse() {
    while (end_ > 0 && !grammar_->is_done()) {
        boost::beast::error_code ec;
        const auto consumed = grammar_->put(boost::asio::const_buffer(buffer_.get(), end_), ec);
        std::memmove(buffer_.get(), buffer_.get() + consumed, end_ - consumed);
        end_ -= consumed;
        if (ec == http::error::need_more) {
            if (end_ >= header_limit_)
                return fail(Errc::network, "the response's headers or a chunk's head are too large");
            return State::need_more;
        }
        if (ec == http::error::body_limit) return fail(Errc::too_large, "the response's body is too large");
        if (ec) return fail(Errc::network, "the response is malformed: " + ec.message());
        if (grammar_->is_done() && status_ / 100 == 1) restart();
    }
    if (!grammar_->is_done()) return State::need_more;
    keep_alive_ = grammar_->keep_alive() && end_ == 0;  // unsolicited bytes: not safe to reuse
    return State::complete;
}

ResponseParser::State ResponseParser::finish() {
    if (grammar_->is_done()) return State::complete;
    if (!has_header_ || !grammar_->need_eof())
        return fail(Errc::network, "the connection ended before the response was complete");
    boost::beast::error_code ec;
    grammar_->put_eof(ec);
    return ec ? fail(Errc::network, "the response is malformed: " + ec.message()) : State::complete;
}

ResponseParser::State ResponseParser::fail(Errc code, std::string detail) {
    error_ = {code, std::move(detail)};
    return State::failed;
}

}  // namespace fanion::net
