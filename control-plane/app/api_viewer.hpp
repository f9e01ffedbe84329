#pragma once

// The description of the admin API for people: the page /docs, which shows /openapi.json with
// Swagger UI. The page is ours; Swagger UI is the npm package swagger-ui-dist, read from a folder
// at the start (docs/adr/0040-the-viewer-is-a-folder.md). Nothing is loaded from elsewhere, and the
// Content-Security-Policy says so. Open to everybody, as the description is. Immutable;
// thread-safe; must outlive the router.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/net/router.hpp"
#include "control-plane/web/served_file.hpp"

namespace fanion::cp::app {

class ApiViewer {
public:
    // An empty path: no viewer. Blocks. Errors: of read_file(), with the name of the option.
    static Result<ApiViewer> open(const std::filesystem::path& folder);

    bool is_given() const noexcept { return !files_.empty(); }
    void add_routes(net::Router& router) const;

private:
    void add(std::string path, std::string bytes);

    std::vector<std::pair<std::string, web::ServedFile>> files_;  // by path
};

}  // namespace fanion::cp::app
