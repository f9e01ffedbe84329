// Replaces common/eval/operators/regex.cpp in the WebAssembly module. RE2 is too large for the module, so the host
// matches patterns, through the module's only import. It accepts a subset of RE2's syntax and refuses what it cannot
// match exactly as RE2 does.

#include "common/eval/operators/regex.hpp"

#include <cstdint>

namespace {

enum Operation : int { compile = 0, compile_folding = 1, match = 2, release = 3 };

// compile: `data` is the pattern; the result is a handle >= 0, or -1 if the host refuses the pattern. match: `data` is
// the text; the result is 0 or 1. release: frees the handle. All bytes are valid UTF-8.
extern "C" __attribute__((import_module("fanion"), import_name("regex"))) int fanion_host_regex(int operation,
                                                                                                int handle,
                                                                                                const char* data,
                                                                                                std::size_t size);

}  // namespace

namespace fanion::eval {

struct Regex::Engine {
    explicit Engine(int h) : handle(h) {}
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine() { fanion_host_regex(release, handle, nullptr, 0); }

    int handle;
};

Regex::Regex(std::unique_ptr<const Engine> engine) : engine_(std::move(engine)) {}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

Result<Regex> Regex::compile(std::string_view pattern, bool fold) {
    const auto operation = fold ? ::compile_folding : ::compile;
    const int handle = fanion_host_regex(operation, 0, pattern.data(), pattern.size());
    if (handle < 0) return Error{Errc::invalid_input, "the host does not take this regular expression", {}};
    return Regex(std::make_unique<const Engine>(handle));
}

bool Regex::matches(std::string_view text) const noexcept {
    return fanion_host_regex(match, engine_->handle, text.data(), text.size()) != 0;
}

}  // namespace fanion::eval
