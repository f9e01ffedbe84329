#pragma once

// Profiles: several control planes, or several accounts at one, each with a session and defaults of
// its own. The profile `default` is credentials.json in the folder of credentials_path(), others
// are profiles/NAME.json there.

#include <string>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cli {

inline constexpr const char* default_profile = "default";
inline constexpr const char* profile_variable = "FANION_PROFILE";

// The one that commands act with: FANION_PROFILE, else the one of choose_profile(), else `default`.
// Error: invalid_input if FANION_PROFILE is not a name.
Result<std::string> current_profile();

// The file of a profile. `name` is a valid key.
std::string profile_path(const std::string& name);
bool has_profile(const std::string& name);
// All that there are, in the order of their names.
std::vector<std::string> profile_names();

// From now on commands act with this profile. Error: invalid_input if the choice cannot be stored.
Result<> choose_profile(const std::string& name);

}  // namespace fanion::cli
