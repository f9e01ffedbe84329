#pragma once

// A small dashboard.

#include <algorithm>

#include "common/base/compression.hpp"
#include "tests/support/ustar.hpp"

namespace fanion::test {

inline const std::string small_page =
    "<!doctype html><head><base href=\"/ui/\" /><script src=\"./assets/a-1.js\"></script></head>";
inline const std::string small_script = "import('./b-2.js');" + std::string(3000, ' ');
inline const std::string small_hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

inline ArchiveFiles small_dashboard() {
    return {
        {"./index.html", small_page},
        {"./assets/a-1.js", small_script},
        {"./assets/a-1.js.br", "brotli"},
        {"./assets/a-1.js.gz", compress(Encoding::gzip, small_script)},
        {"./assets/module-3.wasm", std::string("\0asm", 4)},
        {"./icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"},
        {"./csp-style-hashes", small_hash + "\n"},
    };
}

// The same with another content of a file, which may be new.
inline ArchiveFiles small_dashboard_with(const std::string& name, const std::string& bytes) {
    auto files = small_dashboard();
    const auto found = std::ranges::find(files, name, [](const auto& file) { return file.first; });
    if (found == files.end()) {
        files.emplace_back(name, bytes);
    } else {
        found->second = bytes;
    }
    return files;
}

}  // namespace fanion::test
