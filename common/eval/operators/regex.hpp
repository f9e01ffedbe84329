#pragma once

// One pattern in RE2's syntax, searched for anywhere in a text, in time linear in the text.
// Immutable; thread-safe.
//
// RE2 builds its automaton while it searches and keeps it in memory of its own, at most 1 MiB a
// pattern; a search that meets only known states allocates nothing. The WebAssembly module has
// another implementation, sdk/wasm/module/regex.cpp, which calls its host.

#include <memory>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::eval {

class Regex {
public:
    // Error: invalid_input with RE2's reason. `fold`: ASCII letters of both cases match each other,
    // nothing else does.
    static Result<Regex> compile(std::string_view pattern, bool fold);
    ~Regex();
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;

    // Whether the pattern matches some part of the text.
    bool matches(std::string_view text) const noexcept;

private:
    struct Engine;
    explicit Regex(std::unique_ptr<const Engine> engine);
    std::unique_ptr<const Engine> engine_;
};

// Rewrites a valid pattern so that it matches ASCII letters in both cases. RE2's own folding is
// Unicode's: it lets `k` match the Kelvin sign.
std::string fold_pattern(std::string_view pattern);

}  // namespace fanion::eval
