#include "common/eval/regex.hpp"

#include <re2/re2.h>

namespace fanion::eval {
namespace {

constexpr int max_memory = 1 << 20;  // per pattern: program and automaton

RE2::Options make_options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(max_memory);
    return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Regex::Regex(std::unique_ptr<re2::RE2> regex) : regex_(std::move(regex)) {}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

Result<Regex> Regex::compile(std::string_view pattern, bool fold) {
    auto regex = std::make_unique<RE2>(piece(pattern), make_options());
    if (regex->ok() && fold) regex = std::make_unique<RE2>(fold_pattern(pattern), make_options());
    if (!regex->ok()) return Error{Errc::invalid_input, regex->error(), {}};
    return Regex(std::move(regex));
}

bool Regex::matches(std::string_view text) const noexcept {
    return regex_->Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

}  // namespace fanion::eval
