#include "control-plane/requests/digest.hpp"

#include "common/base/crypto.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::requests {
namespace {

// The body of an item without what is no content.
std::string content_of(const std::string& body) {
    auto tree = json::Tree::parse(body, body::composed_limits()).value();
    tree.remove("version");
    if (auto* rules = tree.find("rules"); rules && rules->is(json::Kind::array)) {
        for (auto& rule : rules->elements())
            if (rule.is(json::Kind::object)) rule.remove("id");
    }
    return tree.to_text();
}

}  // namespace

std::string digest_of(const std::vector<schedules::Change>& changes, const ServedItems& served) {
    const auto text = body::object_text([&](json::Writer& w) {
        w.key("asked").raw(schedules::to_text(changes)).key("served").begin_object();
        for (const auto& [environment, items] : served) {
            w.key(environment).begin_object();
            for (const auto& [item, body] : items) {
                w.key(item);
                if (body) {
                    w.string(to_hex(sha256(content_of(*body))));
                } else {
                    w.null();
                }
            }
            w.end_object();
        }
        w.end_object();
    });
    return to_hex(sha256(text));
}

}  // namespace fanion::cp::requests
