#pragma once

// Brings the text of a YAML file up to date and leaves everything else in it as people wrote it:
// what says the same already, comments, the order of keys, quotes. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "common/flagfile/project.hpp"
#include "common/flagfile/source.hpp"

namespace fanion::flagfile {

// The text with only those members of block mappings rewritten that say something else than
// `wanted`. Comments above a member go with it, and the one behind a scalar stays. `source` and
// `present` are what `text` was read as. The result was read again and says `wanted`; nullopt if it
// does not, because of anchors or of a style that lines do not show.
std::optional<std::string> updated_text(std::string_view text, const Source& source, const Project& present,
                                        const Project& wanted);

}  // namespace fanion::flagfile
