#pragma once

// The options of `fanion audit`, and its commands, one file each.

#include <cstdint>
#include <string>
#include <vector>

#include "common/cli/terminal.hpp"

namespace fanion::cli {

struct AuditOptions {
    std::string org;
    // Conditions, as the API takes them; empty: any.
    std::string resource, actor, action, project, env, group, text, from, to;
    unsigned limit = 50;
    std::string format = "ndjson";
    std::string output = "-";
    std::string file;
    std::vector<std::string> rulesets;
    std::string trust;
    std::string after;  // "<seq>:<hash>"
    std::string since;
    std::uint64_t count = 0;  // 0: no end
    std::string id;
    std::string comment;
    bool dry_run = false;
    std::string retention;  // days or `default`; empty: print it
};

// "&name=value" for each condition.
std::string audit_conditions(const AuditOptions& options);

Exit run_audit_export(const AuditOptions& options, const Terminal& terminal);
Exit run_audit_verify(const AuditOptions& options, const Terminal& terminal);
Exit run_audit_tail(const AuditOptions& options, const Terminal& terminal);

}  // namespace fanion::cli
