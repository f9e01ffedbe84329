#include "control-plane/web/media_types.hpp"

namespace fanion::cp::web {
namespace {

struct Row {
    std::string_view end;
    std::string_view type;
};
constexpr Row rows[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

}  // namespace

std::string_view media_type_of(std::string_view name) noexcept {
    for (const auto& [end, type] : rows)
        if (name.ends_with(end)) return type;
    return "application/octet-stream";
}

}  // namespace fanion::cp::web
