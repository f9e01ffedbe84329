// SCIM: a filter or a path is refused with one finding or is within its bounds; a body is a PATCH that makes a user who can be read
// and written again, or is refused.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/json/document.hpp"
#include "control-plane/scim/attributes.hpp"
#include "control-plane/scim/group.hpp"
#include "control-plane/scim/patch.hpp"
#include "control-plane/scim/user.hpp"

namespace {

using namespace fanion;
using namespace fanion::cp::scim;

void check_texts(std::string_view text) {
    const Record record{{"id", "u_1"}, {"username", "ada"}, {"emails.value", "ada@example.com"}};
    const auto filter = parse_filter(text);
    if (filter) {
        matches(*filter, record);
        const auto id = demanded(*filter, "id");
        if (id && *id != "u_1" && matches(*filter, record)) std::abort();
    } else if (filter.error().findings.size() != 1) {
        std::abort();
    }
    const auto path = parse_path(text);
    if (path ? path->attribute.empty() : path.error().findings.size() != 1) std::abort();
}

void check_user(const json::Tree& resource) {
    const auto user = read_user(resource);
    if (!user) return;
    const auto again = read_user(to_tree(*user));
    if (!again || !(*again == *user)) std::abort();
}

void check_body(std::string_view text) {
    json::Document document;
    if (!document.parse(text)) return;
    check_user(json::Tree(document.root()));
    read_group(document.root());
    read_group_patch(document.root());
    auto operations = read_operations(document.root());
    if (!operations) return;
    auto resource = json::Tree::object();
    attribute(resource, "userName") = json::Tree::string("ada");
    for (auto& operation : *operations) {
        const auto parts = with_paths(std::move(operation));
        if (!parts) return;
        for (const auto& part : *parts)
            if (!apply_operation(resource, part)) return;
    }
    check_user(resource);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_texts(text);
    check_body(text);
    return 0;
}
