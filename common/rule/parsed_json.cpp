#include "common/json/writer.hpp"
#include "common/model/json.hpp"
#include "common/rule/text.hpp"

namespace fanion::rule {

std::string to_json(const Parsed& parsed) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("when");
    model::write_condition(w, parsed.condition);
    w.member("text", print(parsed.condition)).key("places").begin_array();
    for (const auto& [pointer, place] : parsed.places) {
        w.begin_object().member("pointer", pointer).member("line", static_cast<std::uint64_t>(place.line));
        w.member("column", static_cast<std::uint64_t>(place.column)).end_object();
    }
    w.end_array().end_object();
    return out;
}

}  // namespace fanion::rule
