#include "common/wire/sdk_events.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/wire/event_batch.hpp"
#include "common/wire/json_input.hpp"

namespace fanion::wire {
namespace {

using json::Kind;
using json::Value;

constexpr std::size_t most_findings = 100;
constexpr UnixMillis clock_difference = 5 * 60'000;
constexpr std::uint64_t most_version = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
    out.append(",\"").append(name).append("\":");
    append_json_string(out, text);
}

class SdkReader {
public:
    SdkReader(const SdkSource& source, SdkEvents& out) : source_(source), out_(out) {
        head_ = "{\"env\":";
        append_json_string(head_, source.env_id);
    }
    void read(Value root);
    std::vector<Finding> take_findings() { return std::move(findings_); }

private:
    struct Unit {
        std::string_view by = default_unit;
        std::optional<std::string_view> unit;
        UnixMillis at = -1;
    };
    using ReadElement = void (SdkReader::*)(Value element);

    void read_list(Value root, std::string_view list, ReadElement read_element);
    void count(Value element);
    void exposure(Value element);
    void metric(Value element);

    void refuse(std::string_view member, std::string_view code, std::string detail);
    std::string_view text(std::string_view member, Value value, std::size_t least = 1,
                          std::size_t most = event_name_bytes);
    std::uint64_t integer(std::string_view member, Value value, std::uint64_t least, std::uint64_t most);
    bool unit_member(std::string_view name, Value value, Unit& unit);
    void require(std::string_view member, bool is_there) {
        if (!is_there) refuse(member, "missing", "is missing");
    }
    void check_attributes(Value attrs);
    void read_units(Value units, std::vector<Unit>& out);
    void append_metric(std::string_view key, const Unit& unit, UnixMillis at, std::string_view value);

