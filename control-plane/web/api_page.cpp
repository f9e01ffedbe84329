#include "control-plane/web/api_page.hpp"

#include <stdexcept>

#include "common/base/compression.hpp"

namespace fanion::cp::web {

ServedFile make_api_page() {
    constexpr std::size_t most_bytes = 16 * 1024 * 1024;
    auto page = decompress(Encoding::gzip, api_page_gzip(), most_bytes);
    if (!page) throw std::logic_error("the API's page is built in damaged: " + page.error().detail);
    ServedFile file("text/html; charset=utf-8", std::move(*page));
    file.add("gzip", std::string(api_page_gzip()));
    return file;
}

}  // namespace fanion::cp::web
