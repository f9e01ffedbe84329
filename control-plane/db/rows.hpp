#pragma once

// The result of one statement. Rows owns the data; a Row and every string_view refer to it and are
// valid as long as it is. Columns are numbered from 0 in the order of the SELECT list. A getter
// throws std::logic_error, a bug in the caller, when the column does not exist, is NULL (unless the
// getter is optional_*) or has another type. Immutable after construction.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"

struct pg_result;

namespace fanion::cp::db {

class Row {
public:
    bool is_null(int column) const;
    std::string_view text(int column) const;
    std::string string(int column) const { return std::string(text(column)); }
    std::int64_t i64(int column) const;
    std::uint64_t u64(int column) const;
    bool boolean(int column) const;
    double f64(int column) const;
    std::string bytes(int column) const;               // bytea
    Sha256 sha256(int column) const;                   // bytea of 32 bytes
    UnixMillis time(int column) const;                 // timestamptz
    std::vector<std::string> texts(int column) const;  // text[]

    std::optional<std::string> optional_text(int column) const;
    std::optional<UnixMillis> optional_time(int column) const;
    std::optional<Sha256> optional_sha256(int column) const;

private:
    friend class Rows;
    Row(const pg_result* result, int row) : result_(result), row_(row) {}
    std::string_view required(int column) const;
    [[noreturn]] void fail(int column, const char* expected) const;

    const pg_result* result_;
    int row_;
};

class Rows {
public:
    Rows() = default;
    explicit Rows(pg_result* result);  // takes ownership

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    Row operator[](std::size_t row) const&;
    Row operator[](std::size_t) const&& = delete;  // the row would dangle
    // How many rows INSERT, UPDATE or DELETE changed.
    std::size_t affected() const noexcept { return affected_; }

    class Iterator {
    public:
        Iterator(const Rows* rows, std::size_t index) : rows_(rows), index_(index) {}
        Row operator*() const { return (*rows_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        bool operator==(const Iterator&) const = default;

    private:
        const Rows* rows_;
        std::size_t index_;
    };
    Iterator begin() const& { return {this, 0}; }
    Iterator end() const& { return {this, size_}; }

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
    std::size_t size_ = 0;
    std::size_t affected_ = 0;
};

}  // namespace fanion::cp::db
