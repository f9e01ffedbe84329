#include "common/net/request_grammar.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <functional>

namespace fanion::net {

namespace http = boost::beast::http;

namespace {

Method method_of(http::verb verb) noexcept {
    switch (verb) {
        case http::verb::get:
            return Method::get;
        case http::verb::head:
            return Method::head;
        case http::verb::post:
            return Method::post;
        case http::verb::put:
            return Method::put;
        case http::verb::patch:
            return Method::patch;
        case http::verb::delete_:
            return Method::del;
        case http::verb::options:
            return Method::options;
        default:
            return Method::other;
    }
}

std::string_view to_view(boost::beast::string_view text) noexcept { return {text.data(), text.size()}; }

// Beast joins the lines of a folded value in a buffer of its own, except where all lines but the last are empty: then the
// value is in `received`, behind a line break.
bool is_folded(std::string_view name, std::string_view value, std::string_view received) noexcept {
    const auto* const name_end = name.data() + name.size();
    const std::less<const char*> before;
    if (before(value.data(), name_end) || before(received.data() + received.size(), value.data())) return true;
    return std::find(name_end, value.data(), '\n') != value.data();
}

}  // namespace

RequestGrammar::Outcome RequestGrammar::read_header(std::string_view received, const ParserLimits& limits,
                                                    std::size_t& consumed) {
    facts_ = {};
    facts_.received = received;
    facts_.target_limit = limits.target_bytes;
    facts_.header_limit = limits.headers;
    parser_.emplace(*this);
    parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser_->body_limit(limits.body_bytes);
    body_limit_ = limits.body_bytes;
    boost::beast::error_code ec;
    consumed = parser_->put(boost::asio::const_buffer(received.data(), received.size()), ec);
    if (ec) return outcome_of(ec);
    parser_->eager(true);  // from here on all chunks of one read in one call
    return Outcome::done;
}

RequestGrammar::Outcome RequestGrammar::read_chunks(std::string_view raw, std::size_t& consumed) {
    facts_.received = raw;
    boost::beast::error_code ec;
    consumed = parser_->put(boost::asio::const_buffer(raw.data(), raw.size()), ec);
    if (ec) return outcome_of(ec);
    return parser_->is_done() ? Outcome::done : Outcome::need_more;
}

RequestGrammar::Outcome RequestGrammar::outcome_of(const boost::beast::error_code& ec) {
    if (ec == http::error::need_more) return Outcome::need_more;
    failure = facts_.refusal ? *facts_.refusal : failure_of(ec);
    return Outcome::failed;
}

ParseFailure RequestGrammar::failure_of(const boost::beast::error_code& ec) {
    if (ec == http::error::header_limit) {
        if (facts_.version == 0) return {414, "the request target is too long"};
        return {431, "the request's headers are too large"};
    }
    if (ec == http::error::body_limit) {
        too_large_ = "the request's body is larger than " + std::to_string(body_limit_) + " bytes";
        return {413, too_large_};
    }
    if (ec == http::error::bad_content_length || ec == http::error::bad_transfer_encoding) {
        const bool both = ec == http::error::bad_content_length ? facts_.transfer_encodings > 0 : facts_.has_length;
        if (both) return {400, "both Transfer-Encoding and Content-Length are given"};
    }
    if (ec == http::error::bad_content_length) return {400, "Content-Length is not a number"};
    if (ec == http::error::multiple_content_length) return {400, "Content-Length is given twice"};
    if (ec == http::error::bad_transfer_encoding) return {400, "Transfer-Encoding is given twice"};
    if (ec == http::error::bad_method) return {400, "the request line's method is malformed"};
    if (ec == http::error::bad_target) return {400, "the request target is malformed"};
    if (ec == http::error::bad_version) return {400, "the request line does not end in HTTP/1.1 or HTTP/1.0"};
    if (ec == http::error::bad_field) return {400, "a header's name is malformed"};
    if (ec == http::error::bad_value) return {400, "a header's value is malformed"};
    if (ec == http::error::bad_chunk) return {400, "a chunk's size or end is malformed"};
    if (ec == http::error::bad_chunk_extension) return {400, "a chunk's extension is malformed"};
    return {400, "the request is malformed"};
}

void RequestGrammar::Parser::refuse(error_code& ec, unsigned status, std::string_view detail) {
    owner_.facts_.refusal = ParseFailure{status, detail};
    ec = http::error::bad_field;
}

void RequestGrammar::Parser::on_request_impl(http::verb method, string_view, string_view target, int version,
                                             error_code& ec) {
    auto& facts = owner_.facts_;
    facts.version = static_cast<unsigned>(version);
    owner_.request_.method = method_of(method);
    if (target.size() > facts.target_limit) return refuse(ec, 414, "the request target is too long");
    if (!RequestBuilder::set_target(owner_.request_, to_view(target))) {
        refuse(ec, 400, "the request target does not begin with '/'");
    }
}

void RequestGrammar::Parser::on_field_impl(http::field field, string_view name, string_view value, error_code& ec) {
    auto& facts = owner_.facts_;
    if (is_folded(to_view(name), to_view(value), facts.received)) {
        return refuse(ec, 400, "a header is folded over several lines");
    }
    if (facts.header_done) return;  // a trailer: nothing here depends on one
    if (owner_.request_.headers().size() >= facts.header_limit) return refuse(ec, 431, "there are too many headers");
    switch (field) {
        case http::field::host:
            ++facts.hosts;
            break;
        case http::field::content_length:
            if (facts.has_length) return refuse(ec, 400, "Content-Length is given twice");
            if (to_view(value).find(',') != std::string_view::npos) {
                return refuse(ec, 400, "Content-Length is not a number");
            }
            facts.has_length = true;
            break;
        case http::field::transfer_encoding:
            ++facts.transfer_encodings;
            facts.only_chunked = equals_ignore_case_ascii(to_view(value), "chunked");
            break;
        case http::field::expect:
            if (!equals_ignore_case_ascii(to_view(value), "100-continue")) {
                return refuse(ec, 417, "the only expectation that can be met is 100-continue");
            }
            facts.expects_continue = true;
            break;
        default:
            break;
    }
    RequestBuilder::add_header(owner_.request_, to_view(name), to_view(value));
}

void RequestGrammar::Parser::on_header_impl(error_code& ec) {
    auto& facts = owner_.facts_;
    facts.header_done = true;
    if (facts.hosts > 1) return refuse(ec, 400, "Host is given twice");
    if (facts.hosts == 0 && facts.version == 11) return refuse(ec, 400, "Host is missing");
    if (facts.transfer_encodings == 0) return;
    if (facts.has_length) return refuse(ec, 400, "both Transfer-Encoding and Content-Length are given");
    if (facts.version == 10) return refuse(ec, 400, "Transfer-Encoding is not part of HTTP/1.0");
    if (facts.transfer_encodings > 1 || !facts.only_chunked) {
        refuse(ec, 501, "the only transfer coding that is understood is chunked");
    }
}

std::size_t RequestGrammar::Parser::on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) {
    owner_.chunked_body_.append(piece.data(), piece.size());
    return piece.size();
}

}  // namespace fanion::net
