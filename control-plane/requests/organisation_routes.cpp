// The change requests of all environments.

#include <utility>

#include "control-plane/http/numbered_page.hpp"
#include "control-plane/requests/request_routes.hpp"
#include "control-plane/requests/request_store.hpp"

namespace fanion::cp::requests {
namespace {

bool is_request_state(std::string_view name) noexcept { return parse_request_state(name).has_value(); }

// ?mine: the caller as the author, or among those who are asked.
Result<> read_mine(const http::Call& call, OrganisationPage& page) {
    const auto mine = call.request.query("mine").value_or("");
    if (mine.empty()) return boost::system::in_place_value;
    if (mine == "author") {
        page.author = call.principal.actor_id();
    } else if (mine == "reviewer") {
        page.reviewer = call.principal.actor_id();
    } else {
        const std::string detail = "author or reviewer";
        return Error{Errc::invalid_input, "mine: " + detail, {{"", "?mine", "unknown_value", detail}}};
    }
    return boost::system::in_place_value;
}

std::string place_of(const PlacedRequest& found) {
    return "projects/" + found.project + "/environments/" + found.environment;
}

void write_placed(json::Writer& w, const PlacedRequest& found) {
    w.begin_object().member("project", found.project).member("environment", found.environment).key("request");
    write_request(w, found.request);
    w.end_object();
}

http::Answer handle_list_all_requests(http::Call& call) {
    const auto page = http::read_numbered_page(call, is_request_state, "draft, open, declined, withdrawn or applied");
    if (!page) co_return page.error();
    OrganisationPage wanted{page->before, page->state, {}, {}, page->page.limit + 1};
    if (auto read = read_mine(call, wanted); !read) co_return read.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto found = co_await list_requests_of_organisation(tx, call.org.org_id, std::move(wanted));
    const auto number_of = [](const PlacedRequest& one) { return std::to_string(one.request.number); };
    const auto next = http::end_page(found, page->page, number_of);
    std::erase_if(found, [&](const PlacedRequest& one) { return !call.may_read(place_of(one)); });
    co_return net::json_response(http::list_text(write_placed, found, next));
}

constexpr http::Route organisation_request_table[] = {
    {net::Method::get, "/api/v1/orgs/{org}/requests", access::Permission::member, handle_list_all_requests,
     "limit cursor state mine"},
};

}  // namespace

std::span<const http::Route> organisation_request_routes() noexcept { return organisation_request_table; }

}  // namespace fanion::cp::requests
