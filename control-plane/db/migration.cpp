#include "control-plane/db/migration.hpp"

#include <charconv>

namespace fanion::cp::db {

namespace {

constexpr std::string_view compatible_mark = "-- compatible-from: V";
constexpr std::string_view transaction_mark = "-- transaction: none";

// Takes the first line from `text`, without its line feed.
std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    return line;
}

// 0 unless it is a version before `own`.
int read_version(std::string_view digits, int own) {
    int version = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, version);
    return error == std::errc() && stopped == end && version > 0 && version < own ? version : 0;
}

}  // namespace

MigrationMarks marks_of(const Migration& migration) {
    MigrationMarks marks{migration.version, true};
    for (auto rest = migration.sql; !rest.empty();) {
        const auto line = next_line(rest);
        if (line.starts_with(compatible_mark)) {
            const auto version = read_version(line.substr(compatible_mark.size()), migration.version);
            if (version > 0) marks.compatible_from = version;
        }
        if (line == transaction_mark) marks.in_transaction = false;
    }
    return marks;
}

std::vector<std::string> statements_of(std::string_view sql) {
    std::vector<std::string> statements;
    std::string statement;
    while (!sql.empty()) {
        const auto line = next_line(sql);
        const auto begin = line.find_first_not_of(' ');
        if (begin == line.npos || line.substr(begin).starts_with("--")) continue;
        statement.append(line).append("\n");
        if (!line.ends_with(';')) continue;
        statements.push_back(std::move(statement));
        statement.clear();
    }
    if (!statement.empty()) statements.push_back(std::move(statement));
    return statements;
}

}  // namespace fanion::cp::db
