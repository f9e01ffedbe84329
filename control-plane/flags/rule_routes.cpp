#include "control-plane/flags/rule_routes.hpp"

#include "common/json/reader.hpp"
#include "common/rule/text.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::flags {
namespace {

http::Answer handle_parse_rule(http::Call& call) {
    const auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto text =
        body::read_object((*body)->root(), [](json::Reader& r, std::vector<Finding>&) { return r.string("text"); });
    if (!text) co_return text.error();
    auto work = [given = std::move(*text)]() -> Result<std::string> {
        const auto parsed = rule::parse(given);
        if (parsed) return rule::to_json(*parsed);
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
