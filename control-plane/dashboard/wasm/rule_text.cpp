// Conditions as text and as trees.

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"
#include "control-plane/dashboard/wasm/workbench.h"
#include "sdk/c/c_objects.hpp"

namespace {

using namespace fanion;
using namespace fanion::c_api;

void write_mistake(std::string& out, const Error& error) {
    const auto place = rule::place_of(error);
    json::Writer w(out);
    w.begin_object().key("error").begin_object().member("code", error.findings.front().code);
    w.member("line", static_cast<std::uint64_t>(place.line)).member("column", static_cast<std::uint64_t>(place.column));
    w.member("detail", error.detail).end_object().end_object();
}

}  // namespace

fanion_status fanion_rule_parse(const char* text, size_t size, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (reply == nullptr || !is_readable(text, size)) return refuse_argument(reply, "`text` or `reply` is NULL");
        const auto parsed = rule::parse(view(text, size));
        if (parsed) {
            reply->text = rule::to_json(*parsed);
        } else {
            write_mistake(reply->text, parsed.error());
        }
        return FANION_OK;
    });
}

fanion_status fanion_rule_print(const char* tree, size_t size, fanion_reply* reply) {
    return guarded(reply, [&] {
        if (reply == nullptr || !is_readable(tree, size)) return refuse_argument(reply, "`tree` or `reply` is NULL");
        json::ScanLimits scan;
        scan.bytes = limits::request_body_bytes;
        json::Document document;
        if (const auto read = document.parse(view(tree, size), scan); !read) return refuse_ruleset(reply, read.error());
        std::vector<Finding> findings;
        json::Reader r(document.root(), findings);
        const auto condition = model::read_condition(r, json::UnknownFields::refuse);
        if (!findings.empty()) return fail(reply, FANION_INVALID_RULESET, "this is no condition", findings);
        json::Writer w(reply->text);
        w.begin_object().member("text", rule::print(condition)).end_object();
        return FANION_OK;
    });
}
