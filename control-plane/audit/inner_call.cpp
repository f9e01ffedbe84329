#include "control-plane/audit/inner_call.hpp"

#include <algorithm>
#include <vector>

#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"

namespace fanion::cp::audit {
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

// As the router does, a literal wins over a name.
const http::Route* find_route(const http::Call& outer, net::Method method, std::string_view path) {
    const auto steps = split(path, '/');
    const http::Route* best = nullptr;
    int most = -1;
    for (const auto& route : outer.services.routes) {
        if (route.method != method || !route.handler) continue;
        const auto literal = literal_steps(route.pattern, steps);
        if (literal <= most) continue;
        most = literal;
        best = &route;
    }
    return best;
}

std::string path_to(const http::Call& outer, std::string_view resource) {
    return std::string(api_root) + outer.org.key + '/' + std::string(resource);
}

}  // namespace

bool has_route(const http::Call& outer, net::Method method, std::string_view resource) {
    return find_route(outer, method, path_to(outer, resource)) != nullptr;
}

boost::asio::awaitable<Result<net::Response>> call_route(http::Call& outer, InnerRequest inner) {
    const auto path = path_to(outer, inner.resource);
    const auto* route = find_route(outer, inner.method, path);
    if (!route) co_return http::not_found("resource");
    const auto query = inner.comment.empty() ? std::string() : "comment=" + percent_encode(inner.comment);
    const std::string peer(outer.request.peer);
    const std::string request_id(outer.request.request_id());
    net::Request request;
    request.method = inner.method;
    request.target = path;
    request.path = path;
    request.raw_query = query;
    request.body = inner.body;
    request.peer = peer;
    using net::RequestBuilder;
    RequestBuilder::add_header(request, "X-Request-Id", request_id);
    RequestBuilder::add_header(request, "Content-Type", "application/json");
    if (!inner.if_match.empty()) RequestBuilder::add_header(request, "If-Match", inner.if_match);
    const auto names = split(route->pattern, '/');
    const auto steps = split(path, '/');
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_name(names[i])) RequestBuilder::add_param(request, names[i].substr(1, names[i].size() - 2), steps[i]);
    }
    http::Call call{request, outer.services, *route, outer.principal, outer.org, {}};
    call.is_dry_run = inner.is_dry_run;
    if (auto ok = http::admit(call); !ok) co_return ok.error();
    auto response = co_await route->handler(call);
    co_return response;
}

}  // namespace fanion::cp::audit
