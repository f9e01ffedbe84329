#include "control-plane/segments/upload.hpp"

#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::segments {

Result<FileFormat> read_new_upload(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        const auto format = parse_file_format(r.string("format", "csv"));
        if (!format) r.fail_at("format", "bad_value", "`format` is `csv` or `lines`");
        return format.value_or(FileFormat::csv);
    });
}

Result<int> read_part_number(std::string_view text) {
    const auto number = parse_u64(text);
    if (number && *number >= 1 && *number <= most_parts) return static_cast<int>(*number);
    auto detail = "a part is a number from 1 to " + std::to_string(most_parts);
    return Error{Errc::invalid_input, detail, {{"", "{part}", "out_of_range", detail}}};
}

Result<> check_complete(const Upload& upload) {
    int expected = 1;
    for (const auto& part : upload.parts)
        if (part.part == expected) ++expected;
    const bool is_complete = !upload.parts.empty() && upload.parts.back().part == expected - 1;
    if (is_complete) return boost::system::in_place_value;
    auto detail = "part " + std::to_string(expected) + " of the upload is missing";
    return Error{Errc::conflict, detail, {{"", "", "missing_part", detail}}};
}

void write_members(json::Writer& w, const Upload& upload) {
    w.member("id", upload.upload_id.str()).member("format", name_of(upload.format)).key("parts").begin_array();
    for (const auto& part : upload.parts) {
        w.begin_object().member("part", std::int64_t{part.part}).member("bytes", std::uint64_t{part.bytes});
        w.end_object();
    }
    w.end_array().member("created_by", upload.created_by).member("created_at", format_rfc3339(upload.created_at));
    w.member("expires_at", format_rfc3339(upload.created_at + upload_ms));
}

std::string to_json(const Upload& upload) {
    return body::object_text([&](json::Writer& w) { write_members(w, upload); });
}

}  // namespace fanion::cp::segments
