#pragma once

// Compiling: from items to an immutable ruleset that evaluation only reads (ruleset.md, Compiling).
//
// Pure: no I/O, no clock, no log, no exceptions but for memory. A Ruleset is immutable and thread-safe; hold it by
// shared_ptr because a request may still read it while its successor is published.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// One ruleset item as it travels; `key` is "flag/<key>", "segment/<key>", "access/<id>" or "environment".
// Items of other kinds are ignored (a newer writer may send them). `body` is shared so that the next compile can keep what
// was prepared from the same bytes.
struct Item {
    std::string_view key;
    std::shared_ptr<const std::string> body;
};

// What callers may know of a flag without evaluating it.
struct FlagInfo {
    std::string_view key;
    std::uint64_t version;
    bool client;
    bool track;
    std::size_t variations;
};

class Ruleset {
public:
    ~Ruleset();
    Ruleset(const Ruleset&) = delete;

    std::size_t flag_count() const noexcept;
    FlagInfo flag_info(std::size_t index) const noexcept;  // flags in order of their key's bytes
    // Index of a flag, or npos.
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    std::size_t find_flag(std::string_view key) const noexcept;
    const std::vector<model::AccessEntry>& access() const noexcept;
    const model::EnvironmentInfo* environment() const noexcept;  // null in plain form
    bool reads_now() const noexcept;                             // some rule or segment compares $now

    struct Impl;  // eval/compile/compiled.hpp, private to eval
    const Impl& impl() const noexcept { return *impl_; }

private:
    friend struct Impl;
    explicit Ruleset(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

using RulesetPtr = std::shared_ptr<const Ruleset>;

// Error: Errc::unprocessable with every finding (item, pointer, code, detail); the ruleset is accepted whole or not at all.
// Codes: malformed (not JSON or not the shape), unknown_reference, cycle, too_deep, bad_regex, bad_version, bad_time,
// bad_network, bad_pointer, bad_range, wrong_type, limit, duplicate.
// `previous`, where given, lets items whose body is the same object or the same bytes keep their prepared form; the result is the same.
Result<RulesetPtr> compile(std::span<const Item> items, const Ruleset* previous = nullptr);

// The plain form {"flags":[..],"segments":[..]} of ruleset.md as items. Findings carry pointers from the root of the text.
Result<RulesetPtr> compile_plain(std::string_view text);

}  // namespace fanion::eval
