#include "common/base/core_dumps.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace fanion {

// The limit alone would not do: it does not count where the system hands core dumps to a program.
bool forbid_core_dumps() noexcept {
    const rlimit none{0, 0};
    const bool is_limited = ::setrlimit(RLIMIT_CORE, &none) == 0;
    return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && is_limited;
}

}  // namespace fanion
