// The dashboard's archive: it is refused with a reason, or each file of it is found by a path that a request could have, and its
// page has the base that it is given.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control-plane/web/bundle.hpp"
#include "control-plane/web/security_headers.hpp"
#include "control-plane/web/tar.hpp"

using namespace fanion::cp::web;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view archive(reinterpret_cast<const char*>(data), size);
    const auto files = read_tar(archive);
    if (files) {
        std::size_t sum = 0;
        for (const auto& file : *files) sum += file.bytes.size();
        if (sum > size) std::abort();
    } else if (files.error().detail.empty()) {
        std::abort();
    }
    const auto bundle = Bundle::parse(archive);
    if (!bundle) {
        if (bundle.error().detail.empty()) std::abort();
        return 0;
    }
    if (!files || bundle->files() > files->size()) std::abort();
    for (const char c : dashboard_policy(bundle->style_hashes()))
        if (c < 0x20 || c == 0x7f) std::abort();
    const auto page = bundle->index_page("/fuzz/ui/");
    if (page.bytes().find("<base href=\"/fuzz/ui/\"") == std::string::npos) std::abort();
    return 0;
}
