#include "relay/attributes/context_names.hpp"

#include <optional>

namespace fanion::relay::attributes {
namespace {

using wire::AttributeType;

constexpr std::size_t elements_looked_at = 8;

std::optional<AttributeType> scalar_type(json::Kind kind) noexcept {
    switch (kind) {
        case json::Kind::string:
            return AttributeType::string;
        case json::Kind::number:
            return AttributeType::number;
        case json::Kind::boolean:
            return AttributeType::boolean;
        default:
            return std::nullopt;
    }
}

AttributeType list_of(AttributeType element) noexcept {
    if (element == AttributeType::number) return AttributeType::number_list;
    return element == AttributeType::boolean ? AttributeType::boolean_list : AttributeType::string_list;
}

std::optional<AttributeType> type_of(json::Value value) noexcept {
    if (!value.is(json::Kind::array)) return scalar_type(value.kind());
    std::size_t left = elements_looked_at;
    for (const auto element : value.elements()) {
        if (left-- == 0) break;
        if (const auto type = scalar_type(element.kind())) return list_of(*type);
    }
    return std::nullopt;
}

// Whether a rule can refer to a member of the context by its name alone.
bool is_plain(std::string_view member) noexcept { return !member.empty() && member.front() != '/' && member != "$now"; }

class Walk {
public:
    Walk(std::string& name, const NameSink& sink) : name_(name), sink_(sink) {}

    // `name_` is the pointer to the object.
    void visit(json::Value object, std::size_t depth) {
        const auto length = name_.size();
        for (const auto& [member, value] : object.members()) {
            if (left_ == 0) return;
            --left_;
            if (member.size() > wire::attribute_name_bytes) continue;
            json::append_pointer(name_, member);
            if (value.is(json::Kind::object)) {
                if (depth < deepest_name && name_.size() < wire::attribute_name_bytes) visit(value, depth + 1);
            } else if (const auto type = type_of(value)) {
                const std::string_view name = depth == 1 && is_plain(member) ? member : std::string_view(name_);
                if (wire::is_reportable_attribute(name)) sink_(name, *type);
            }
            name_.resize(length);
        }
    }

private:
    std::string& name_;
    const NameSink& sink_;
    std::size_t left_ = most_names_of_context;
};

}  // namespace

void for_each_name(json::Value context, std::string& name, const NameSink& sink) {
    if (!context || !context.is(json::Kind::object)) return;
    name.clear();
    Walk(name, sink).visit(context, 1);
}

}  // namespace fanion::relay::attributes
