#pragma once

// A named SQL statement and its parameters. A statement is a constant right above the one function
// that runs it. Its name is unique in the program: it names the prepared statement and labels the
// metrics.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/strong_id.hpp"

namespace fanion::cp::db {

struct Statement {
    const char* name;
    const char* sql;  // one statement, parameters $1, $2, ..
};

struct Bytes {  // a bytea parameter
    std::string_view value;
};

struct Time {  // a timestamptz parameter
    UnixMillis value;
};

inline std::optional<Time> to_time(const std::optional<UnixMillis>& at) {
    if (!at) return std::nullopt;
    return Time{*at};
}

// Parameters in order, copied. The server infers their types from the statement. Text with a NUL
// character throws PgError with is_bad_text(), which is what the server answers to other text that
// is not UTF-8.
class Params {
public:
    struct Value {
        std::string bytes;
        bool is_null = false;
        bool is_binary = false;
    };

    void add(std::string_view text);
    void add(const std::string& text) { add(std::string_view(text)); }
    void add(const char* text) { add(std::string_view(text)); }
    template <class Tag>
    void add(const StrongId<Tag>& id) {
        add(id.str());
    }
    void add(bool value) { push(value ? "t" : "f"); }
    template <std::integral T>
    void add(T number) {
        push(std::to_string(number));
    }
    void add(double number);
    void add(Bytes bytes) { values_.push_back({std::string(bytes.value), false, true}); }
    void add(const Sha256& hash) { add(Bytes{as_view(hash)}); }
    void add(Time time);
    void add(const std::vector<std::string>& texts);  // text[]
    template <class Tag>
    void add(const std::vector<StrongId<Tag>>& ids) {
        std::vector<std::string> texts;
        for (const auto& id : ids) texts.push_back(id.str());
        add(texts);
    }
    void add(const std::vector<std::int64_t>& numbers);  // bigint[]
    void add(const std::vector<double>& numbers);        // double precision[]
    void add(std::nullopt_t) { values_.push_back({"", true, false}); }
    template <class T>
    void add(const std::optional<T>& value) {
        if (value) {
            add(*value);
        } else {
            add(std::nullopt);
        }
    }

    const std::vector<Value>& values() const noexcept { return values_; }

private:
    void push(std::string text) { values_.push_back({std::move(text), false, false}); }

    std::vector<Value> values_;
};

template <class... Args>
Params make_params(const Args&... args) {
    Params params;
    (params.add(args), ...);
    return params;
}

// A statement with its parameters.
struct Bound {
    Statement statement;
    Params params;
};

// '{"a","b"}' and back. Pure; declared here for their tests. nullopt when `text` is not a
// one-dimensional array without nulls.
std::string format_text_array(const std::vector<std::string>& texts);
std::optional<std::vector<std::string>> parse_text_array(std::string_view text);

// "2026-11-21 10:00:00.123456+00", as PostgreSQL writes a timestamptz with DateStyle ISO and
// TimeZone UTC; truncated to milliseconds. nullopt when it is anything else.
std::optional<UnixMillis> parse_timestamp(std::string_view text);

}  // namespace fanion::cp::db
