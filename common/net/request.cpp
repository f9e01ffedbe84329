#include "common/net/request.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"

namespace fanion::net {
namespace {

bool is_usable_request_id(std::string_view id) noexcept {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    };
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), allowed);
}

struct RawParameter {
    std::string_view name;
    std::string_view value;
    bool is_empty = true;  // nothing between two '&'
};

// Takes the first parameter off the front of a query.
RawParameter take_parameter(std::string_view& rest) noexcept {
    const auto piece = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    const auto equals = std::min(piece.find('='), piece.size());
    return {piece.substr(0, equals), piece.substr(std::min(equals + 1, piece.size())), piece.empty()};
}

bool is_name(std::string_view escaped, std::string_view name) {
    if (escaped.find_first_of("%+") == std::string_view::npos) return escaped == name;
    return percent_decode(escaped, true) == name;
}

void move_view(std::string_view& view, const char* from, const char* to) noexcept {
    if (!view.empty()) view = {to + (view.data() - from), view.size()};
}

}  // namespace

std::string_view name_of(Method method) noexcept {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::del:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            break;
    }
    return "OTHER";
}

std::string_view Request::header(std::string_view name) const noexcept {
    for (const auto& header : headers_) {
        if (header.name.size() == name.size() && equals_ignore_case_ascii(header.name, name)) return header.value;
    }
    return {};
}

std::string_view Request::param(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < param_count_; ++i) {
        if (params_[i].first == name) return params_[i].second;
    }
    return {};
}

std::optional<std::string> Request::query(std::string_view name) const {
    for (auto rest = raw_query; !rest.empty();) {
        const auto parameter = take_parameter(rest);
        if (!parameter.is_empty && is_name(parameter.name, name)) return percent_decode(parameter.value, true);
    }
    return std::nullopt;
}

Result<std::vector<std::pair<std::string, std::string>>> Request::query_parameters() const {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (auto rest = raw_query; !rest.empty();) {
        const auto parameter = take_parameter(rest);
        if (parameter.is_empty) continue;
        auto name = percent_decode(parameter.name, true);
        auto value = percent_decode(parameter.value, true);
        if (!name || !value) {
            const auto place = '?' + std::string(parameter.name);
            const auto detail = place + " in the query contains a malformed percent escape";
            return Error{Errc::invalid_input, detail, {{"", place, "malformed", detail}}};
        }
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

std::string_view Request::request_id() {
    if (request_id_.empty()) {
        const auto given = header("X-Request-Id");
        request_id_ = is_usable_request_id(given) ? std::string(given) : random_id("", 20);
    }
    return request_id_;
}

std::string_view Request::credential(bool (*is_ours)(std::string_view) noexcept) const noexcept {
    const auto authorization = header("Authorization");
    const bool is_bearer = authorization.size() > 7 && equals_ignore_case_ascii(authorization.substr(0, 7), "Bearer ");
    const auto token = is_bearer ? trim(authorization.substr(7)) : std::string_view();
    if (is_ours(token)) return token;
    const auto key = header("X-API-Key");
    return token.empty() || is_ours(key) ? key : token;
}

void RequestBuilder::clear(Request& request) noexcept {
    request.method = Method::other;
    request.target = request.path = request.raw_query = request.body = {};
    request.headers_.clear();
    request.param_count_ = 0;
    request.request_id_.clear();
    request.has_known_caller = false;
    request.trace = {};
    request.forwarded_host_ = {};
    request.is_https_ = false;
}

void RequestBuilder::set_forwarded(Request& request, const Forwarded& forwarded) {
    format_ip(forwarded.client, request.forwarded_peer_);
    request.peer = request.forwarded_peer_;
    request.forwarded_host_ = forwarded.host;
    request.is_https_ = forwarded.is_https;
}

bool RequestBuilder::set_target(Request& request, std::string_view target) noexcept {
    request.target = target;
    auto rest = target;
    if (!rest.starts_with('/') && rest != "*") {
        const auto scheme_end = rest.find("://");
        const auto scheme = rest.substr(0, scheme_end);
        if (scheme_end == std::string_view::npos) return false;
        if (!equals_ignore_case_ascii(scheme, "http") && !equals_ignore_case_ascii(scheme, "https")) return false;
        const auto path_begin = rest.find('/', scheme_end + 3);
        if (path_begin == std::string_view::npos) return false;
        rest.remove_prefix(path_begin);
    }
    const auto mark = rest.find('?');
    request.path = rest.substr(0, mark);
    request.raw_query = mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1);
    return true;
}

void RequestBuilder::rebase(Request& request, const char* from, const char* to) noexcept {
    for (auto* view : {&request.target, &request.path, &request.raw_query, &request.forwarded_host_})
        move_view(*view, from, to);
    for (auto& header : request.headers_) {
        move_view(header.name, from, to);
        move_view(header.value, from, to);
    }
}

bool RequestBuilder::add_param(Request& request, std::string_view name, std::string_view escaped_value) {
    if (request.param_count_ == request.params_.size()) request.params_.emplace_back();
    auto& [stored_name, stored_value] = request.params_[request.param_count_];
    if (escaped_value.find('%') == std::string_view::npos) {
        stored_value.assign(escaped_value);
    } else {
        auto decoded = percent_decode(escaped_value);
        if (!decoded) return false;
        stored_value = std::move(*decoded);
    }
    stored_name = name;
    ++request.param_count_;
    return true;
}

}  // namespace fanion::net
