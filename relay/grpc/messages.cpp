#include "relay/grpc/messages.hpp"

#include <cmath>

#include "common/base/protobuf.hpp"
#include "relay/grpc/struct_codec.hpp"

namespace fanion::relay::grpc {
namespace {

using protobuf::Field;
using protobuf::Reader;
using protobuf::WireType;
using protobuf::Writer;

constexpr Method table[] = {
    {"/flagd.evaluation.v1.Service/ResolveBoolean", Rpc::resolve_boolean, false},
    {"/flagd.evaluation.v1.Service/ResolveString", Rpc::resolve_string, false},
    {"/flagd.evaluation.v1.Service/ResolveFloat", Rpc::resolve_float, false},
    {"/flagd.evaluation.v1.Service/ResolveInt", Rpc::resolve_int, false},
    {"/flagd.evaluation.v1.Service/ResolveObject", Rpc::resolve_object, false},
    {"/flagd.evaluation.v1.Service/ResolveAll", Rpc::resolve_all, false},
    {"/flagd.evaluation.v1.Service/EventStream", Rpc::event_stream, true},
    {"/flagd.evaluation.v2.Service/ResolveBoolean", Rpc::resolve_boolean, false},
    {"/flagd.evaluation.v2.Service/ResolveString", Rpc::resolve_string, false},
    {"/flagd.evaluation.v2.Service/ResolveFloat", Rpc::resolve_float, false},
    {"/flagd.evaluation.v2.Service/ResolveInt", Rpc::resolve_int, false},
    {"/flagd.evaluation.v2.Service/ResolveObject", Rpc::resolve_object, false},
    {"/flagd.evaluation.v2.Service/EventStream", Rpc::event_stream, true},
    {"/flagd.sync.v1.FlagSyncService/SyncFlags", Rpc::sync_flags, true},
    {"/flagd.sync.v1.FlagSyncService/FetchAllFlags", Rpc::fetch_all_flags, false},
    {"/flagd.sync.v1.FlagSyncService/GetMetadata", Rpc::get_metadata, false},
};

// `key_field` 0: the message has no key.
Result<ResolveRequest> read_request(std::string_view message, std::uint32_t key_field, std::uint32_t context_field) {
    ResolveRequest request;
    Reader reader(message);
    Field field;
    while (reader.next(field)) {
        if (field.number != key_field && field.number != context_field) continue;
        if (field.type != WireType::bytes) return Error{Errc::invalid_input, "a field of the request has a wrong type"};
        (field.number == key_field ? request.flag_key : request.context) = field.bytes;
    }
    if (reader.is_malformed()) return Error{Errc::invalid_input, "the request is malformed"};
    return request;
}

std::string metadata_of(const eval::Evaluation& evaluation, std::optional<std::uint64_t> stale) {
    StructWriter metadata;
    metadata.member("version", static_cast<double>(evaluation.version));
    if (!evaluation.rule.empty()) metadata.member("ruleId", evaluation.rule);
    if (!evaluation.prerequisite.empty()) metadata.member("prerequisite", evaluation.prerequisite);
    if (stale) metadata.member("stale", static_cast<double>(*stale));
    return metadata.bytes();
}

// 7 and 7.0 are integers, 7.5 is none.
std::optional<std::int64_t> integer_of(json::Value value) {
    if (const auto exact = value.as_i64()) return exact;
    const double number = value.as_double();
    constexpr double limit = 9'223'372'036'854'775'808.0;  // 2^63
    if (number != std::floor(number) || number < -limit || number >= limit) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

// False: `value` is of another type.
bool append_value(Writer& out, Rpc rpc, json::Value value) {
    using json::Kind;
    switch (rpc) {
        case Rpc::resolve_boolean:
            if (!value.is(Kind::boolean)) return false;
            out.number(1, value.as_bool() ? 1 : 0);
            return true;
        case Rpc::resolve_string:
            if (!value.is(Kind::string)) return false;
            out.text(1, value.as_string());
            return true;
        case Rpc::resolve_float:
            if (!value.is(Kind::number)) return false;
            out.real(1, value.as_double());
            return true;
        case Rpc::resolve_int: {
            const auto integer = value.is(Kind::number) ? integer_of(value) : std::nullopt;
            if (integer) out.number(1, static_cast<std::uint64_t>(*integer));
            return integer.has_value();
        }
        default:
            if (!value.is(Kind::object)) return false;
            out.text(1, struct_of(value));
            return true;
    }
}

}  // namespace

std::span<const Method> methods() noexcept { return table; }

Result<ResolveRequest> read_resolve_request(std::string_view message) { return read_request(message, 1, 2); }

Result<ResolveRequest> read_resolve_all_request(std::string_view message) { return read_request(message, 0, 1); }

std::optional<std::string> resolve_response(Rpc rpc, const eval::Evaluation& evaluation, json::Value value,
                                            std::optional<std::uint64_t> stale) {
    Writer out;
    if (value && !append_value(out, rpc, value)) return std::nullopt;
    out.text(2, eval::name_of(evaluation.reason));
    if (value) out.text(3, evaluation.variation);
    out.text(4, metadata_of(evaluation, stale));
    return out.take();
}

void append_flag(std::string& out, const eval::Evaluation& evaluation, json::Value value,
                 std::optional<std::uint64_t> stale) {
    Writer flag;
    flag.text(1, eval::name_of(evaluation.reason)).text(2, evaluation.variation);
    switch (value.kind()) {
        case json::Kind::boolean:
            flag.number(3, value.as_bool() ? 1 : 0);
            break;
        case json::Kind::string:
            flag.text(4, value.as_string());
            break;
        case json::Kind::number:
            flag.real(5, value.as_double());
            break;
        case json::Kind::object:
            flag.text(6, struct_of(value));
            break;
        case json::Kind::array:
        case json::Kind::null:
            return;
    }
    flag.text(7, metadata_of(evaluation, stale));
    out += Writer().text(1, Writer().text(1, evaluation.flag).text(2, flag.bytes()).bytes()).bytes();
}

std::string event_message(std::string_view type, std::string_view data) {
    Writer out;
    out.text(1, type);
    if (!data.empty()) out.text(2, data);
    return out.take();
}

std::string flags_message(std::string_view configuration) { return Writer().text(1, configuration).take(); }

std::string metadata_message() { return Writer().text(2, "").take(); }

}  // namespace fanion::relay::grpc
