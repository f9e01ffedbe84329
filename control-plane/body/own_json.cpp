#include "control-plane/body/own_json.hpp"

#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::body {

json::ScanLimits trusted_json_limits() {
    json::ScanLimits limits;
    limits.bytes = 4 * limits::request_body_bytes;
    return limits;
}

TrustedDocument parse_trusted(std::string_view text) {
    auto document = std::make_unique<json::Document>();
    document->parse(text, trusted_json_limits()).value();
    return document;
}

TrustedDocument parse_bounded(std::string_view text, std::vector<Finding>& findings) {
    auto document = std::make_unique<json::Document>();
    const auto parsed = document->parse(text, trusted_json_limits());
    if (parsed) return document;
    const auto error = parsed.error();
    findings.insert(findings.end(), error.findings.begin(), error.findings.end());
    return nullptr;
}

Result<TrustedDocument> apply_merge_patch_parsed(std::string_view present, json::Value patch) {
    const auto held = parse_trusted(present);
    auto document = std::make_unique<json::Document>();
    auto parsed = document->parse(merge_patch(held->root(), patch), trusted_json_limits());
    if (!parsed) return parsed.error();
    return document;
}

}  // namespace fanion::cp::body
