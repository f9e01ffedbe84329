#pragma once

// Where the admin API has what most of its tests create.

#include <string>

namespace fanion::test {

inline const std::string acme = "/api/v1/orgs/acme";
inline const std::string shop = acme + "/projects/shop";
inline const std::string web = acme + "/projects/web";
inline const std::string development = web + "/environments/development";
inline const std::string production = web + "/environments/production";
inline const std::string staging = web + "/environments/staging";
inline const std::string flag_f = web + "/flags/f";
inline const std::string f_in_development = flag_f + "/environments/development";

}  // namespace fanion::test
