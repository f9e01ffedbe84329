#pragma once

// From one item's bytes to its prepared form. Each function returns null or nullopt when it added a
// finding. Pure.

#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "common/eval/compile/compiled.hpp"
#include "common/eval/compile/findings.hpp"
#include "common/json/reader.hpp"

namespace fanion::eval {

using Body = std::shared_ptr<const std::string>;

std::shared_ptr<const PreparedFlag> prepare_flag(std::string_view key, const Body& body, Findings& findings);
// `read`, if it is not null, gets the segment.
std::shared_ptr<const PreparedSegment> prepare_segment(std::string_view key, const Body& body, Findings& findings,
                                                       std::shared_ptr<const model::Segment>* read = nullptr);
std::shared_ptr<const PreparedAccess> prepare_access(std::string_view id, const Body& body, Findings& findings);
std::optional<model::EnvironmentInfo> prepare_environment(const Body& body, Findings& findings);

// Reads `body` as JSON with `read(json::Reader&)`; nullopt, with findings, when it is not JSON or
// not of the expected shape.
template <class Read>
auto read_item(std::string_view body, std::size_t max_bytes, ItemFindings& findings, Read read)
    -> std::optional<std::invoke_result_t<Read, json::Reader&>> {
    json::Document document;
    json::ScanLimits scan;
    scan.bytes = max_bytes;
    if (auto parsed = document.parse(body, scan); !parsed) {
        findings.adopt(std::move(parsed.error().findings));
        return std::nullopt;
    }
    std::vector<Finding> found;
    json::Reader reader(document.root(), found);
    auto value = read(reader);
    findings.adopt(std::move(found));
    if (!findings.clean()) return std::nullopt;
    return value;
}

}  // namespace fanion::eval
