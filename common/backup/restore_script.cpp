#include "common/backup/restore_script.hpp"

#include "common/backup/database.hpp"

namespace fanion::backup {
namespace {

constexpr std::string_view owner_clause = " OWNER TO ";
constexpr int first_with_transaction_timeout = 17;

// Whether the rest of an ALTER statement names this role, quoted or not.
bool is_role(std::string_view rest, const std::string& role) {
    return rest == role + ";" || rest == quote_name(role) + ";";
}

// What the first migration makes, in a server that does not have it yet.
std::string make_roles(const std::string& owner) {
    std::string sql;
    for (const std::string role : {"fanion_app", "fanion_lookup"}) {
        sql += "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + role + "') THEN CREATE ROLE " +
               role +
               " NOLOGIN NOINHERIT; END IF; "
               "IF NOT pg_has_role(" +
               quote_text(owner) + ", '" + role +
               "', 'MEMBER') THEN "
               "GRANT " +
               role + " TO " + quote_name(owner) + "; END IF; END $$;\n";
    }
    return sql;
}

}  // namespace

std::string prologue(const ScriptSettings& settings) {
    std::string sql = "BEGIN;\nSET LOCAL lock_timeout = '15s';\n";
    if (settings.is_replacing) sql += "DROP SCHEMA IF EXISTS fanion, fanion_days CASCADE;\n";
    sql += make_roles(settings.owner);
    for (const auto& extension : settings.extensions)
        sql += "CREATE EXTENSION IF NOT EXISTS " + quote_name(extension) + " SCHEMA public;\n";
    return sql;
}

std::string epilogue(std::string_view backup_id, std::uint64_t highest_epoch) {
    return "REVOKE CREATE ON SCHEMA fanion FROM fanion_lookup;\n"
           "UPDATE fanion.instance SET database_identity = " +
           quote_text("restored from " + std::string(backup_id)) + ", epoch = greatest(epoch, " +
           std::to_string(highest_epoch) + ");\nCOMMIT;\n";
}

void ScriptRewriter::append_line(std::string_view line, std::string& out) {
    if (is_data_) {
        is_data_ = line != "\\.";
        out += line;
        return;
    }
    is_data_ = line.starts_with("COPY ") && line.ends_with(" FROM stdin;");
    if (line.starts_with("SET transaction_timeout") && settings_.server_major < first_with_transaction_timeout) return;
    const auto clause = line.rfind(owner_clause);
    const bool names_owner = line.starts_with("ALTER ") && clause != line.npos &&
                             is_role(line.substr(clause + owner_clause.size()), settings_.dumped_owner);
    if (names_owner) {
        out += line.substr(0, clause + owner_clause.size());
        out += quote_name(settings_.owner) + ";";
        return;
    }
    out += line;
    // Functions are given to this role, which must be allowed to have them: the epilogue takes it back.
    if (line == "CREATE SCHEMA fanion;") out += " GRANT CREATE ON SCHEMA fanion TO fanion_lookup;";
}

std::string ScriptRewriter::feed(std::string_view bytes) {
    std::string out;
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
        rest_ += bytes.substr(0, end);
        append_line(rest_, out);
        out += '\n';
        rest_.clear();
        bytes.remove_prefix(end + 1);
    }
    rest_ += bytes;
    return out;
}

std::string ScriptRewriter::finish() {
    std::string out;
    append_line(rest_, out);
    rest_.clear();
    return out + "\n";
}

}  // namespace fanion::backup
