#include "common/wire/event_batch.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "common/wire/json_input.hpp"
#include "common/wire/sdk_events.hpp"

namespace fanion::wire {
namespace {

constexpr std::size_t batch_id_bytes = 200;

class BatchReader {
public:
    explicit BatchReader(std::vector<Finding>& findings) : findings_(findings) {}

    EventBatch read(json::Value root);

private:
    std::string name(json::Reader& r, std::string_view member, std::size_t limit = event_name_bytes,
                     bool empty = false);
    void read_head(json::Reader& r, EventBatch& batch);
    CountEvent count(json::Reader& r);
    ExposureEvent exposure(json::Reader& r);
    MetricEvent metric(json::Reader& r);

    std::vector<Finding>& findings_;
};

std::string BatchReader::name(json::Reader& r, std::string_view member, std::size_t limit, bool empty) {
    const auto before = findings_.size();
    auto text = empty ? r.string(member, "") : r.string(member);
    if (findings_.size() != before) return text;
    if (text.size() > limit) r.fail_at(member, "too_long", "is longer than " + std::to_string(limit) + " bytes");
    if (text.empty() && !empty) r.fail_at(member, "out_of_range", "must not be empty");
    if (text.find('\0') != std::string::npos) r.fail_at(member, "bad_character", "must not contain U+0000");
    return text;
}

void BatchReader::read_head(json::Reader& r, EventBatch& batch) {
    batch.batch = name(r, "batch", batch_id_bytes);
    batch.part = r.string("part", "");
    if (batch.part.size() > most_halvings || batch.part.find_first_not_of("01") != std::string::npos) {
        r.fail_at("part", "out_of_range", "must be at most " + std::to_string(most_halvings) + " digits, each 0 or 1");
    } else if (!batch.part.empty() &&
               (batch.batch.size() < batch.part.size() + 2 || !batch.batch.ends_with('.' + batch.part))) {
        r.fail_at("part", "out_of_range", "must be the end of the batch's id, after a dot");
    }
    batch.relay = name(r, "relay");
    batch.from = r.integer("from", 0, latest_time);
    batch.to = r.integer("to", 0, latest_time);
    batch.has_digests = r.string("units", "") == "digest";
    if (auto dropped = r.optional_object("dropped")) {
        batch.dropped.counts = dropped->unsigned_integer("counts", 0);
        batch.dropped.exposures = dropped->unsigned_integer("exposures", 0);
        batch.dropped.metrics = dropped->unsigned_integer("metrics", 0);
    }
}

EventBatch BatchReader::read(json::Value root) {
    EventBatch batch;
    json::Reader r(root, findings_);
    if (!r.is_object()) {
        r.fail("wrong_type", "must be an object");
        return batch;
    }
    read_head(r, batch);
    for (auto& element : r.array("counts")) batch.counts.push_back(count(element));
    for (auto& element : r.array("exposures")) batch.exposures.push_back(exposure(element));
    for (auto& element : r.array("metrics")) batch.metrics.push_back(metric(element));
    return batch;
}

CountEvent BatchReader::count(json::Reader& r) {
    CountEvent event;
    event.env = name(r, "env");
    event.flag = name(r, "flag");
    event.variation = name(r, "variation", event_name_bytes, true);
    event.version = static_cast<std::uint64_t>(r.integer("version", 0, std::numeric_limits<std::int64_t>::max(), 0));
    event.reason = name(r, "reason", 64, true);
    event.sdk = name(r, "sdk", event_name_bytes, true);
    event.rule = name(r, "rule", event_name_bytes, true);
    event.n = static_cast<std::uint64_t>(r.integer("n", 1, 1'000'000'000'000'000));
    return event;
}

ExposureEvent BatchReader::exposure(json::Reader& r) {
    ExposureEvent event;
    event.env = name(r, "env");
    event.flag = name(r, "flag");
    event.variation = name(r, "variation", event_name_bytes, true);
    event.version = static_cast<std::uint64_t>(r.integer("version", 0, std::numeric_limits<std::int64_t>::max(), 0));
    event.unit = name(r, "unit");
    event.at = r.integer("at", 0, latest_time);
    if (auto attrs = r.optional_object("attrs")) event.attrs = attrs->value().to_text();
    event.exp = name(r, "exp", event_name_bytes, true);
    event.by = name(r, "by", event_name_bytes, true);
    return event;
}

MetricEvent BatchReader::metric(json::Reader& r) {
    MetricEvent event;
    event.env = name(r, "env");
    event.key = name(r, "key");
    event.unit = name(r, "unit");
    event.at = r.integer("at", 0, latest_time);
    const auto value = r.any("value");
    if (value && !value.is(json::Kind::number)) r.fail_at("value", "wrong_type", "must be a number");
    if (value && value.is(json::Kind::number)) event.value = value.number_text();
    event.by = name(r, "by", event_name_bytes, true);
    return event;
}

template <class Events>
std::string elements_of(const Events& events) {
    std::string list;
    for (const auto& event : events) {
        if (!list.empty()) list += ',';
        append_json(list, event);
    }
    return list;
}

bool is_digest(std::string_view text) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 32 && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::string EventBatch::whole_id() const {
    return part.empty() ? batch : batch.substr(0, batch.size() - part.size() - 1);
}

std::uint64_t EventBatch::evaluations() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& event : counts) sum += event.n;
    return sum;
}

// Without an exponent a number is short, and one that is too large was refused by the parser.
bool is_storable_number(std::string_view number) noexcept {
    constexpr int least_exponent = -1'000;
    const auto mark = number.find_first_of("eE");
    if (mark == std::string_view::npos || !number.substr(mark + 1).starts_with('-')) return true;
    const auto digits = number.substr(mark + 1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    return error == std::errc() && exponent >= least_exponent;
}

void append_json(std::string& out, const CountEvent& event) {
    json::Writer w(out);
    w.begin_object().member("env", event.env).member("flag", event.flag).member("variation", event.variation);
    w.member("version", event.version).member("reason", event.reason).member("sdk", event.sdk);
    if (!event.rule.empty()) w.member("rule", event.rule);
    w.member("n", event.n).end_object();
}

void append_json(std::string& out, const ExposureEvent& event) {
    json::Writer w(out);
    w.begin_object().member("env", event.env).member("flag", event.flag).member("variation", event.variation);
    w.member("version", event.version).member("unit", event.unit).member("at", event.at);
    w.key("attrs").raw(event.attrs);
    if (!event.exp.empty()) w.member("exp", event.exp);
    if (!event.by.empty()) w.member("by", event.by);
    w.end_object();
}

void append_json(std::string& out, const MetricEvent& event) {
    json::Writer w(out);
    w.begin_object().member("env", event.env).member("key", event.key).member("unit", event.unit);
    w.member("at", event.at).key("value").raw(event.value);
    if (!event.by.empty()) w.member("by", event.by);
    w.end_object();
}

std::string to_json(const EventBatch& batch) {
    return to_json(batch, elements_of(batch.exposures), elements_of(batch.metrics));
}

std::string to_json(const EventBatch& batch, std::string_view exposures, std::string_view metrics) {
    std::string out;
    const auto counts = elements_of(batch.counts);
    out.reserve(512 + counts.size() + exposures.size() + metrics.size());
    json::Writer w(out);
    const auto list = [&](std::string_view name, std::string_view elements) {
        w.key(name).begin_array().raw(elements).end_array();
    };
    w.begin_object().member("batch", batch.batch);
    if (!batch.part.empty()) w.member("part", batch.part);
    w.member("relay", batch.relay);
    w.member("from", batch.from).member("to", batch.to);
    if (batch.has_digests) w.member("units", "digest");
    list("counts", counts);
    list("exposures", exposures);
    list("metrics", metrics);
    w.key("dropped").begin_object().member("counts", batch.dropped.counts);
    w.member("exposures", batch.dropped.exposures).member("metrics", batch.dropped.metrics).end_object();
    w.end_object();
    return out;
}

Result<EventBatch> parse_event_batch(std::string_view text, const json::ScanLimits& limits) {
    json::Document document;
    if (auto parsed = document.parse(text, limits); !parsed) return parsed.error();
    std::vector<Finding> findings;
    auto batch = BatchReader(findings).read(document.root());
    if (!findings.empty()) return Error{Errc::invalid_input, "the event batch is not valid", std::move(findings)};
    return batch;
}

std::string unit_digest(const EventBatch& batch, std::string_view by, const std::string& unit) {
    if (batch.has_digests && is_digest(unit)) return unit;
    std::string digest;
    append_unit_digest(digest, by.empty() ? default_unit : by, unit);
    return digest;
}

}  // namespace fanion::wire
