// The plain form of docs/ruleset.md: the same objects in two lists, without signature or versions.

#include <unordered_map>

#include "common/base/text.hpp"
#include "common/eval/compile/findings.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"

namespace fanion::eval {
namespace {

using json::Kind;
using json::Value;

constexpr std::string_view summary = "the ruleset cannot be compiled";

class PlainReader {
public:
    Result<RulesetPtr> run(Value root) {
        if (!root.is(Kind::object)) {
            findings_.add("", "", "malformed", "a plain ruleset is an object with `flags` and `segments`");
        } else {
            add_list(root, "flags", "flag/");
            add_list(root, "segments", "segment/");
        }
        auto compiled = compile(items_);
        if (!compiled) adopt(std::move(compiled.error().findings));
        if (!findings_.empty()) return Error{Errc::unprocessable, std::string(summary), findings_.take()};
        return compiled;
    }

private:
    void add_list(Value root, std::string_view name, std::string_view prefix) {
        const Value list = root.find(name);
        if (!list) return;
        const auto pointer = "/" + std::string(name);
        if (!list.is(Kind::array)) return findings_.add("", pointer, "wrong_type", "must be an array");
        std::size_t index = 0;
        for (const auto element : list.elements()) add(element, prefix, pointer + "/" + std::to_string(index++));
    }

    void add(Value element, std::string_view prefix, const std::string& pointer) {
        const Value key = element.find("key");
        const bool usable = key && key.is(Kind::string) && is_valid_key(key.as_string());
        const auto item = usable ? std::string(prefix) + std::string(key.as_string()) : std::string();
        if (!usable) return report_shape(element, prefix, pointer);
        const auto [place, is_new] = places_.emplace(item, pointer);
        if (!is_new)
            return findings_.add(item, pointer + "/key", "duplicate", "`" + place->second + "` has the same key");
        items_.push_back({place->first, std::make_shared<const std::string>(element.to_text())});
    }

    // An object without a valid key is not compiled, but its shape is still checked, so that all faults are reported at
    // once.
    void report_shape(Value element, std::string_view prefix, const std::string& pointer) {
        std::vector<Finding> found;
        json::Reader reader(element, found, pointer);
        if (prefix == "flag/")
            model::read_flag(reader, model::UnknownFields::ignore);
        else
            model::read_segment(reader, model::UnknownFields::ignore);
        findings_.adopt(std::move(found), "");
    }

    void adopt(std::vector<Finding> found) {
        for (auto& finding : found) {
            const auto place = places_.find(finding.item);
            const auto prefix = place == places_.end() ? std::string() : place->second;
            findings_.add(finding.item, prefix + finding.pointer, finding.code, std::move(finding.detail));
        }
    }

    Findings findings_;
    std::unordered_map<std::string, std::string> places_;  // item key -> pointer in the text
    std::vector<Item> items_;                              // keys are views into places_
};

}  // namespace

Result<RulesetPtr> compile_plain(std::string_view text) {
    json::Document document;
    json::ScanLimits scan;
    scan.bytes = limits::environment_bytes;
    if (auto parsed = document.parse(text, scan); !parsed) {
        Findings findings;
        findings.adopt(std::move(parsed.error().findings), "");
        return Error{Errc::unprocessable, std::string(summary), findings.take()};
    }
    return PlainReader().run(document.root());
}

}  // namespace fanion::eval
