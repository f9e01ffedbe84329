#pragma once

// Flags and segments of docs/ruleset.md as plain values, in the shapes that JSON documents have. No
// behaviour, and references are not resolved: that is common/eval. The admin API, the stores and
// the publisher share these types.
//
// Equality is member by member. JSON held as text (Variation::value, numbers in Literal) is equal
// when it is spelled the same: 1.0 differs from 1, and {"a":1,"b":2} from {"b":2,"a":1}. Values
// read from JSON are therefore equal exactly when they are written as the same text.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/clock.hpp"

namespace fanion::model {

enum class FlagType { boolean, string, number, json };

struct Variation {
    std::string key;
    std::string value;  // compact JSON, numbers as they were spelled
    friend bool operator==(const Variation&, const Variation&) = default;
};

// Matches a context whose attribute is one of `values`, compared as strings.
struct Target {
    std::string attribute;  // attribute reference, as written
    std::vector<std::string> values;
    std::string variation;  // empty in segments
    friend bool operator==(const Target&, const Target&) = default;
};

enum class Hash { murmur3, djb2 };

struct Bucket {  // condition: true when from <= slot < to
    std::string by = "targetingKey";
    std::optional<std::string> salt;  // nullopt: the flag's
    Hash hash = Hash::murmur3;
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    friend bool operator==(const Bucket&, const Bucket&) = default;
};

// clang-format off
enum class Op {
    is, is_not, one_of, not_one_of,
    contains, not_contains, starts_with, not_starts_with, ends_with, not_ends_with,
    matches_regex, not_matches_regex,
    gt, gte, lt, lte,
    version_eq, version_gt, version_gte, version_lt, version_lte,
    before, after,
    in_cidr, not_in_cidr,
    exists, not_exists,
    in_segment, not_in_segment,
};
// clang-format on

// A scalar in a condition's values. `text` is the decoded string, the number as spelled, or "true"
// or "false".
struct Literal {
    enum class Kind { string, number, boolean } kind = Kind::string;
    std::string text;
    friend bool operator==(const Literal&, const Literal&) = default;
};

struct Condition {
    enum class Kind { all, any, negation, comparison, segment, bucket };
    Kind kind = Kind::all;
    std::vector<Condition> children;  // all, any: any number; negation: one
    std::string attribute;            // comparison
    Op op = Op::is;                   // comparison, segment
    std::vector<Literal> values;      // comparison; segment keys for segment
    bool ignore_case = false;         // comparison
    Bucket bucket;                    // bucket
    friend bool operator==(const Condition&, const Condition&) = default;
};

struct Range {  // slots from <= s < to
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::string variation;
    friend bool operator==(const Range&, const Range&) = default;
};

struct Split {
    std::string by = "targetingKey";
    std::optional<std::string> salt;  // nullopt: the flag's
    Hash hash = Hash::murmur3;
    std::vector<Range> ranges;
    std::optional<std::string> otherwise;  // "next", a variation key, or nullopt where the ranges cover all slots
    friend bool operator==(const Split&, const Split&) = default;
};

struct ServeVariation {
    std::string variation;
    friend bool operator==(const ServeVariation&, const ServeVariation&) = default;
};
using Serve = std::variant<ServeVariation, Split>;

struct Rule {
    std::string id;
    Condition when;
    Serve serve;
    friend bool operator==(const Rule&, const Rule&) = default;
};

struct Prerequisite {
    std::string flag;
    std::vector<std::string> variations;
    friend bool operator==(const Prerequisite&, const Prerequisite&) = default;
};

// The part of a flag that differs between environments.
struct FlagConfig {
    bool enabled = false;
    std::optional<std::string> off;  // variation key; nullopt: the caller's own default
    std::vector<Prerequisite> prerequisites;
    std::vector<Target> targets;
    std::vector<Rule> rules;
    Serve fallthrough = ServeVariation{};
    friend bool operator==(const FlagConfig&, const FlagConfig&) = default;
};

// A flag as the evaluator reads it: its definition together with one environment's configuration.
struct Flag {
    std::string key;
    FlagType type = FlagType::boolean;
    std::uint64_t version = 0;
    bool client = false;
    bool track = false;
    std::string salt;
    std::vector<Variation> variations;
    FlagConfig config;
    friend bool operator==(const Flag&, const Flag&) = default;
};

struct SegmentRule {
    Condition when;
    friend bool operator==(const SegmentRule&, const SegmentRule&) = default;
};

struct Segment {
    std::string key;
    std::uint64_t version = 0;
    bool client = false;  // client keys with `rules` may have it; written to JSON only when true
    std::vector<Target> included;
    std::vector<Target> excluded;
    std::vector<SegmentRule> rules;
    friend bool operator==(const Segment&, const Segment&) = default;
};

// The item access/<id>: an API key and what it may do (docs/relay-api.md, Keys).
struct AccessEntry {
    enum class Kind { server, client, relay };
    std::string id;
    Kind kind = Kind::server;
    std::string sha256;  // of the whole key, 64 hexadecimal digits
    std::optional<UnixMillis> not_before;
    std::optional<UnixMillis> not_after;
    std::vector<std::string> origins;  // client keys: allowed browser origins; "*" allows all
    // OFREP bulk responses omit the top-level members `metadata` and `eventStreams`, which one
    // client's parser rejects. Written to JSON only when true.
    bool ofrep_minimal = false;
    // Client keys: may have the rules of flags marked `client` (docs/relay-api.md, Rulesets).
    // Written to JSON only when true.
    bool rules = false;
    friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

// The item `environment`: which environment a ruleset is for.
struct EnvironmentInfo {
    std::string org;
    std::string project;
    std::string key;
    std::string env_id;
    friend bool operator==(const EnvironmentInfo&, const EnvironmentInfo&) = default;
};

}  // namespace fanion::model