    const SdkSource& source_;
    SdkEvents& out_;
    std::string head_;  // of an element, with its environment
    std::vector<Finding> findings_;
    std::string_view list_;
    std::size_t index_ = 0;
};

void SdkReader::refuse(std::string_view member, std::string_view code, std::string detail) {
    if (findings_.size() == most_findings) return;
    Finding finding;
    if (!list_.empty()) finding.pointer = "/" + std::string(list_) + "/" + std::to_string(index_);
    if (!member.empty()) finding.pointer += "/" + std::string(member);
    finding.code = code;
    finding.detail = std::move(detail);
    findings_.push_back(std::move(finding));
}

std::string_view SdkReader::text(std::string_view member, Value value, std::size_t least, std::size_t most) {
    if (!value.is(Kind::string)) {
        refuse(member, "wrong_type", "must be a string");
        return {};
    }
    const auto text = value.as_string();
    if (text.size() < least) refuse(member, "out_of_range", "must not be empty");
    if (text.size() > most) refuse(member, "too_long", "is longer than " + std::to_string(most) + " bytes");
    if (text.find('\0') != std::string_view::npos) refuse(member, "bad_character", "must not contain U+0000");
    return text;
}

std::uint64_t SdkReader::integer(std::string_view member, Value value, std::uint64_t least, std::uint64_t most) {
    const auto number = value.is(Kind::number) ? value.as_u64() : std::nullopt;
    if (number && *number >= least && *number <= most) return *number;
    if (!value.is(Kind::number)) {
        refuse(member, "wrong_type", "must be an integer");
    } else {
        refuse(member, "out_of_range",
               "must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return least;
}

// What exposures and metrics have alike.
bool SdkReader::unit_member(std::string_view name, Value value, Unit& unit) {
    if (name == "unit") {
        unit.unit = text(name, value);
    } else if (name == "at") {
        const auto at = static_cast<UnixMillis>(integer(name, value, 0, latest_time));
        unit.at = at > source_.now + clock_difference ? source_.now : at;
    } else if (name == "by") {
        unit.by = text(name, value);
    } else {
        return false;
    }
    return true;
}

void SdkReader::read(Value root) {
    if (!root.is(Kind::object)) return refuse("", "wrong_type", "must be an object");
    if (const auto batch = root.find("batch")) out_.batch = text("batch", batch, 1, 200);
    if (const auto key = root.find("key"); key && !key.is(Kind::string))
        refuse("key", "wrong_type", "must be a string");
    read_list(root, "counts", &SdkReader::count);
    read_list(root, "exposures", &SdkReader::exposure);
    read_list(root, "metrics", &SdkReader::metric);
}

void SdkReader::read_list(Value root, std::string_view list, ReadElement read_element) {
    list_ = {};
    const auto elements = root.find(list);
    if (!elements) return;
    if (!elements.is(Kind::array)) return refuse(list, "wrong_type", "must be an array");
    if (elements.size() > most_sdk_events) {
        return refuse(list, "limit", "has more than " + std::to_string(most_sdk_events) + " elements");
    }
    list_ = list;
    index_ = 0;
    for (const auto element : elements.elements()) {
        if (element.is(Kind::object)) {
            (this->*read_element)(element);
        } else {
            refuse("", "wrong_type", "must be an object");
        }
        if (findings_.size() == most_findings) break;
        ++index_;
    }
    list_ = {};
}

void SdkReader::count(Value element) {
    SdkCount count;
    bool has_flag = false;
    for (const auto [name, value] : element.members()) {
        if (name == "flag") {
            has_flag = true;
            count.flag = text(name, value);
        } else if (name == "variation") {
            count.variation = text(name, value, 0);
        } else if (name == "version") {
            count.version = integer(name, value, 0, most_version);
        } else if (name == "reason") {
            count.reason = text(name, value, 0, 64);
        } else if (name == "rule") {
            count.rule = text(name, value, 0);
        } else if (name == "n") {
            count.n = integer(name, value, 1, most_counted);
        }
    }
    require("flag", has_flag);
    require("n", count.n > 0);
    // Many requests are added up in one row of a batch, which has a bound too.
    if (count.n > most_counted - out_.evaluations)
        return refuse("n", "out_of_range", "adds up to more than " + std::to_string(most_counted));
    out_.counts.push_back(count);
    out_.evaluations += count.n;
}

void SdkReader::check_attributes(Value attrs) {
    if (!attrs.is(Kind::object)) return refuse("attrs", "wrong_type", "must be an object");
    if (attrs.size() > most_exposure_attributes)
        return refuse("attrs", "limit", "has more than " + std::to_string(most_exposure_attributes) + " members");
    for (const auto [name, value] : attrs.members()) {
        if (name.size() > event_name_bytes || name.find('\0') != std::string_view::npos)
            refuse("attrs", "too_long", "has a name that is too long or contains U+0000");
        if (value.is(Kind::string)) {
            text("attrs", value, 0);
        } else if (value.is(Kind::number) && !is_storable_number(value.number_text())) {
            refuse("attrs", "out_of_range", "has a number with too many digits after the point");
        } else if (value.is(Kind::array) || value.is(Kind::object)) {
            refuse("attrs", "wrong_type", "must have strings, numbers and booleans only");
        }
    }
}

void SdkReader::exposure(Value element) {
    std::optional<std::string_view> flag;
    std::string_view variation, experiment;
    std::uint64_t version = 0;
    Value attrs;
    Unit unit;
    for (const auto [name, value] : element.members()) {
        if (unit_member(name, value, unit)) continue;
        if (name == "flag") {
            flag = text(name, value);
        } else if (name == "variation") {
            variation = text(name, value, 0);
        } else if (name == "version") {
            version = integer(name, value, 0, most_version);
        } else if (name == "exp") {
            experiment = text(name, value);
        } else if (name == "attrs") {
            check_attributes(attrs = value);
        }
    }
    require("flag", flag.has_value());
    require("unit", unit.unit.has_value());
    require("at", unit.at >= 0);
    if (!findings_.empty()) return;
    auto& out = out_.exposures;
    if (out_.exposure_count++ > 0) out += ',';
    out += head_;
    append_member(out, "flag", *flag);
    append_member(out, "variation", variation);
    out += ",\"version\":";
    append_number(out, version);
    out += ",\"unit\":\"";
    source_.append_unit(out, unit.by, *unit.unit);
    out += "\",\"at\":";
    append_number(out, static_cast<std::uint64_t>(unit.at));
    out += ",\"attrs\":";
    if (attrs) {
        attrs.append_to(out);
    } else {
        out += "{}";
    }
    if (!experiment.empty()) append_member(out, "exp", experiment);
    if (unit.by != default_unit) append_member(out, "by", unit.by);
    out += '}';
}

void SdkReader::read_units(Value units, std::vector<Unit>& out) {
    out.clear();
    if (!units.is(Kind::object)) return refuse("units", "wrong_type", "must be an object");
    if (units.size() == 0 || units.size() > most_units)
        return refuse("units", "out_of_range", "must have 1 to " + std::to_string(most_units) + " members");
    for (const auto [by, unit] : units.members()) {
        if (by.empty() || by.size() > event_name_bytes || by.find('\0') != std::string_view::npos)
            refuse("units", "too_long", "has a name that is empty, too long or contains U+0000");
        out.push_back({by, text("units", unit), -1});
    }
}

// One event for each unit that it counts for.
void SdkReader::metric(Value element) {
    std::optional<std::string_view> key;
    std::string_view value_text = "1";
    std::vector<Unit> units;
    Unit unit;
    for (const auto [name, value] : element.members()) {
        if (unit_member(name, value, unit)) continue;
        if (name == "key") {
            key = text(name, value);
        } else if (name == "value") {
            if (value.is(Kind::number)) value_text = value.number_text();
            if (!value.is(Kind::number)) refuse(name, "wrong_type", "must be a number");
        } else if (name == "units") {
            read_units(value, units);
        }
    }
    require("key", key.has_value());
    require("unit", unit.unit.has_value() || !units.empty());
    require("at", unit.at >= 0);
    if (!findings_.empty()) return;
    if (unit.unit) units.push_back(unit);
    for (const auto& each : units) append_metric(*key, each, unit.at, value_text);
}

void SdkReader::append_metric(std::string_view key, const Unit& unit, UnixMillis at, std::string_view value) {
    auto& out = out_.metrics;
    if (out_.metric_count++ > 0) out += ',';
    out += head_;
    append_member(out, "key", key);
    out += ",\"unit\":\"";
    source_.append_unit(out, unit.by, *unit.unit);
    out += "\",\"at\":";
    append_number(out, static_cast<std::uint64_t>(at));
    out.append(",\"value\":").append(value);
    if (unit.by != default_unit) append_member(out, "by", unit.by);
    out += '}';
}

}  // namespace

void append_unit_digest(std::string& out, std::string_view by, std::string_view unit) {
    std::string named(by);
    named += '\0';
    named += unit;
    const auto hash = sha256(named);
    out += to_hex(as_view(hash).substr(0, 16));
}

std::string_view key_of(Value root) noexcept {
    const auto key = root.find("key");
    return key && key.is(Kind::string) ? key.as_string() : std::string_view();
}

Result<> read_sdk_events(Value root, const SdkSource& source, SdkEvents& out) {
    out.batch = {};
    out.counts.clear();
    out.exposures.clear();
    out.metrics.clear();
    out.evaluations = out.exposure_count = out.metric_count = 0;
    out.key = key_of(root);
    SdkReader reader(source, out);
    reader.read(root);
    auto findings = reader.take_findings();
    if (findings.empty()) return {};
    return Error{Errc::invalid_input, "the events are not valid; none of them is accepted", std::move(findings)};
}

}  // namespace fanion::wire
