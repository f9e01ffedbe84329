#pragma once

// The control plane in a browser: the dashboard below /ui/, /, which leads to it, and /docs, which
// describes the API. Open to everybody: what they show comes from the API, by the credential of who
// asks. A response depends on the path and Accept-Encoding only, never on a query.
//
// Immutable; all threads share it; it must outlive their routers.

#include <optional>
#include <string>
#include <string_view>

#include "common/net/router.hpp"
#include "control-plane/web/bundle.hpp"
#include "control-plane/web/metrics.hpp"
#include "control-plane/web/served_file.hpp"

namespace fanion::cp::web {

class Pages {
public:
    // Without a bundle, / and /ui/ say in one line how to add it. `prefix`: the path of
    // --public-url, without a slash at its end; a proxy takes it off before it passes requests on.
    Pages(std::optional<Bundle> bundle, std::string_view prefix, Metrics& metrics);
    Pages(const Pages&) = delete;

    // All but /docs.
    void add_routes(net::Router& router) const;
    void add_docs(net::Router& router) const;

private:
    void start(const net::Request& request, net::Response& response) const;
    void lead_to_dashboard(const net::Request& request, net::Response& response) const;
    void respond(net::Request& request, net::Response& response) const;
    void respond_without_dashboard(const net::Request& request, net::Response& response) const;
    void respond_docs(const net::Request& request, net::Response& response) const;

    const std::string prefix_;
    const std::optional<Bundle> bundle_;
    const std::optional<ServedFile> index_;  // of the bundle, for this prefix
    const std::string policy_;
    const ServedFile docs_;
    const std::string docs_policy_;
    Metrics& metrics_;
};

}  // namespace fanion::cp::web
