#pragma once

// The location of files in the repository, for tests that compare a program with a document, a
// fixture or an example.

#include <string>

namespace fanion::test {

// Returns the absolute path; `path` is relative to the root of the repository.
std::string source_path(const std::string& path);

}  // namespace fanion::test
