#include "control-plane/web/pages.hpp"

#include "control-plane/web/api_page.hpp"
#include "control-plane/web/security_headers.hpp"

namespace fanion::cp::web {
namespace {

constexpr std::string_view home = "/ui/";
constexpr std::string_view assets = "assets/";
constexpr const char* asked_again = "no-cache";  // each time, with the entity tag
constexpr const char* for_a_year = "max-age=31536000, immutable";

std::optional<ServedFile> index_of(const std::optional<Bundle>& bundle, const std::string& prefix) {
    if (!bundle) return std::nullopt;
    return bundle->index_page(prefix + std::string(home));
}

std::string policy_of(const std::optional<Bundle>& bundle) {
    return bundle ? dashboard_policy(bundle->style_hashes())
                  : std::string("default-src 'none'; frame-ancestors 'none'");
}

}  // namespace

Pages::Pages(std::optional<Bundle> bundle, std::string_view prefix, Metrics& metrics)
    : prefix_(prefix),
      bundle_(std::move(bundle)),
      index_(index_of(bundle_, prefix_)),
      policy_(policy_of(bundle_)),
      docs_(make_api_page()),
      docs_policy_(document_policy(api_page_style_hash())),
      metrics_(metrics) {}

void Pages::add_routes(net::Router& router) const {
    const auto add = [this, &router](std::string_view pattern, auto handler) {
        router.sync(net::Method::get, pattern, [this, handler](net::Request& request, net::Response& response) {
            (this->*handler)(request, response);
        });
    };
    add("/", &Pages::start);
    add("/ui", &Pages::lead_to_dashboard);
    add("/ui/*", &Pages::respond);
}

void Pages::add_docs(net::Router& router) const {
    router.sync(net::Method::get, "/docs",
                [this](net::Request& request, net::Response& response) { respond_docs(request, response); });
}

void Pages::start(const net::Request& request, net::Response& response) const {
    metrics_.starts.add();
    if (index_) return lead_to_dashboard(request, response);
    respond_without_dashboard(request, response);
    response.status = 200;
}

void Pages::lead_to_dashboard(const net::Request& request, net::Response& response) const {
    response = net::empty_response(302);
    response.set("Location", prefix_ + std::string(home));
    response.set("Cache-Control", asked_again);
    add_security_headers(request, response, policy_);
}

void Pages::respond(net::Request& request, net::Response& response) const {
    if (!index_) return respond_without_dashboard(request, response);
    const auto path = request.path.substr(home.size());
    const bool is_asset = path.starts_with(assets);
    const auto* const file = bundle_->find(path);
    if (file) {
        metrics_.files.add();
        file->respond(request, response);
        response.set("Cache-Control", is_asset ? for_a_year : asked_again);
    } else if (is_asset) {
        metrics_.missing.add();
        response = net::problem(404, "the dashboard has no such file: its page may be of another version",
                                request.request_id());
    } else {
        metrics_.pages.add();
        index_->respond(request, response);
        response.set("Cache-Control", asked_again);
    }
    add_security_headers(request, response, policy_);
}

void Pages::respond_without_dashboard(const net::Request& request, net::Response& response) const {
    response.status = 404;
    response.content_type = "text/plain; charset=utf-8";
    response.body =
        "This is a Fanion control plane without its dashboard, which --dashboard FILE adds; its API is described at " +
        prefix_ + "/docs\n";
    response.set("Cache-Control", asked_again);
    add_security_headers(request, response, policy_);
}

void Pages::respond_docs(const net::Request& request, net::Response& response) const {
    metrics_.docs.add();
    docs_.respond(request, response);
    response.set("Cache-Control", asked_again);
    add_security_headers(request, response, docs_policy_);
}

}  // namespace fanion::cp::web
