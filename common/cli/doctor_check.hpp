#pragma once

// What `fanion doctor` finds. Judgements are pure; the files beside this one ask. Private to
// common/cli.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"

namespace fanion::cli {

enum class Health { ok, warning, failure };
std::string_view name_of(Health health) noexcept;

struct Check {
    std::string area;     // "database"
    std::string subject;  // "version"
    Health health = Health::ok;
    std::string found;   // one sentence
    std::string advice;  // what to do; empty: nothing
};
using Checks = std::vector<Check>;

// Of a clock that is so much ahead of ours, or behind it.
Check judge_clock(std::string area, UnixMillis ahead);
// Of something that is valid until `at`: a failure afterwards, a warning `early` days before.
Check judge_expiry(Check check, UnixMillis now, UnixMillis at, int early);
// Of a file system.
Check judge_disk(std::string path, std::uint64_t free, std::uint64_t total);
// Of a file or folder; `is_secret`: nobody but its owner may read it.
Check judge_mode(std::string path, unsigned mode, bool is_secret);
// Of the number of the newest migration that a database has, and that this program knows.
Check judge_schema(std::uint64_t present, std::uint64_t known);
// Of a setting of PostgreSQL; ok for those that nobody asks about.
Check judge_setting(const std::string& name, const std::string& value);

std::string doctor_json(const Checks& checks);
std::string doctor_text(const Checks& checks);

}  // namespace fanion::cli
