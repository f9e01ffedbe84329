#pragma once

// The tree that a file is read into, and its reading with yaml-cpp. Private to this folder.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/flagfile/source.hpp"

namespace fanion::flagfile {

struct SourceNode {
    struct Child {
        std::string key;  // of a mapping
        Place place;      // of the key, or of the element
        std::shared_ptr<const SourceNode> node;
    };
    json::Kind kind = json::Kind::null;
    bool is_block = false;  // a container that is not in braces or brackets
    std::string scalar;     // as JSON
    std::vector<Child> children;
    Place place;
    std::size_t nodes = 1;  // itself and what is below it, aliases counted as what they stand for
    std::size_t bytes = 4;  // of its JSON, roughly
    std::size_t depth = 0;  // of what is below it
};

// Null and a fault if the text is refused.
std::shared_ptr<const SourceNode> read_tree(std::string_view text, Fault& fault);

}  // namespace fanion::flagfile
