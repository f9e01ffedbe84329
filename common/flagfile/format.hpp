#pragma once

// JSON as text that people read and compare line by line. Both texts are read back as the same
// tree. Pure.

#include <string>

#include "common/json/tree.hpp"

namespace fanion::flagfile {

// Block style, two spaces; strings are quoted where a reader of YAML 1.1 or 1.2 could take them for
// something else. Ends with a line feed.
std::string to_yaml(const json::Tree& tree);
// "key: value" as a member of a block, each line behind `indent` spaces.
std::string to_yaml_member(const std::string& key, const json::Tree& value, std::size_t indent);
// One member or element a line, two spaces. Ends with a line feed.
std::string to_pretty_json(const json::Tree& tree);

}  // namespace fanion::flagfile
