#include "common/cli/doctor_check.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/backup/make_backup.hpp"
#include "common/base/private_file.hpp"
#include "common/base/text.hpp"
#include "common/cli/terminal.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

constexpr UnixMillis second = 1'000;
constexpr UnixMillis day = 24 * 3600 * second;

std::string octal(unsigned mode) {
    char text[16];
    std::snprintf(text, sizeof text, "%04o", mode & 07777U);
    return text;
}

struct Wanted {
    std::string_view name, value;
    Health otherwise;
    std::string_view advice;
};
constexpr Wanted settings[] = {
    {"fsync", "on", Health::failure, "Set fsync = on: after a power cut the database may be unusable."},
    {"full_page_writes", "on", Health::failure, "Set full_page_writes = on: a power cut may damage pages."},
    {"server_encoding", "UTF8", Health::failure, "Make the database anew with ENCODING 'UTF8'."},
    {"default_transaction_read_only", "off", Health::failure, "Connect to the primary, or let the role write."},
    {"synchronous_commit", "on", Health::warning,
     "Set synchronous_commit = on (or to what your standbys need): acknowledged changes may be lost."},
    {"autovacuum", "on", Health::warning, "Set autovacuum = on: tables of events grow without bounds."},
    {"track_counts", "on", Health::warning, "Set track_counts = on: autovacuum needs it."},
    {"standard_conforming_strings", "on", Health::warning, "Set standard_conforming_strings = on."},
};

}  // namespace

std::string_view name_of(Health health) noexcept {
    if (health == Health::failure) return "failure";
    return health == Health::warning ? "warning" : "ok";
}

Check judge_clock(std::string area, UnixMillis ahead) {
    const auto off = std::abs(ahead);
    Check check{std::move(area), "clock", Health::ok, "", ""};
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(off) / static_cast<double>(second));
    check.found = off < 2 * second ? "agrees with ours"
                                   : "is " + std::string(text) + " s " + (ahead > 0 ? "ahead of" : "behind") + " ours";
    if (off >= 5 * second) check.health = Health::warning;
    if (off >= 30 * second) check.health = Health::failure;
    if (check.health != Health::ok) check.advice = "Let a time service such as chrony set the clocks of both machines.";
    return check;
}

Check judge_expiry(Check check, UnixMillis now, UnixMillis at, int early) {
    check.found += (check.found.empty() ? "" : ", ") + std::string(at <= now ? "expired on " : "valid until ") +
                   format_rfc3339(at).substr(0, 10);
    if (at - now < early * day) check.health = std::max(check.health, Health::warning);
    if (at <= now) check.health = Health::failure;
    if (check.health == Health::ok) check.advice.clear();
    return check;
}

Check judge_disk(std::string path, std::uint64_t free, std::uint64_t total) {
    constexpr std::uint64_t mebibyte = 1024 * 1024;
    const auto percent = total == 0 ? 0 : free / std::max<std::uint64_t>(total / 100, 1);
    Check check{"disk", std::move(path), Health::ok, "", ""};
    check.found = backup::size_text(free) + " of " + backup::size_text(total) + " are free";
    if (percent < 10 || free < 1024 * mebibyte) check.health = Health::warning;
    if (percent < 2 || free < 100 * mebibyte) check.health = Health::failure;
    if (check.health != Health::ok) check.advice = "Make room or enlarge the file system.";
    return check;
}

Check judge_mode(std::string path, unsigned mode, bool is_secret) {
    constexpr unsigned world_writes = 0002;
    Check check{"files", path, Health::ok, "mode " + octal(mode), ""};
    if (is_secret && !is_private_mode(mode)) {
        check.health = Health::failure;
        check.found += ": a secret that others may read";
        check.advice = "chmod 0600 " + path;
    } else if ((mode & world_writes) != 0 && (mode & 01000U) == 0) {
        check.health = Health::failure;
        check.found += ": everybody may change it";
        check.advice = "chmod o-w " + path;
    }
    return check;
}

Check judge_schema(std::uint64_t present, std::uint64_t known) {
    Check check{"database", "migrations", Health::ok, "", ""};
    check.found = "schema version " + std::to_string(present) + ", this program knows " + std::to_string(known);
    if (present < known) {
        check.health = Health::warning;
        check.advice = "If the control plane has this version: fanion-control-plane migrate.";
    } else if (present > known) {
        check.health = Health::warning;
        check.advice = "Use the `fanion` of the control plane's version.";
    }
    return check;
}

Check judge_setting(const std::string& name, const std::string& value) {
    Check check{"database", name, Health::ok, value, ""};
    for (const auto& wanted : settings) {
        if (wanted.name != name || wanted.value == value) continue;
        // What waits for standbys is stronger than "on".
        if (name == "synchronous_commit" && (value == "remote_apply" || value == "remote_write")) continue;
        check.health = wanted.otherwise;
        check.advice = wanted.advice;
    }
    return check;
}

std::string doctor_json(const Checks& checks) {
    const auto count = [&checks](Health health) {
        return static_cast<std::uint64_t>(std::ranges::count(checks, health, &Check::health));
    };
    std::string out;
    json::Writer w(out);
    w.begin_object().key("checks").begin_array();
    for (const auto& check : checks) {
        w.begin_object().member("area", check.area).member("subject", check.subject);
        w.member("state", name_of(check.health)).member("found", check.found).member("advice", check.advice);
        w.end_object();
    }
    w.end_array().member("ok", count(Health::ok)).member("warnings", count(Health::warning));
    w.member("failures", count(Health::failure)).end_object();
    return out;
}

std::string doctor_text(const Checks& checks) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& check : checks)
        rows.push_back({std::string(name_of(check.health)), check.area, check.subject,
                        check.found + (check.advice.empty() ? "" : " -> " + check.advice)});
    return table(rows);
}

}  // namespace fanion::cli
