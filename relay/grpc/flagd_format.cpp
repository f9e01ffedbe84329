#include "relay/grpc/flagd_format.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "common/json/document.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "common/model/json.hpp"
#include "relay/grpc/flagd_condition.hpp"
#include "relay/grpc/item_prefixes.hpp"

namespace fanion::relay::grpc {
namespace {

constexpr std::size_t most_targeting_bytes = 1024 * 1024;
constexpr std::string_view has_unit = R"({"!==":[{"var":"targetingKey"},null]})";

using Segments = std::map<std::string, model::Segment, std::less<>>;

template <class Read>
auto read_item(const wire::StoredItem& item, Read read)
    -> std::optional<decltype(read(std::declval<json::Reader&>()))> {
    json::Document document;
    if (!item.body || !document.parse(*item.body, {.bytes = limits::environment_bytes})) return std::nullopt;
    std::vector<Finding> findings;
    json::Reader reader(document.root(), findings);
    auto value = read(reader);
    if (!findings.empty()) return std::nullopt;
    return value;
}

Segments read_segments(const wire::ItemSet& items) {
    Segments segments;
    for (auto it = items.items().lower_bound(segment_prefix);
         it != items.items().end() && it->first.starts_with(segment_prefix); ++it) {
        auto segment =
            read_item(it->second, [](json::Reader& r) { return model::read_segment(r, model::UnknownFields::ignore); });
        if (segment) segments.emplace(segment->key, std::move(*segment));
    }
    return segments;
}

// The variation that a split gives to every unit; empty if there are several or some units get none.
std::string only_variation(const model::Split& split) {
    std::string only;
    std::uint32_t covered = 0;
    for (const auto& range : split.ranges) {
        if (!only.empty() && range.variation != only) return {};
        only = range.variation;
        covered += range.to - range.from;
    }
    if (covered == limits::slots) return only;
    if (!split.otherwise || *split.otherwise == "next" || (!only.empty() && *split.otherwise != only)) return {};
    return *split.otherwise;
}

class FlagWriter {
public:
    FlagWriter(json::Writer& out, const FindSegment& find) : out_(out), find_(find) {}

    // Appends the flag as a member. Empty if it has the same meaning, else why it has none, with nothing appended.
    std::string write(const model::Flag& flag) {
        if (flag.type == model::FlagType::json &&
            std::any_of(flag.variations.begin(), flag.variations.end(),
                        [](const model::Variation& v) { return !v.value.starts_with('{'); })) {
            return "a value is not an object";
        }
        const auto& config = flag.config;
        if (!config.enabled) {
            write_definition(flag, config.off ? "ENABLED" : "DISABLED", config.off);
            return {};
        }
        if (!config.prerequisites.empty()) return "flagd has no prerequisites";
        default_.reset();
        branches_.clear();
        if (auto why = read_branches(config); !why.empty()) return why;
        write_definition(flag, "ENABLED", default_);
        return {};
    }

private:
    // Fills branches_ ("condition,"variation"" pairs of an `if`) and default_.
    std::string read_branches(const model::FlagConfig& config) {
        for (const auto& target : config.targets) {
            begin_branch();
            if (auto why = condition().write(target); !why.empty()) return why;
            end_branch(target.variation);
        }
        for (const auto& rule : config.rules) {
            begin_branch();
            const auto* split = std::get_if<model::Split>(&rule.serve);
            if (split) branches_ += "{\"and\":[";
            if (auto why = condition().write(rule.when); !why.empty()) return why;
            if (!split) {
                end_branch(std::get<model::ServeVariation>(rule.serve).variation);
                continue;
            }
            std::string only;
            if (auto why = read_split(*split, only); !why.empty()) return why;
            branches_.append(",").append(has_unit).append("]}");
            end_branch(only);
        }
        if (const auto* split = std::get_if<model::Split>(&config.fallthrough)) {
            std::string only;
            if (auto why = read_split(*split, only); !why.empty()) return why;
            begin_branch();
            branches_ += has_unit;
            end_branch(only);
        } else {
            default_ = std::get<model::ServeVariation>(config.fallthrough).variation;
        }
        return {};
    }

    static std::string read_split(const model::Split& split, std::string& only) {
        only = only_variation(split);
        if (only.empty()) return "flagd has another hash than a split";
        return split.by == "targetingKey" ? std::string() : "it is split by `" + split.by + "`";
    }

    ConditionWriter condition() { return {branches_, find_, most_targeting_bytes}; }
    void begin_branch() {
        if (!branches_.empty()) branches_ += ',';
    }
    void end_branch(const std::string& variation) {
        branches_ += ',';
        json::Writer(branches_).string(variation);
    }

    void write_definition(const model::Flag& flag, std::string_view state,
                          const std::optional<std::string>& variation) {
        out_.key(flag.key).begin_object().member("state", state);
        out_.key("variants").begin_object();
        for (const auto& [key, value] : flag.variations) out_.key(key).raw(value);
        out_.end_object().key("defaultVariant");
        if (variation) {
            out_.string(*variation);
        } else {
            out_.null();
        }
        if (!branches_.empty() && flag.config.enabled) out_.key("targeting").raw("{\"if\":[" + branches_ + "]}");
        out_.key("metadata").begin_object().member("version", flag.version).end_object().end_object();
    }

    json::Writer& out_;
    const FindSegment& find_;
    std::string branches_;
    std::optional<std::string> default_;
};

void write_metadata(json::Writer& out, std::string_view environment, std::string_view version,
                    const std::vector<LeftOut>& left_out) {
    out.key("metadata").begin_object().member("environment", environment).member("version", version);
    if (!left_out.empty()) {
        std::string keys;
        for (const auto& flag : left_out) keys.append(keys.empty() ? "" : ",").append(flag.flag);
        out.member("leftOut", keys);
    }
    out.end_object();
}

}  // namespace

FlagSet to_flagd(const wire::ItemSet& items, std::string_view environment, std::string_view version) {
    const Segments segments = read_segments(items);
    const FindSegment find = [&](std::string_view key) {
        const auto found = segments.find(key);
        return found == segments.end() ? nullptr : &found->second;
    };
    FlagSet set;
    json::Writer out(set.json);
    out.begin_object().key("flags").begin_object();
    FlagWriter writer(out, find);
    for (auto it = items.items().lower_bound(flag_prefix);
         it != items.items().end() && it->first.starts_with(flag_prefix); ++it) {
        const auto flag =
            read_item(it->second, [](json::Reader& r) { return model::read_flag(r, model::UnknownFields::ignore); });
        auto why = flag ? writer.write(*flag) : std::string("it cannot be read");
        if (!why.empty()) set.left_out.push_back({it->first.substr(flag_prefix.size()), std::move(why)});
    }
    out.end_object();
    write_metadata(out, environment, version, set.left_out);
    out.end_object();
    return set;
}

}  // namespace fanion::relay::grpc
