#include "common/backup/database.hpp"

#include <libpq-fe.h>

#include <array>

#include "common/base/text.hpp"

namespace fanion::backup {
namespace {

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using ResultPtr = std::unique_ptr<PGresult, Clear>;
using OptionsPtr = std::unique_ptr<PQconninfoOption, Clear>;

std::string in_one_line(const char* message) {
    std::string text;
    for (const auto line : split(message == nullptr ? "" : message, '\n'))
        if (!trim(line).empty()) text += (text.empty() ? "" : " ") + std::string(trim(line));
    return text;
}

Row row_of(const PGresult* result, int row) {
    Row values;
    for (int column = 0; column < PQnfields(result); ++column) {
        const auto length = static_cast<std::size_t>(PQgetlength(result, row, column));
        if (PQgetisnull(result, row, column) != 0)
            values.emplace_back();
        else
            values.emplace_back(std::string(PQgetvalue(result, row, column), length));
    }
    return values;
}

// What was given, as the variables that libpq reads.
std::map<std::string, std::string> variables_of(PGconn* connection) {
    std::map<std::string, std::string> variables;
    const OptionsPtr options(PQconninfo(connection));
    for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
        const bool is_given = option->envvar != nullptr && option->val != nullptr && *option->val != '\0';
        if (is_given) variables[option->envvar] = option->val;
    }
    return variables;
}

std::string describe_connection(PGconn* connection) {
    const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
    const auto host = text(PQhost(connection));
    return "database \"" + text(PQdb(connection)) + "\" on " + host +
           (host.starts_with('/') ? "" : ":" + text(PQport(connection)));
}

std::string quoted(std::string_view text, char quote) {
    std::string out(1, quote);
    for (const char c : text) out += c == quote ? std::string(2, quote) : std::string(1, c);
    return out + quote;
}

}  // namespace

void Database::Close::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Result<Database> Database::connect(const std::string& url) {
    char* reason = nullptr;
    const OptionsPtr parsed(PQconninfoParse(url.c_str(), &reason));
    if (!parsed) {
        PQfreemem(reason);  // it may repeat what was given, a password among it
        return Error{Errc::invalid_input, "the database's address is no connection string or URL of PostgreSQL"};
    }
    const std::array<const char*, 7> names{"connect_timeout",
                                           "keepalives_idle",
                                           "tcp_user_timeout",
                                           "dbname",
                                           "application_name",
                                           "client_encoding",
                                           nullptr};
    const std::array<const char*, 7> values{"10", "10", "60000", url.c_str(), "fanion", "UTF8", nullptr};
    Database database;
    database.connection_.reset(PQconnectdbParams(names.data(), values.data(), 1));
    auto* connection = database.connection_.get();
    if (connection == nullptr) throw std::bad_alloc();
    if (PQstatus(connection) != CONNECTION_OK)
        return Error{Errc::unavailable, "the database cannot be reached: " + in_one_line(PQerrorMessage(connection))};
    PQsetNoticeReceiver(
        connection, [](void*, const PGresult*) {}, nullptr);
    database.environment_ = variables_of(connection);
    database.shown_ = describe_connection(connection);
    return database;
}

std::string Database::server_version() const {
    const char* text = PQparameterStatus(connection_.get(), "server_version");
    const std::string_view version(text == nullptr ? "" : text);
    return std::string(version.substr(0, version.find(' ')));
}

Error Database::failure(const PGresult* result) const {
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view code(state == nullptr ? "" : state);
    auto kind = Errc::internal;
    if (code == "42501") kind = Errc::forbidden;
    if (code.empty() || code.starts_with("57P")) kind = Errc::unavailable;
    const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const auto words = in_one_line(primary != nullptr ? primary : PQerrorMessage(connection_.get()));
    return {kind, shown_ + ": " + words};
}

bool Database::send(const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    for (const auto& parameter : parameters) values.push_back(parameter.c_str());
    return PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                             nullptr, nullptr, 0) == 1;
}

Result<> Database::each(const std::string& sql, const std::vector<std::string>& parameters,
                        const std::function<Result<>(const Row&)>& take) {
    if (!send(sql, parameters)) return failure(nullptr);
    PQsetSingleRowMode(connection_.get());
    Result<> outcome;
    while (const ResultPtr result{PQgetResult(connection_.get())}) {  // to the end, whatever went wrong
        const auto status = PQresultStatus(result.get());
        const bool is_good = status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
        if (!is_good && outcome) outcome = failure(result.get());
        for (int row = 0; is_good && outcome && row < PQntuples(result.get()); ++row)
            outcome = take(row_of(result.get(), row));
    }
    return outcome;
}

Result<std::vector<Row>> Database::query(const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<Row> rows;
    auto done = each(sql, parameters, [&rows](const Row& row) -> Result<> {
        rows.push_back(row);
        return {};
    });
    if (!done) return done.error();
    return rows;
}

Result<std::string> Database::value(const std::string& sql, const std::vector<std::string>& parameters) {
    const auto rows = query(sql, parameters);
    if (!rows) return rows.error();
    if (rows->empty() || rows->front().empty()) return std::string();
    return rows->front().front().value_or("");
}

std::string quote_name(std::string_view text) { return quoted(text, '"'); }
// Under standard_conforming_strings, which every server that we use has on.
std::string quote_text(std::string_view text) { return quoted(text, '\''); }

}  // namespace fanion::backup
