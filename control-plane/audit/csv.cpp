#include "control-plane/audit/csv.hpp"

#include "common/base/text.hpp"
#include "control-plane/audit/resource.hpp"

namespace fanion::cp::audit {
namespace {

constexpr std::string_view formula_starts = "=+-@\t\r\n";
constexpr std::string_view columns =
    "seq,id,at,actor_kind,actor_id,actor_email,credential_id,action,resource,project,environment,group,comment,"
    "request_id,peer,published,before,after,patch,hash\r\n";

// A string as it is, anything else as JSON; nothing for null and what is missing.
std::string text_of(const json::Tree& entry, std::string_view name) {
    const auto* value = entry.find(name);
    if (!value || value->is(json::Kind::null)) return "";
    return value->is(json::Kind::string) ? value->as_string() : value->to_text();
}

std::string time_of(const json::Tree& entry) {
    const auto at = parse_i64(text_of(entry, "at"));
    return at ? format_rfc3339(*at) : "";
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell;
    const bool is_formula = !text.empty() && formula_starts.find(text.front()) != std::string_view::npos;
    if (is_formula) cell += '\'';
    const bool is_quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (!is_quoted) return cell.append(text);
    cell.insert(0, "\"");
    for (const char c : text) {
        if (c == '"') cell += '"';
        cell += c;
    }
    return cell += '"';
}

std::string csv_head() { return std::string(columns); }

void append_csv_row(std::string& out, const ChainLink& link, std::string_view actor_email) {
    const auto entry = parse_entry(link.canonical);
    const auto place = place_of(text_of(entry, "resource"));
    auto group = text_of(entry, "group");
    if (group.empty()) group = text_of(entry, "id");
    out += std::to_string(link.seq);
    for (const auto& cell :
         {text_of(entry, "id"), time_of(entry), text_of(entry, "actor_kind"), text_of(entry, "actor_id"),
          std::string(actor_email), text_of(entry, "credential_id"), text_of(entry, "action"),
          text_of(entry, "resource"), place.project, place.environment, group, text_of(entry, "comment"),
          text_of(entry, "request_id"), text_of(entry, "peer"), text_of(entry, "published"), text_of(entry, "before"),
          text_of(entry, "after"), text_of(entry, "patch"), to_hex(link.hash)}) {
        out += ',';
        out += csv_cell(cell);
    }
    out += "\r\n";
}

}  // namespace fanion::cp::audit
