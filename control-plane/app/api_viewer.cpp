#include "control-plane/app/api_viewer.hpp"

#include "common/base/file.hpp"
#include "control-plane/web/media_types.hpp"

namespace fanion::cp::app {
namespace {

constexpr std::size_t size_limit = 16 * 1024 * 1024;

// Relative, for installations below a path prefix.
constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fanion admin API</title>
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript. The description itself is <a href="openapi.json">openapi.json</a>.</noscript>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
)";

// Without a validator: the default is one on the internet.
constexpr std::string_view start = R"('use strict';
SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
});
)";

// Pictures as data: are those in the style sheet of Swagger UI.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr const char* packaged[] = {"swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"};

void respond(const web::ServedFile& file, const net::Request& request, net::Response& response) {
    file.respond(request, response);
    response.set("Cache-Control", "no-cache");  // asked for again with the tag: after an update, all are new
    response.set("Content-Security-Policy", std::string(policy));
    response.set("Referrer-Policy", "no-referrer");
}

}  // namespace

Result<ApiViewer> ApiViewer::open(const std::filesystem::path& folder) {
    ApiViewer viewer;
    if (folder.empty()) return viewer;
    viewer.files_.emplace_back("/docs", web::ServedFile("text/html; charset=utf-8", std::string(page)));
    viewer.add("/docs/start.js", std::string(start));
    for (const std::string name : packaged) {
        auto bytes = read_file((folder / name).string(), size_limit);
        if (!bytes) return Error{bytes.error().code, "--api-viewer: " + bytes.error().detail, {}};
        viewer.add("/docs/" + name, std::move(*bytes));
    }
    return viewer;
}

void ApiViewer::add(std::string path, std::string bytes) {
    web::ServedFile file(web::media_type_of(path), std::move(bytes));
    file.compress();
    files_.emplace_back(std::move(path), std::move(file));
}

void ApiViewer::add_routes(net::Router& router) const {
    for (const auto& entry : files_) {
        router.sync(net::Method::get, entry.first,
                    [&file = entry.second](net::Request& request, net::Response& response) {
                        respond(file, request, response);
                    });
    }
}

}  // namespace fanion::cp::app
