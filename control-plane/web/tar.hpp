#pragma once

// Reads the regular files of a POSIX "ustar" archive (IEEE 1003.1, pax, section "ustar Interchange
// Format"). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::web {

struct TarFile {
    std::string name;        // as stored, with the prefix field
    std::string_view bytes;  // of the archive
};

// In their order; folders are left out. The archive must be complete, up to the two empty blocks at
// its end, and nothing may follow them. Error: invalid_input, with the offset of the entry at
// fault: a checksum that does not match, an entry of any other type (links, devices, extended
// headers), an entry that is cut short.
Result<std::vector<TarFile>> read_tar(std::string_view archive);

}  // namespace fanion::cp::web
