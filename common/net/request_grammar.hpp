#pragma once

// Beast's request parser with callbacks that keep views instead of building fields. Only
// request_parser.cpp includes it. One thread; reused from request to request.

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"
#include "common/net/request_parser.hpp"

namespace fanion::net {

class RequestGrammar {
public:
    enum class Outcome { done, need_more, failed };

    RequestGrammar(Request& request, std::string& chunked_body) : request_(request), chunked_body_(chunked_body) {}

    Outcome read_header(std::string_view received, const ParserLimits& limits, std::size_t& consumed);
    Outcome read_chunks(std::string_view raw, std::size_t& consumed);

    // After the header was read.
    bool wants_keep_alive() const { return parser_->keep_alive(); }
    bool is_chunked() const { return parser_->chunked(); }
    bool is_http10() const noexcept { return facts_.version == 10; }
    bool expects_continue() const noexcept { return facts_.expects_continue; }
    std::size_t body_size() const { return static_cast<std::size_t>(parser_->content_length().value_or(0)); }

    ParseFailure failure;

private:
    // What the callbacks saw of the present request.
    struct Facts {
        std::string_view received;  // what the parser was given
        std::size_t target_limit = 0;
        std::size_t header_limit = 0;  // number of headers
        unsigned version = 0;          // 0 until the request line was read
        unsigned hosts = 0;
        unsigned transfer_encodings = 0;
        bool has_length = false;
        bool only_chunked = false;
        bool expects_continue = false;
        bool header_done = false;
        std::optional<ParseFailure> refusal;  // why a callback gave Beast an error code
    };
    class Parser final : public boost::beast::http::basic_parser<true> {
    public:
        explicit Parser(RequestGrammar& owner) : owner_(owner) {}

    private:
        using string_view = boost::beast::string_view;
        using error_code = boost::beast::error_code;
        void on_request_impl(boost::beast::http::verb method, string_view method_text, string_view target, int version,
                             error_code& ec) override;
        void on_field_impl(boost::beast::http::field field, string_view name, string_view value,
                           error_code& ec) override;
        void on_header_impl(error_code& ec) override;
        std::size_t on_chunk_body_impl(std::uint64_t remain, string_view piece, error_code& ec) override;
        void on_response_impl(int, string_view, int, error_code&) override {}
        void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
        std::size_t on_body_impl(string_view piece, error_code&) override { return piece.size(); }
        void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
        void on_finish_impl(error_code&) override {}
        void refuse(error_code& ec, unsigned status, std::string_view detail);

        RequestGrammar& owner_;
    };
    Outcome outcome_of(const boost::beast::error_code& ec);
    ParseFailure failure_of(const boost::beast::error_code& ec);

    Request& request_;
    std::string& chunked_body_;
    std::string too_large_;  // the detail of a failure
    std::size_t body_limit_ = 0;
    Facts facts_;
    std::optional<Parser> parser_;
};

}  // namespace fanion::net
