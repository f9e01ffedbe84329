#include "control-plane/bulk/bulk_item.hpp"

#include "common/json/document.hpp"

namespace fanion::cp::bulk {

Result<bool> check_version(const BulkChange& change, const std::string& key, std::uint64_t version) {
    const auto wanted = change.versions.find(key);
    if (wanted == change.versions.end()) return false;
    if (wanted->second == version) return true;
    auto pointer = change.pointer + "/versions";
    json::append_pointer(pointer, key);
    const auto detail = "the present version is " + std::to_string(version);
    return Error{Errc::precondition_failed,
                 std::string(change.kind) + " `" + key + "` was changed: " + detail,
                 {{"", std::move(pointer), "stale_version", detail}}};
}

Error in_change(Error error, const BulkChange& change, const std::string& key) {
    for (auto& finding : error.findings) {
        if (!finding.item.empty()) continue;
        finding.pointer.insert(0, change.pointer);
        finding.detail.insert(0, std::string(change.kind) + " `" + key + "`: ");
    }
    return error;
}

Error unknown_environment(const BulkChange& change) {
    const auto detail = "the project has no environment `" + change.environment + "`";
    return {Errc::unprocessable, detail, {{"", change.pointer + "/environment", "unknown_environment", detail}}};
}

}  // namespace fanion::cp::bulk
