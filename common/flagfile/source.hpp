#pragma once

// The text of a project's file, YAML or JSON, as JSON that knows its lines and columns.
//
// YAML is read by the core schema of YAML 1.2: only `true` and `false` are booleans, a quoted
// scalar is always a text, and numbers keep their spelling. JSON is a subset of it. A key is the
// text that is written. Refused: keys that occur twice, tags other than `!!str`, more than one
// document, what JSON cannot say, and what exceeds max_file_bytes, max_nesting, max_key_bytes,
// max_nodes or max_expanded_bytes (aliases are copies). Immutable.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/document.hpp"

namespace fanion::flagfile {

inline constexpr std::size_t max_file_bytes = 8 * 1024 * 1024;
inline constexpr std::size_t max_nesting = 48;
inline constexpr std::size_t max_key_bytes = 1'000;  // as JSON; of longer ones YAML wants announcements
inline constexpr std::size_t max_nodes = 1'000'000;  // aliases counted as what they stand for
inline constexpr std::size_t max_expanded_bytes = 32 * 1024 * 1024;

// A position in a file. Lines and columns start at 1.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
    friend bool operator==(const Place&, const Place&) = default;
};

// What is wrong at a place.
struct Fault {
    Place place;
    std::string detail;  // one sentence
    friend bool operator==(const Fault&, const Fault&) = default;
};

// "flags.yaml:3:7: the key `on` occurs twice"
std::string describe(const std::string& file, const Fault& fault);

struct SourceNode;  // source_node.hpp, private to this folder

class Source {
public:
    // An empty `fault.detail` means success; otherwise the source is empty.
    static Source parse(std::string_view text, Fault& fault);

    json::Value root() const noexcept { return document_.root(); }
    // Where what a JSON pointer into root() names is written: a member at its key. The nearest
    // place around it if there is no such thing.
    Place place_of(std::string_view pointer) const;

    const SourceNode& tree() const { return *tree_; }

private:
    json::Document document_;
    std::shared_ptr<const SourceNode> tree_;
};

}  // namespace fanion::flagfile
