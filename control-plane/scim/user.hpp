#pragma once

// What an organisation's directory says of a person, as SCIM's resource User (RFC 7643, section
// 4.1): the attributes that are kept, from and to JSON. Others are ignored. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"
#include "common/json/writer.hpp"
#include "control-plane/scim/filter.hpp"

namespace fanion::cp::scim {

inline constexpr std::size_t max_text_bytes = 256;
inline constexpr std::size_t max_emails = 20;

struct Email {
    std::string value;
    std::string type;
    bool is_primary = false;
    friend bool operator==(const Email&, const Email&) = default;
};

struct UserAttributes {
    std::string user_name;
    std::optional<std::string> external_id;
    bool is_active = true;
    std::string formatted;  // empty, here and below: not given
    std::string given_name;
    std::string family_name;
    std::string display_name;
    std::string title;
    std::vector<Email> emails;
    friend bool operator==(const UserAttributes&, const UserAttributes&) = default;
};

// Errors: invalid_input with a scimType and its place: a missing userName, texts and lists that are
// too long, values of another type, an address that is none.
Result<UserAttributes> read_user(const json::Tree& resource);

// The members that read_user() reads, within an object that the caller has begun.
void write_attributes(json::Writer& w, const UserAttributes& user);
json::Tree to_tree(const UserAttributes& user);

// The address of the account that the directory means: the primary one, the first one, or the name
// of the user if that is an address. none: it names no address.
std::optional<std::string> account_address(const UserAttributes& user);
// The name under which the organisation knows its member.
std::string shown_name(const UserAttributes& user);

Record record_of(const UserAttributes& user, const std::string& id);

}  // namespace fanion::cp::scim
