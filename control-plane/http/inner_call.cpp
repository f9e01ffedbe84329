#include "control-plane/http/inner_call.hpp"

#include <algorithm>
#include <vector>

#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"

namespace fanion::cp::http {
namespace {

constexpr std::string_view api_root = "/api/v1/orgs/";

bool is_name(std::string_view step) { return step.starts_with('{'); }

// The number of literal steps that match; -1: the pattern is another one.
int literal_steps(std::string_view pattern, const std::vector<std::string_view>& path) {
    const auto steps = split(pattern, '/');
    if (steps.size() != path.size()) return -1;
    int literal = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (is_name(steps[i])) continue;
        if (steps[i] != path[i]) return -1;
        ++literal;
    }
    return literal;
}

std::string path_to(const InnerCaller& caller, std::string_view resource) {
    return std::string(api_root) + caller.org.key + '/' + std::string(resource);
}

}  // namespace

InnerCaller caller_of(const Call& call) {
    return {
        call.services, call.principal, call.org, std::string(call.request.peer), std::string(call.request.request_id()),
        call.place};
}

// As the router does, a literal wins over a name.
const Route* find_route(const InnerCaller& caller, net::Method method, std::string_view resource) {
    const auto path = path_to(caller, resource);
    const auto steps = split(path, '/');
    const Route* best = nullptr;
    int most = -1;
    for (const auto& route : caller.services.routes) {
        if (route.method != method || !route.handler) continue;
        const auto literal = literal_steps(route.pattern, steps);
        if (literal <= most) continue;
        most = literal;
        best = &route;
    }
    return best;
}

namespace {

std::string query_of(const InnerRequest& inner) {
    std::string query;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (value.empty()) return;
        if (!query.empty()) query += '&';
        query.append(name).append("=").append(percent_encode(value));
    };
    add("dry_run", inner.is_preview ? "true" : "");
    add("comment", inner.comment);
    add("confirm", inner.confirm);
    return query;
}

}  // namespace

boost::asio::awaitable<Result<net::Response>> call_route(InnerCaller caller, InnerRequest inner, Enclosure* enclosure) {
    const auto path = path_to(caller, inner.resource);
    const auto* route = find_route(caller, inner.method, inner.resource);
    if (!route) co_return not_found("resource", "");
    const auto query = query_of(inner);
    net::Request request;
    request.method = inner.method;
    request.target = path;
    request.path = path;
    request.raw_query = query;
    request.body = inner.body;
    request.peer = caller.peer;
    using net::RequestBuilder;
    RequestBuilder::add_header(request, "X-Request-Id", caller.request_id);
    RequestBuilder::add_header(request, "Content-Type", inner.media_type);
    if (!inner.if_match.empty()) RequestBuilder::add_header(request, "If-Match", inner.if_match);
    const auto names = split(route->pattern, '/');
    const auto steps = split(path, '/');
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_name(names[i])) RequestBuilder::add_param(request, names[i].substr(1, names[i].size() - 2), steps[i]);
    }
    Call call{request, caller.services, *route, std::move(caller.principal), std::move(caller.org), {}};
    call.is_dry_run = inner.is_dry_run;
    call.enclosure = enclosure;
    call.place = caller.place;
    if (auto ok = admit(call); !ok) co_return ok.error();
    auto response = co_await route->handler(call);
    co_return response;
}

}  // namespace fanion::cp::http
