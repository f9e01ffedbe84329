#include "relay/serve/events_api.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/compression.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/net/media_type.hpp"
#include "common/wire/sdk_events.hpp"
#include "relay/serve/exposures.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::string_view reasons[] = {"STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "ERROR"};

std::string_view known_reason(std::string_view reason) {
    const auto known = std::find(std::begin(reasons), std::end(reasons), reason);
    return known == std::end(reasons) ? "UNKNOWN" : *known;
}

bool is_beacon(const net::Request& request) {
    return net::has_media_type(request.header("Content-Type"), "text/plain") &&
           request.credential(has_api_key_form).empty();
}

// The labels of counts are those that the relay's own could have, so that no SDK makes up more of them: an SDK may be a
// version behind, or ahead.
void count(const Call& call, const wire::SdkCount& reported) {
    const auto& environment = *call.caller.environment;
    const auto& ruleset = *environment.ruleset;
    events::Counted counted;
    counted.state = environment.serial;
    counted.env_id = environment.env_id;
    counted.sdk = call.caller.sdk;
    const auto index = ruleset.find_flag(reported.flag);
    if (index == eval::Ruleset::npos) {
        counted.flag = is_valid_key(reported.flag) ? reported.flag : std::string_view("(other)");
        counted.reason = "ERROR";
        return call.services.counters.count_reported(counted, reported.n);
    }
    const bool is_known = reported.variation.empty() || ruleset.has_variation(index, reported.variation);
    counted.flag = reported.flag;
    counted.flag_index = index;
    counted.variation = is_known ? reported.variation : std::string_view("(other)");
    counted.version = std::min(reported.version, ruleset.flag_info(index).version);
    counted.reason = known_reason(reported.reason);
    if (ruleset.has_rule(index, reported.rule)) counted.rule = reported.rule;
    call.services.counters.count_reported(counted, reported.n);
}

using Body = boost::system::result<std::string_view, Refusal>;

// A view of the request or of `unpacked`.
Body unpack(const net::Request& request, std::string& unpacked) {
    const auto type = request.header("Content-Type");
    const bool is_plain = is_beacon(request);
    if (!is_plain && !net::has_media_type(type, "application/json")) {
        return Refusal{Outcome::encoded_body,
                       "the body must be application/json, or text/plain with a client key in it"};
    }
    const auto encoding = parse_encoding(request.header("Content-Encoding"));
    if (!encoding) return Refusal{Outcome::encoded_body, "the content encoding must be gzip or zstd"};
    const auto limit = is_plain ? beacon_bytes : events_bytes;
    const auto too_large = [limit] {
        return Refusal{Outcome::too_large, "the events are larger than " + std::to_string(limit / 1024) + " KiB"};
    };
    if (*encoding == Encoding::identity) {
        if (request.body.size() > limit) return too_large();
        return request.body;
    }
    auto text = decompress(*encoding, request.body, limit);
    if (!text && text.error().code == Errc::too_large) return too_large();
    if (!text) return Refusal{Outcome::parse_error, describe(text.error())};
    unpacked = std::move(*text);
    return std::string_view(unpacked);
}

Handled not_valid(const Error& error) { return Refusal{Outcome::parse_error, error.detail, error.findings}; }

}  // namespace

std::string_view key_in_events(WorkerDeps& services, const net::Request& request) {
    if (!is_beacon(request) || request.body.size() > beacon_bytes) return {};
    if (!services.document.parse(request.body)) return {};
    return wire::key_of(services.document.root());
}

Handled handle_events(const Call& call, intake::Receipt& receipt) {
    auto& services = call.services;
    std::string unpacked;
    const auto body = unpack(call.request, unpacked);
    if (!body) return body.error();
    if (const auto parsed = services.document.parse(*body); !parsed) return not_valid(parsed.error());
    auto& events = services.sdk_events;
    const wire::AppendUnit append_unit = [&services](std::string& out, std::string_view by, std::string_view unit) {
        append_digest(services.hasher, out, by, unit);
    };
    const wire::SdkSource source{call.caller.environment->env_id, call.now, append_unit};
    if (const auto read = wire::read_sdk_events(services.document.root(), source, events); !read)
        return not_valid(read.error());
    using Put = intake::Intake::Put;
    const auto put = services.intake.put(source.env_id, events, call.now, receipt.notifier());
    if (put == Put::full) {
        receipt.forget();
        return Refusal{Outcome::overloaded, std::string(row_of(Outcome::overloaded).text)};
    }
    if (put == Put::taken) {
        for (const auto& reported : events.counts) count(call, reported);
    }
    call.response.body = put == Put::taken ? R"({"duplicate":false})" : R"({"duplicate":true})";
    return Outcome::accepted;
}

}  // namespace fanion::relay::serve
