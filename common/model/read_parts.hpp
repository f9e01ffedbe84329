#pragma once

// Readers of members that several readers share; private to common/model.

#include "common/model/json.hpp"

namespace fanion::model {

Op parse_op(std::string_view name, bool& known) noexcept;
std::string read_key(Reader& r, std::string_view member);  // a finding unless is_valid_key()
std::vector<Target> read_targets(Reader& r, std::string_view member, bool with_variation, UnknownFields unknown);
Hash read_hash(Reader& r);       // member `hash`, murmur3 by default
std::string read_by(Reader& r);  // member `by`, targetingKey by default
bool has_type(std::string_view compact_json, FlagType type) noexcept;

}  // namespace fanion::model
