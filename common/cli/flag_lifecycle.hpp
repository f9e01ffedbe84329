#pragma once

// The commands about a flag as a whole: delete, archive, restore, clone, uses, patch, snooze. And
// those about its answers: evaluations, explain. Segments share some of them.

#include <memory>
#include <string>

#include "common/cli/commands.hpp"
#include "common/cli/flag_options.hpp"

namespace fanion::cli {

void add_lifecycle_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options);
void add_snooze_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options);
void add_answer_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options);

// The path of a flag, or of a segment.
using PathOf = std::string (FlagPlace::*)(const std::string& key) const;

// Archives or restores one in every environment, after a question.
Exit change_archived(const FlagOptions& options, const Terminal& terminal, PathOf path_of, bool archived);
// Creates options.copy like options.key.
Exit clone_item(const FlagOptions& options, const Terminal& terminal, PathOf path_of);
// Adds the options of `clone` that are not about flags alone. `noun`: "flag".
void add_clone_options(CLI::App& clone, const std::shared_ptr<FlagOptions>& options, const std::string& noun);

// Prints what `path`, the uses of a flag or segment, lists.
Exit print_uses(FlagPlace& place, const std::string& path, const std::string& key, const Terminal& terminal);

}  // namespace fanion::cli
