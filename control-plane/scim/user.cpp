#include "control-plane/scim/user.hpp"

#include <utility>

#include "control-plane/body/json_text.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/scim/attributes.hpp"

namespace fanion::cp::scim {
namespace {

// null and a missing attribute are the same (RFC 7643, section 2.5).
Result<std::string> read_text(const json::Tree& object, std::string_view name, const std::string& within = "") {
    const auto* value = find_attribute(object, name);
    if (!value || value->is(json::Kind::null)) return std::string();
    auto pointer = within + '/' + std::string(name);
    if (!value->is(json::Kind::string)) return bad_value(std::move(pointer), "invalidValue", "this must be a string");
    if (value->as_string().size() <= max_text_bytes) return std::string(value->as_string());
    return bad_value(std::move(pointer), "invalidValue",
                     "this has at most " + std::to_string(max_text_bytes) + " bytes");
}

struct Target {
    std::string_view name;
    std::string* text;
};
Result<> read_texts(const json::Tree& object, std::initializer_list<Target> targets, const std::string& within = "") {
    for (const auto& [name, text] : targets) {
        auto read = read_text(object, name, within);
        if (!read) return read.error();
        *text = std::move(*read);
    }
    return boost::system::in_place_value;
}

Result<bool> read_truth(const json::Tree& object, std::string_view name, bool fallback, const std::string& within) {
    const auto* value = find_attribute(object, name);
    if (!value || value->is(json::Kind::null)) return fallback;
    const auto truth = truth_of(*value);
    if (truth) return *truth;
    return bad_value(within + '/' + std::string(name), "invalidValue", "this must be true or false");
}

Result<Email> read_email(const json::Tree& given, const std::string& pointer) {
    Email email;
    if (given.is(json::Kind::string)) {
        email.value = given.as_string();
    } else if (auto ok = read_texts(given, {{"value", &email.value}, {"type", &email.type}}, pointer); !ok) {
        return ok.error();
    }
    const auto is_primary = read_truth(given, "primary", false, pointer);
    if (!is_primary) return is_primary.error();
    email.is_primary = *is_primary;
    if (!email.value.empty() && !identity::is_email(email.value))
        return bad_value(pointer + "/value", "invalidValue", "must be an e-mail address such as ada@example.com");
    return email;
}

Result<std::vector<Email>> read_emails(const json::Tree& resource) {
    std::vector<Email> emails;
    const auto* list = find_attribute(resource, "emails");
    if (!list || list->is(json::Kind::null)) return emails;
    if (!list->is(json::Kind::array)) return bad_value("/emails", "invalidValue", "`emails` is a list");
    if (list->elements().size() > max_emails) {
        return bad_value("/emails", "invalidValue",
                         "there are at most " + std::to_string(max_emails) + " e-mail addresses");
    }
    bool has_primary = false;
    for (std::size_t i = 0; i < list->elements().size(); ++i) {
        auto email = read_email(list->elements()[i], "/emails/" + std::to_string(i));
        if (!email) return email.error();
        if (email->value.empty()) continue;
        email->is_primary = email->is_primary && !has_primary;
        has_primary = has_primary || email->is_primary;
        emails.push_back(std::move(*email));
    }
    return emails;
}

void write_optional(json::Writer& w, std::string_view name, const std::string& text) {
    if (!text.empty()) w.member(name, text);
}

void write_email(json::Writer& w, const Email& email) {
    w.begin_object().member("value", email.value);
    write_optional(w, "type", email.type);
    if (email.is_primary) w.member("primary", true);
    w.end_object();
}

}  // namespace

Result<UserAttributes> read_user(const json::Tree& resource) {
    UserAttributes user;
    std::string external_id;
    auto ok = read_texts(resource, {{"userName", &user.user_name},
                                    {"externalId", &external_id},
                                    {"displayName", &user.display_name},
                                    {"title", &user.title}});
    if (!ok) return ok.error();
    if (user.user_name.empty()) return bad_value("/userName", "invalidValue", "`userName` is required");
    if (!external_id.empty()) user.external_id = std::move(external_id);
    const auto active = read_truth(resource, "active", true, "");
    if (!active) return active.error();
    user.is_active = *active;
    if (const auto* name = find_attribute(resource, "name"); name && name->is(json::Kind::object)) {
        ok = read_texts(
            *name, {{"formatted", &user.formatted}, {"givenName", &user.given_name}, {"familyName", &user.family_name}},
            "/name");
        if (!ok) return ok.error();
    }
    auto emails = read_emails(resource);
    if (!emails) return emails.error();
    user.emails = std::move(*emails);
    return user;
}

void write_attributes(json::Writer& w, const UserAttributes& user) {
    w.member("userName", user.user_name);
    if (user.external_id) w.member("externalId", *user.external_id);
    w.member("active", user.is_active);
    if (!user.formatted.empty() || !user.given_name.empty() || !user.family_name.empty()) {
        w.key("name").begin_object();
        write_optional(w, "formatted", user.formatted);
        write_optional(w, "givenName", user.given_name);
        write_optional(w, "familyName", user.family_name);
        w.end_object();
    }
    write_optional(w, "displayName", user.display_name);
    write_optional(w, "title", user.title);
    if (user.emails.empty()) return;
    w.key("emails").begin_array();
    for (const auto& email : user.emails) write_email(w, email);
    w.end_array();
}

json::Tree to_tree(const UserAttributes& user) {
    const auto text = body::object_text([&](json::Writer& w) { write_attributes(w, user); });
    return json::Tree::parse(text).value();
}

std::optional<std::string> account_address(const UserAttributes& user) {
    for (const auto& email : user.emails)
        if (email.is_primary) return email.value;
    if (!user.emails.empty()) return user.emails.front().value;
    if (identity::is_email(user.user_name)) return user.user_name;
    return std::nullopt;
}

std::string shown_name(const UserAttributes& user) {
    auto name = user.display_name.empty() ? user.formatted : user.display_name;
    if (!name.empty()) return name;
    name = user.given_name;
    if (!name.empty() && !user.family_name.empty()) name += ' ';
    return name + user.family_name;
}

Record record_of(const UserAttributes& user, const std::string& id) {
    Record record{{"id", id}, {"username", user.user_name}, {"active", user.is_active ? "true" : "false"}};
    const std::pair<std::string_view, const std::string*> texts[] = {{"name.formatted", &user.formatted},
                                                                     {"name.givenname", &user.given_name},
                                                                     {"name.familyname", &user.family_name},
                                                                     {"displayname", &user.display_name},
                                                                     {"title", &user.title}};
    for (const auto& [path, text] : texts)
        if (!text->empty()) record.push_back({std::string(path), *text});
    if (user.external_id) record.push_back({"externalid", *user.external_id});
    for (const auto& email : user.emails) {
        record.push_back({"emails.value", email.value});
        if (!email.type.empty()) record.push_back({"emails.type", email.type});
    }
    return record;
}

}  // namespace fanion::cp::scim
