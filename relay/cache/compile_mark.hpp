#pragma once

// A file `compiling` in an environment's directory, which exists while a ruleset is compiled: a
// start that finds it knows that the compile never came back, however the process ended. Blocking.

#include <optional>
#include <string>

#include "common/wire/acceptance.hpp"

namespace fanion::relay::cache {

// Written without a sync, as a power cut is not the ruleset's fault. A directory that cannot be
// written to has no mark. One at a time for each directory.
class CompileMark {
public:
    CompileMark(std::string directory, const wire::Floor& ruleset);
    ~CompileMark();  // removes it, and the directory if nothing else is in it
    CompileMark(const CompileMark&) = delete;

private:
    std::string directory_;
};

bool has_compile_mark(const std::string& directory);
// What an earlier process was compiling when it ended; removes the mark. Empty: nothing, or the
// mark is damaged.
std::optional<wire::Floor> take_compile_mark(const std::string& directory);

}  // namespace fanion::relay::cache
