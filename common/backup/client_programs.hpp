#pragma once

// PostgreSQL's client programs: where they are and of which version. Blocking; thread-safe.

#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::backup {

struct ClientProgram {
    std::string path;
    std::string version;  // "15.8"
};

// The major number of "15.8", "15.8 (Debian 15.8-0+deb12u1)" or "17beta1"; 0 if there is none.
int major_of(std::string_view version);
// The version in "pg_dump (PostgreSQL) 15.8 (Debian ..)"; empty if there is none.
std::string version_in(std::string_view text);

// The program `name` that can work with a server or a dump of major version `least`: that of the
// same version, else of the next one that is there. `folder`: where to look; empty: the
// distribution's folders, then PATH. Error: invalid_input, which says what to install.
Result<ClientProgram> find_client_program(const std::string& name, int least, const std::string& folder);

}  // namespace fanion::backup
