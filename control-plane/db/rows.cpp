#include "control-plane/db/rows.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "common/base/text.hpp"
#include "control-plane/db/statement.hpp"

namespace fanion::cp::db {

bool Row::is_null(int column) const {
    if (column < 0 || column >= PQnfields(result_)) fail(column, "a column of this statement");
    return PQgetisnull(result_, row_, column) != 0;
}

std::string_view Row::required(int column) const {
    if (is_null(column)) fail(column, "a value");
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

void Row::fail(int column, const char* expected) const {
    const char* name = PQfname(result_, column);
    throw std::logic_error("column " + std::to_string(column) + " (" + (name != nullptr ? name : "?") +
                           ") does not hold " + expected);
}

std::string_view Row::text(int column) const { return required(column); }

std::int64_t Row::i64(int column) const {
    const auto number = parse_i64(required(column));
    if (!number) fail(column, "an integer");
    return *number;
}

std::uint64_t Row::u64(int column) const {
    const auto number = parse_u64(required(column));
    if (!number) fail(column, "an unsigned integer");
    return *number;
}

bool Row::boolean(int column) const {
    const auto text = required(column);
    if (text != "t" && text != "f") fail(column, "a boolean");
    return text == "t";
}

double Row::f64(int column) const {
    const auto text = required(column);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) fail(column, "a number");
    return number;
}

std::string Row::bytes(int column) const {
    const auto text = required(column);
    auto bytes = text.starts_with("\\x") ? from_hex(text.substr(2)) : std::nullopt;
    if (!bytes) fail(column, "a bytea");
    return std::move(*bytes);
}

Sha256 Row::sha256(int column) const {
    const auto raw = bytes(column);
    Sha256 hash;
    if (raw.size() != hash.size()) fail(column, "a bytea of 32 bytes");
    std::copy_n(reinterpret_cast<const std::uint8_t*>(raw.data()), hash.size(), hash.begin());
    return hash;
}

UnixMillis Row::time(int column) const {
    const auto time = parse_timestamp(required(column));
    if (!time) fail(column, "a timestamptz");
    return *time;
}

std::vector<std::string> Row::texts(int column) const {
    auto texts = parse_text_array(required(column));
    if (!texts) fail(column, "a text[] without nulls");
    return std::move(*texts);
}

std::optional<std::string> Row::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(string(column));
}

std::optional<UnixMillis> Row::optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<Sha256> Row::optional_sha256(int column) const {
    return is_null(column) ? std::nullopt : std::optional(sha256(column));
}

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }

Rows::Rows(pg_result* result)
    : result_(result),
      size_(static_cast<std::size_t>(PQntuples(result))),
      affected_(static_cast<std::size_t>(parse_u64(PQcmdTuples(result)).value_or(0))) {}

Row Rows::operator[](std::size_t row) const& {
    if (row >= size_) throw std::logic_error("row " + std::to_string(row) + " of " + std::to_string(size_));
    return Row(result_.get(), static_cast<int>(row));
}

}  // namespace fanion::cp::db
