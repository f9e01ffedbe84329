#include "control-plane/app/api_viewer.hpp"

#include "common/base/crypto.hpp"
#include "common/base/file.hpp"
#include "common/net/conditional.hpp"
#include "common/net/content_coding.hpp"
#include "control-plane/http/problem.hpp"

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

struct Packaged {
    const char* name;
    std::string_view content_type;
};

constexpr Packaged packaged[] = {
    {"swagger-ui-bundle.js", "text/javascript; charset=utf-8"},
    {"swagger-ui.css", "text/css; charset=utf-8"},
    {"favicon-32x32.png", "image/png"},
};

std::string tag_of(std::string_view bytes) { return '"' + to_hex(sha256(bytes)).substr(0, 16) + '"'; }

void refuse(net::Request& request, net::Response& response) {
    response = http::unrouted_problem(
        404, "this program was started without --api-viewer; the description is /openapi.json", request);
}

}  // namespace

Result<ApiViewer> ApiViewer::open(const std::filesystem::path& folder) {
    ApiViewer viewer;
    if (folder.empty()) return viewer;
    viewer.add("/docs", "text/html; charset=utf-8", std::string(page));
    viewer.add("/docs/start.js", "text/javascript; charset=utf-8", std::string(start));
    for (const auto& [name, content_type] : packaged) {
        auto bytes = read_file((folder / name).string(), size_limit);
        if (!bytes) return Error{bytes.error().code, "--api-viewer: " + bytes.error().detail, {}};
        viewer.add(std::string("/docs/") + name, content_type, std::move(*bytes));
    }
    return viewer;
}

void ApiViewer::add(std::string path, std::string_view content_type, std::string bytes) {
    File file{std::move(path), content_type, {}};
    for (const auto encoding : {Encoding::identity, Encoding::gzip, Encoding::zstd}) {
        auto form = compress(encoding, bytes);
        auto tag = tag_of(form);
        file.forms[static_cast<std::size_t>(encoding)] = {std::make_shared<const std::string>(std::move(form)),
                                                          std::move(tag)};
    }
    files_.push_back(std::move(file));
}

void ApiViewer::add_routes(net::Router& router) const {
    if (files_.empty()) router.sync(net::Method::get, "/docs", refuse);
    for (const auto& file : files_) {
        router.sync(net::Method::get, file.path,
                    [&file](net::Request& request, net::Response& response) { respond(file, request, response); });
    }
}

void ApiViewer::respond(const File& file, const net::Request& request, net::Response& response) {
    const auto encoding = net::choose_encoding(request.header("Accept-Encoding"));
    const auto& form = file.forms[static_cast<std::size_t>(encoding)];
    if (net::has_current(request, form.tag)) {
        response = net::empty_response(304);
    } else {
        response.content_type = file.content_type;
        response.shared_body = form.bytes;
        if (encoding != Encoding::identity) response.set("Content-Encoding", std::string(name_of(encoding)));
    }
    response.set("ETag", form.tag);
    response.set("Vary", "Accept-Encoding");
    response.set("Cache-Control", "no-cache");  // asked for again with the tag: after an update, all are new
    response.set("Content-Security-Policy", std::string(policy));
    response.set("Referrer-Policy", "no-referrer");
}

}  // namespace fanion::cp::app
