#pragma once

// An audit log as CSV (RFC 4180), for spreadsheets. Pure.

#include <string>
#include <string_view>

#include "control-plane/audit/entry.hpp"

namespace fanion::cp::audit {

// A cell. Text that a spreadsheet would take for a formula (it begins with one of = + - @, a tab or
// a line end) gets an apostrophe in front.
std::string csv_cell(std::string_view text);

// The line of names; ends with CRLF.
std::string csv_head();
// Throws if the canonical bytes are not JSON.
void append_csv_row(std::string& out, const ChainLink& link, std::string_view actor_email);

}  // namespace fanion::cp::audit
