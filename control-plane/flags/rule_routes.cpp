#include "control-plane/flags/rule_routes.hpp"

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::flags {
namespace {

std::string parsed_text(const rule::Parsed& parsed) {
    return body::object_text([&](json::Writer& w) {
        w.key("when");
        model::write_condition(w, parsed.condition);
        w.member("text", rule::print(parsed.condition)).key("places").begin_array();
        for (const auto& [pointer, place] : parsed.places) {
            w.begin_object().member("pointer", pointer).member("line", static_cast<std::uint64_t>(place.line));
            w.member("column", static_cast<std::uint64_t>(place.column)).end_object();
        }
        w.end_array();
    });
}

http::Answer handle_parse_rule(http::Call& call) {
    const auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto text =
        body::read_object((*body)->root(), [](json::Reader& r, std::vector<Finding>&) { return r.string("text"); });
    if (!text) co_return text.error();
    auto work = [given = std::move(*text)]() -> Result<std::string> {
        const auto parsed = rule::parse(given);
        if (parsed) return parsed_text(*parsed);
        auto error = parsed.error();
        for (auto& finding : error.findings) finding.pointer = "/text";
        return error;
    };
    auto answer = co_await call.services.blocking.compute(std::move(work));
    if (!answer) co_return answer.error();
    co_return net::json_response(std::move(*answer));
}

using access::Permission;
using net::Method;

constexpr http::Route rule_table[] = {
    {Method::post, "/api/v1/rules/parse", Permission::signed_in, handle_parse_rule},
};

}  // namespace

std::span<const http::Route> rule_routes() noexcept { return rule_table; }

}  // namespace fanion::cp::flags
