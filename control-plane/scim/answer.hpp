#pragma once

// What the handlers of SCIM share: what a request asks for, and the texts of responses. One thread.

#include <string>
#include <vector>

#include "common/json/writer.hpp"
#include "control-plane/groups/apply.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/scim/list_request.hpp"

namespace fanion::cp::scim {

// The query parameters of single resources, and of lists.
inline constexpr const char* resource_query = "attributes excludedAttributes";
inline constexpr const char* list_query = "filter startIndex count attributes excludedAttributes sortBy sortOrder";

// Error: those of read_list_request().
Result<ListRequest> list_request_of(http::Call& call);

// The path of a resource: "/scim/v2/acme/Users/u_1"; `id` empty: of the collection.
std::string location_of(const http::Call& call, std::string_view collection, const std::string& id);

struct Meta {
    std::string type;  // "User"
    std::string location;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::string tag;
};
void write_meta(json::Writer& w, const Meta& meta);

// The text of a resource with the attributes that the request asks for.
std::string projected(const http::Call& call, std::string text);

// A ListResponse. `resources`: texts, of the page.
std::string list_response_text(std::size_t total, std::size_t start, const std::vector<std::string>& resources);

// If-Match against the present tag. Error: precondition_failed.
Result<> check_match(http::Call& call, const std::string& tag);

// 201 with Location and ETag.
net::Response created_response(std::string text, std::string location, std::string tag);

groups::Work work_of(http::Edit& edit);

}  // namespace fanion::cp::scim
