#include "common/eval/operators/regex.hpp"

#include <re2/re2.h>

namespace fanion::eval {
namespace {

constexpr int max_memory = 1 << 20;  // bytes per pattern, program and automaton together; RE2's default is 8 MiB

RE2::Options make_options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(max_memory);
    return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct Regex::Engine {
    explicit Engine(std::string_view pattern) : re2(piece(pattern), make_options()) {}

    RE2 re2;
};

Regex::Regex(std::unique_ptr<const Engine> engine) : engine_(std::move(engine)) {}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

Result<Regex> Regex::compile(std::string_view pattern, bool fold) {
    auto engine = std::make_unique<const Engine>(pattern);
    if (engine->re2.ok() && fold) engine = std::make_unique<const Engine>(fold_pattern(pattern));
    if (!engine->re2.ok()) return Error{Errc::invalid_input, engine->re2.error(), {}};
    return Regex(std::move(engine));
}

bool Regex::matches(std::string_view text) const noexcept {
    return engine_->re2.Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

}  // namespace fanion::eval
