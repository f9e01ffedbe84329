#pragma once

// Conditions as JsonLogic, the language of flagd's targeting, where both decide alike for every
// context. Pure.

#include <functional>
#include <string>
#include <string_view>

#include "common/model/flag.hpp"

namespace fanion::relay::grpc {

// The segment of that key; null if there is none.
using FindSegment = std::function<const model::Segment*(std::string_view key)>;

class ConditionWriter {
public:
    // Writes stop when `out` is longer than `most_bytes`.
    ConditionWriter(std::string& out, const FindSegment& find, std::size_t most_bytes)
        : out_(out), find_(find), most_bytes_(most_bytes) {}

    // Appends the expression. Empty if it has the same meaning, else why it has none; `out` then
    // holds a part of it.
    std::string write(const model::Condition& condition);
    // True when the attribute's string is listed.
    std::string write(const model::Target& target);

private:
    std::string write_all(std::string_view op, const std::vector<model::Condition>& children);
    std::string write_comparison(const model::Condition& condition);
    std::string write_equality(const model::Condition& condition, std::string_view var);
    std::string write_segments(const model::Condition& condition);
    std::string write_segment(const model::Segment& segment);
    std::string write_targets(const std::vector<model::Target>& targets);

    std::string& out_;
    const FindSegment& find_;
    const std::size_t most_bytes_;
};

// The JsonLogic {"var": ..} of an attribute reference; empty where JsonLogic would read another
// attribute or none.
std::string var_of(std::string_view attribute);

}  // namespace fanion::relay::grpc
