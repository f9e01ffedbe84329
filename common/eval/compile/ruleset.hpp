#pragma once

// Compiling: from items to an immutable ruleset that evaluation only reads (docs/ruleset.md,
// Compiling).
//
// Pure: no I/O, no clock, no log; throws nothing but std::bad_alloc. A Ruleset is immutable and
// thread-safe. It is held by shared_ptr because requests may still read it after its successor has
// been published.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// One ruleset item as it travels; `key` is "flag/<key>", "segment/<key>", "access/<id>" or
// "environment". Items of other kinds are ignored, since a newer writer may send them. `body` is
// null for a redacted item. It is shared so that the next compile() can reuse what was prepared
// from the same bytes.
struct Item {
    std::string_view key;
    std::shared_ptr<const std::string> body;
};

// A flag's properties that need no evaluation. Views are valid as long as the ruleset.
struct FlagInfo {
    std::string_view key;
    std::uint64_t version;
    bool client;
    bool track;
    std::size_t variations;  // number of them
};

class Ruleset {
public:
    ~Ruleset();
    Ruleset(const Ruleset&) = delete;

    // Flags are numbered from 0 in the order of their keys' bytes.
    std::size_t flag_count() const noexcept;
    FlagInfo flag_info(std::size_t index) const noexcept;  // index < flag_count()
    // The flag's index, or npos.
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    std::size_t find_flag(std::string_view key) const noexcept;
    // Whether the flag has a variation, or a rule, of that name.
    bool has_variation(std::size_t index, std::string_view key) const noexcept;
    bool has_rule(std::size_t index, std::string_view id) const noexcept;
    // The attribute by which the flag's fallthrough splits, as written: the one that is missing
    // where an evaluation ends with targeting_key_missing. Empty if the fallthrough is not a split.
    std::string_view fallthrough_unit(std::size_t index) const noexcept;
    const std::vector<model::AccessEntry>& access() const noexcept;
    const model::EnvironmentInfo* environment() const noexcept;  // null in plain form
    bool reads_now() const noexcept;  // a rule or segment compares $now: results change with time

    struct Impl;  // eval/compile/compiled.hpp, private to eval
    const Impl& impl() const noexcept { return *impl_; }

private:
    friend struct Impl;
    explicit Ruleset(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

using RulesetPtr = std::shared_ptr<const Ruleset>;

// Error: Errc::unprocessable with every finding (item, pointer, code, detail); the ruleset is
// accepted whole or not at all. Codes: malformed (not JSON or not the shape), unknown_reference,
// cycle, too_deep, bad_regex, bad_version, bad_time, bad_network, bad_pointer, bad_range,
// wrong_type, limit, duplicate. `previous` only saves time: an item whose body is the same object
// or the same bytes as there keeps its prepared form.
Result<RulesetPtr> compile(std::span<const Item> items, const Ruleset* previous = nullptr);

// The plain form {"flags":[..],"segments":[..]} of docs/ruleset.md. Errors as compile(), with
// pointers from the root of the text.
Result<RulesetPtr> compile_plain(std::string_view text);

}  // namespace fanion::eval
