#pragma once

// Fanion's side of the table that compares evaluators (bench/peers): a folder holds `fanion.json`
// (plain form), `contexts.jsonl` (one context a line) and `flags.txt` (one key a line). Every
// evaluator answers each flag for each context.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::bench {

enum class Manner : std::uint8_t {
    parsed,  // the contexts are parsed beforehand; each flag is asked for by its key, alone
    text,    // the same, and each evaluation begins with parsing the context's JSON
    bulk,    // the contexts are parsed beforehand; all flags of one context through one Evaluator
};
std::optional<Manner> manner_of(std::string_view word);

// One JSON list of values a line and flag, in the order of the contexts. Returns the program's exit
// code.
int print_answers(const std::string& folder);

// Evaluations per second of processor time, over whole passes, after a first second that is not
// counted.
int print_rate(const std::string& folder, std::uint64_t seconds, Manner manner);

}  // namespace fanion::bench
