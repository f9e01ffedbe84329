#pragma once

// The commands about a flag as a whole: delete, archive, restore, clone, uses, patch. And those
// about its answers: evaluations, explain.

#include <memory>

#include "common/cli/commands.hpp"
#include "common/cli/flag_options.hpp"

namespace fanion::cli {

void add_lifecycle_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options);
void add_answer_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options);

// Prints what `path`, the uses of a flag or segment, lists.
Exit print_uses(FlagPlace& place, const std::string& path, const std::string& key, const Terminal& terminal);

}  // namespace fanion::cli
