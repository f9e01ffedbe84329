#pragma once

// The flags and segments of a project, as a file has them and as the control plane has them. Plain
// values, pure functions.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"
#include "common/model/flag.hpp"

namespace fanion::flagfile {

struct FlagIn {
    model::FlagConfig config;
    std::uint64_t version = 0;  // 0: of a file
};

struct Flag {
    model::FlagType type = model::FlagType::boolean;
    std::string name;
    std::string description;
    std::vector<std::string> tags;
    std::string owner;
    std::vector<model::Variation> variations;
    bool client = false;
    bool track = false;
    bool archived = false;
    std::string salt;           // the key unless given
    std::uint64_t version = 0;  // of the definition; 0: of a file
    std::map<std::string, FlagIn> environments;
};

struct SegmentIn {
    model::Segment members;  // key and version are not used
    std::uint64_t version = 0;
};

struct Segment {
    std::string name;
    std::string description;
    std::vector<std::string> tags;
    std::string owner;
    bool client = false;
    bool archived = false;
    std::uint64_t version = 0;
    std::map<std::string, SegmentIn> environments;
};

struct Project {
    std::string key;
    std::map<std::string, Flag> flags;
    std::map<std::string, Segment> segments;
};

// Reads the content of a file. An environment that a flag or segment does not name is left alone;
// in one that it names, members that are not given have the defaults of the admin API. Findings
// have pointers into `root`, and the codes of the admin API.
Project read_project(json::Value root, std::vector<Finding>& findings);

// The same as a file has it: keys in their order, rules as text, splits as percentages, without
// what has its default and without versions.
json::Tree tree_of(const Project& project);

// One of them, as the admin API takes it in a POST: without its key.
json::Tree tree_of(const std::string& key, const Flag& flag);
json::Tree tree_of(const Segment& segment);

// What a flag serves while nothing else is said: the members `off` and `fallthrough` of the
// configuration of a new flag, as the control plane makes it.
void set_default_serving(const Flag& flag, json::Tree& config);
// The configuration of a new flag.
model::FlagConfig default_config(const Flag& flag);

}  // namespace fanion::flagfile
