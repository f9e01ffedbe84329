#include "tests/support/source_path.hpp"

namespace fanion::test {

std::string source_path(const std::string& path) { return std::string(FANION_SOURCE_DIR "/") + path; }

}  // namespace fanion::test
