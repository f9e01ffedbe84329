#pragma once

// The description of the admin API for people: the page /docs, which shows /openapi.json with
// Swagger UI. The page is ours; Swagger UI is the npm package swagger-ui-dist, read from a folder
// at the start (docs/adr/0040-the-viewer-is-a-folder.md). Nothing is loaded from elsewhere, and the
// Content-Security-Policy says so. Open to everybody, as the description is. Immutable;
// thread-safe; must outlive the router.

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/compression.hpp"
#include "common/base/error.hpp"
#include "common/net/router.hpp"

namespace fanion::cp::app {

class ApiViewer {
public:
    // No folder: /docs says how to get one. Blocks. Errors: of read_file(), with the
    // name of the option.
    static Result<ApiViewer> open(const std::filesystem::path& folder);

    void add_routes(net::Router& router) const;

private:
    // One file in the encodings of HTTP that clients may ask for, with an entity tag for each.
    struct File {
        struct Form {
            std::shared_ptr<const std::string> bytes;
            std::string tag;
        };
        std::string path;
        std::string_view content_type;
        std::array<Form, 3> forms;  // by Encoding
    };

    void add(std::string path, std::string_view content_type, std::string bytes);
    static void respond(const File& file, const net::Request& request, net::Response& response);

    std::vector<File> files_;
};

}  // namespace fanion::cp::app
