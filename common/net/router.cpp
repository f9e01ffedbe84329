#include "common/net/router.hpp"

#include <array>
#include <stdexcept>

#include "common/base/text.hpp"
#include "common/net/request_builder.hpp"

namespace fanion::net {
namespace {

constexpr std::size_t method_count = static_cast<std::size_t>(Method::other) + 1;
constexpr int no_route = -1;
constexpr std::size_t max_names = 8;

std::size_t index_of(Method method) noexcept { return static_cast<std::size_t>(method); }

constexpr std::string_view any_rest = "*";

bool is_name(std::string_view segment) noexcept { return segment.size() > 2 && segment.front() == '{'; }

// What is left of a path is the next segment and what follows its '/'.
struct Cut {
    std::string_view segment;
    std::string_view rest;
    bool last;
};
Cut cut(std::string_view path) noexcept {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return {path, {}, true};
    return {path.substr(0, slash), path.substr(slash + 1), false};
}

}  // namespace

// One path segment's place in the tree of patterns.
struct Router::Node {
    std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
    std::unique_ptr<Node> name;
    std::unique_ptr<Node> rest;
    std::array<int, method_count> routes;
    bool is_rest = false;

    struct Values {
        std::array<std::string_view, max_names> at;
        std::size_t count = 0;
    };

    Node() { routes.fill(no_route); }

    bool is_end() const noexcept {
        for (const int route : routes) {
            if (route != no_route) return true;
        }
        return false;
    }

    Node& child(std::string_view segment) {
        if (is_name(segment)) {
            if (!name) name = std::make_unique<Node>();
            return *name;
        }
        if (segment == any_rest) {
            if (!rest) rest = std::make_unique<Node>();
            rest->is_rest = true;
            return *rest;
        }
        for (auto& [text, node] : literals) {
            if (text == segment) return *node;
        }
        return *literals.emplace_back(std::string(segment), std::make_unique<Node>()).second;
    }

    // The node of the pattern that fits `path`: a literal is tried before a name, which takes at least one byte, and that
    // before what takes everything.
    const Node* find(std::string_view path, Values& values) const {
        const auto* found = find_exact(path, values);
        return found ? found : rest.get();
    }

    const Node* find_exact(std::string_view path, Values& values) const {
        const auto [segment, following, last] = cut(path);
        const auto descend = [&, following = following, last = last](const Node& node) -> const Node* {
            if (!last) return node.find(following, values);
            return node.is_end() ? &node : nullptr;
        };
        for (const auto& [text, node] : literals) {
            if (text != segment) continue;
            if (const auto* found = descend(*node)) return found;
            break;
        }
        if (!name || segment.empty() || values.count == max_names) return nullptr;
        const auto mine = values.count++;
        values.at[mine] = segment;
        const auto* found = descend(*name);
        if (!found) values.count = mine;
        return found;
    }

    std::string allowed() const {
        std::string list;
        for (std::size_t i = 0; i < method_count; ++i) {
            if (routes[i] == no_route) continue;
            if (!list.empty()) list += ", ";
            list += name_of(static_cast<Method>(i));
            if (static_cast<Method>(i) == Method::get && routes[index_of(Method::head)] == no_route) list += ", HEAD";
        }
        return list;
    }
};

Router::Router()
    : root_(std::make_unique<Node>()),
      write_refusal_([](Request& request, Response& response, unsigned status, std::string_view detail,
                        std::string_view) { response = problem(status, detail, request.request_id()); }) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route) {
    if (!route.pattern.starts_with('/')) throw std::logic_error("route pattern without '/': " + route.pattern);
    Node* node = root_.get();
    for (const auto segment : split(std::string_view(route.pattern).substr(1), '/')) {
        if (node->is_rest) throw std::logic_error("route pattern with something behind '*': " + route.pattern);
        node = &node->child(segment);
        if (is_name(segment)) route.names.emplace_back(segment.substr(1, segment.size() - 2));
    }
    auto& slot = node->routes[index_of(route.method)];
    if (slot != no_route) throw std::logic_error("route given twice: " + route.pattern);
    if (route.names.size() > max_names) throw std::logic_error("route with too many names: " + route.pattern);
    slot = static_cast<int>(routes_.size());
    routes_.push_back(std::move(route));
}

void Router::sync(Method method, std::string_view pattern, SyncHandler handler) {
    add({.method = method, .pattern = std::string(pattern), .sync = std::move(handler)});
}
void Router::async(Method method, std::string_view pattern, AsyncHandler handler) {
    add({.method = method, .pattern = std::string(pattern), .async = std::move(handler)});
}
void Router::stream(Method method, std::string_view pattern, StreamHandler handler, bool or_websocket) {
    add({.method = method,
         .pattern = std::string(pattern),
         .stream = std::move(handler),
         .is_websocket = or_websocket});
}

void Router::sync_or_async(Method method, std::string_view pattern, AttemptHandler handler, AsyncHandler waiting) {
    add({.method = method,
         .pattern = std::string(pattern),
         .attempt = std::move(handler),
         .async = std::move(waiting)});
}

Router::Match Router::match(Request& request) const {
    RequestBuilder::clear_params(request);
    if (!request.path.starts_with('/')) return {};
    Node::Values values;
    const auto* node = root_->find(request.path.substr(1), values);
    if (!node) return {};
    int index = node->routes[index_of(request.method)];
    if (index == no_route && request.method == Method::head) index = node->routes[index_of(Method::get)];
    if (index == no_route) return {.route = nullptr, .status = 405, .allow = node->allowed()};
    const auto& route = routes_[static_cast<std::size_t>(index)];
    for (std::size_t i = 0; i < values.count; ++i) {
        if (!RequestBuilder::add_param(request, route.names[i], values.at[i]))
            return {.route = nullptr, .status = 400, .allow = {}, .place = '{' + route.names[i] + '}'};
    }
    return {.route = &route, .status = 200, .allow = {}};
}

void Router::refuse(Request& request, Response& response, unsigned status, std::string_view detail,
                    std::string_view place) const {
    response.clear();
    write_refusal_(request, response, status, detail, place);
}

void Router::refuse(Request& request, Response& response, const Match& match) const {
    switch (match.status) {
        case 405:
            refuse(request, response, 405, "this path does not have that method");
            response.set("Allow", match.allow);
            break;
        case 400:
            refuse(request, response, 400, match.place + " in the path contains a malformed percent escape",
                   match.place);
            break;
        default:
            refuse(request, response, 404, "there is nothing at this path");
            break;
    }
}

const std::vector<Route>& Router::routes() const noexcept { return routes_; }

}  // namespace fanion::net
