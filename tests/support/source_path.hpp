#pragma once

// Where the repository's own files are, for tests that compare a program with a page, a fixture or an example.

#include <string>

namespace fanion::test {

// `path` is relative to the repository's root.
std::string source_path(const std::string& path);

}  // namespace fanion::test
