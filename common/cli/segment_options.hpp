#pragma once

// What the commands for segments share. Private to common/cli.

#include <memory>
#include <optional>
#include <string>

#include "common/cli/flag_options.hpp"
#include "common/cli/terminal.hpp"

namespace fanion::cli {

struct SegmentOptions : FlagOptions {
    std::string list = "included";
    std::string prefix;
    std::string file;    // - for standard input
    std::string format;  // csv or lines; empty: by the file's name
    std::string column;
    std::string upload;  // id
    // create, set
    std::optional<std::string> given_name, given_description;
    bool no_owner = false, no_tags = false, no_client = false;
};

using SegmentOptionsPtr = std::shared_ptr<SegmentOptions>;

// Adds `archive`, `restore` and `clone`.
void add_segment_lifecycle_commands(CLI::App& segment, Session& session, const SegmentOptionsPtr& options);
// Adds `uploads`.
void add_upload_commands(CLI::App& segment, Session& session, const SegmentOptionsPtr& options);

// Prints the definition and, with --env, who belongs to it there.
Exit run_get_segment(const SegmentOptions& options, const Terminal& terminal);

Exit run_list_members(const SegmentOptions& options, const Terminal& terminal);
Exit run_add_members(const SegmentOptions& options, const Terminal& terminal);
Exit run_remove_members(const SegmentOptions& options, const Terminal& terminal);
Exit run_replace_members(const SegmentOptions& options, const Terminal& terminal);

}  // namespace fanion::cli
