#include "control-plane/grpc/translation.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"

namespace fanion::cp::grpc {
namespace {

// The options of a change (WriteOptions), and the parameters of a page.
constexpr std::string_view options_field = "options";

struct Renamed {
    std::string_view field;
    std::string_view parameter;
};
constexpr Renamed page_fields[] = {{"page_size", "limit"}, {"page_token", "cursor"}, {"include_total", "total"}};
constexpr std::string_view option_parameters[] = {"comment", "dry_run", "strict", "confirm"};
// No field of a message.
constexpr std::string_view credential_header = "Authorization";
constexpr std::string_view credential_metadata = "authorization";

constexpr Renamed option_headers[] = {{"etag", "If-Match"}, {"idempotency_key", "Idempotency-Key"}};

std::string_view parameter_of(std::string_view field) noexcept {
    const auto* found = std::ranges::find(page_fields, field, &Renamed::field);
    return found == std::end(page_fields) ? field : found->parameter;
}

// Of what this process has written: an audit entry holds a whole state in one member of a page.
constexpr json::ScanLimits response_limits = {
    .bytes = 64 * 1024 * 1024, .depth = 100, .number_length = 1024, .string_bytes = 64 * 1024 * 1024};

// A scalar as a path or a query has it; of something else its JSON.
std::string text_of(const json::Tree& value) {
    return value.is(json::Kind::string) ? value.as_string() : value.to_text();
}

// What the path takes from the fields, which it removes from them.
class PathWriter {
public:
    PathWriter(json::Tree& fields, std::string& target, std::vector<Finding>& findings)
        : fields_(fields), target_(target), findings_(findings) {}

    void write(std::string_view path) {
        while (!path.empty()) {
            if (path.front() == '[') {
                const auto end = path.rfind(']');
                const auto part = path.substr(1, end - 1);
                if (is_any_given(part)) write(part);
                path.remove_prefix(end + 1);
            } else if (path.front() == '{') {
                const auto end = path.find('}');
                write_field(path.substr(1, end - 1));
                path.remove_prefix(end + 1);
            } else {
                const auto end = std::min(path.find_first_of("[{"), path.size());
                target_ += path.substr(0, end);
                path.remove_prefix(end);
            }
        }
    }

private:
    // Of the fields that a part in brackets names: one of them asks for the part, and then for the others.
    bool is_any_given(std::string_view part) const noexcept {
        for (auto at = part.find('{'); at != std::string_view::npos; at = part.find('{', at + 1)) {
            if (fields_.find(part.substr(at + 1, part.find('}', at) - at - 1))) return true;
        }
        return false;
    }

    void write_field(std::string_view name) {
        const auto* value = fields_.find(name);
        if (!value) {
            findings_.push_back({"", "{" + std::string(name) + "}", "missing", std::string(name) + " is required"});
            return;
        }
        target_ += percent_encode(text_of(*value));
        fields_.remove(name);
    }

    json::Tree& fields_;
    std::string& target_;
    std::vector<Finding>& findings_;
};

class QueryWriter {
public:
    explicit QueryWriter(std::string& target) : target_(target) {}

    void add(std::string_view name, const json::Tree& value) {
        if (value.is(json::Kind::array)) {
            for (const auto& element : value.elements()) add(name, element);
            return;
        }
        target_ += has_query_ ? '&' : '?';
        has_query_ = true;
        target_ += name;
        target_ += '=';
        target_ += percent_encode(text_of(value));
    }

    // `pairs` is "env={environment}&..": the fields with these names, which are removed.
    void add_renamed(std::string_view pairs, json::Tree& fields) {
        for (const auto pair : split(pairs, '&')) {
            const auto equals = pair.find("={");
            const auto field = pair.substr(equals + 2, pair.size() - equals - 3);
            const auto* value = fields.find(field);
            if (!value) continue;
            add(pair.substr(0, equals), *value);
            fields.remove(field);
        }
    }

private:
    std::string& target_;
    bool has_query_ = false;
};

json::Tree take(json::Tree& fields, std::string_view name) {
    auto* found = fields.find(name);
    if (!found) return json::Tree::object();
    auto taken = std::move(*found);
    fields.remove(name);
    return taken;
}

void apply_options(const json::Tree& options, RestRequest& request, QueryWriter& query) {
    for (const auto& [name, value] : options.members()) {
        const auto* header = std::ranges::find(option_headers, name, &Renamed::field);
        if (header == std::end(option_headers)) {
            query.add(name, value);
        } else {
            request.headers.emplace_back(header->parameter, text_of(value));
        }
    }
}

std::string body_of(const Rpc& rpc, json::Tree& fields) {
    if (rpc.body_from == Body::rest) return std::exchange(fields, json::Tree::object()).to_text();
    return take(fields, rpc.body).to_text();
}

const std::string* find_header(const net::Response& response, std::string_view name) noexcept {
    for (const auto& [known, value] : response.headers) {
        if (known == name) return &value;
    }
    return nullptr;
}

// "production=1763719200.4711, staging=.." as a map.
json::Tree ruleset_versions(std::string_view text) {
    auto versions = json::Tree::object();
    for (const auto part : split(text, ',')) {
        const auto pair = trim(part);
        const auto equals = pair.rfind('=');
        if (equals == std::string_view::npos) continue;
        versions.set(pair.substr(0, equals), json::Tree::string(std::string(pair.substr(equals + 1))));
    }
    return versions;
}

json::Tree write_result(const net::Response& response) {
    auto result = json::Tree::object();
    if (const auto* etag = find_header(response, "ETag")) result.set("etag", json::Tree::string(*etag));
    if (const auto* versions = find_header(response, "Fanion-Ruleset-Version")) {
        result.set("ruleset_versions", ruleset_versions(*versions));
    }
    if (find_header(response, "Idempotency-Replayed")) result.set("replayed", json::Tree::boolean(true));
    return result;
}

json::Tree page_fields_of(const Rpc& rpc, json::Tree body) {
    auto fields = json::Tree::object();
    for (auto& [name, value] : body.members()) {
        if (value.is(json::Kind::null)) continue;
        fields.set(name == "items" ? rpc.answer : name == "next" ? "next_page_token" : name, std::move(value));
    }
    return fields;
}

json::Tree change_fields_of(const Rpc& rpc, json::Tree body, const net::Response& response) {
    auto fields = json::Tree::object();
    auto result = write_result(response);
    if (body.find("dry_run")) {
        result.set("dry_run", std::move(body));
    } else if (!rpc.answer.empty() && body.is(json::Kind::object)) {
        fields.set(rpc.answer, std::move(body));
    }
    fields.set("result", std::move(result));
    return fields;
}

// Tokens of a JSON pointer as a path of fields.
void append_pointer_as_path(std::string& path, std::string_view pointer) {
    const auto tokens = json::parse_pointer(pointer);
    if (!tokens) return;
    for (const auto& token : *tokens) {
        if (!token.empty() && std::ranges::all_of(token, is_digit)) {
            path += '[' + token + ']';
        } else {
            if (!path.empty()) path += '.';
            path += token;
        }
    }
}

}  // namespace

Result<RestRequest> to_rest(const Rpc& rpc, json::Tree fields) {
    RestRequest request;
    request.method = rpc.method;
    const auto options = take(fields, options_field);
    std::vector<Finding> missing;
    const auto question = std::min(rpc.path.find('?'), rpc.path.size());
    PathWriter(fields, request.target, missing).write(rpc.path.substr(0, question));
    if (!missing.empty()) {
        auto detail = missing.front().detail;
        return Error{Errc::invalid_input, std::move(detail), std::move(missing)};
    }
    QueryWriter query(request.target);
    if (question < rpc.path.size()) query.add_renamed(rpc.path.substr(question + 1), fields);
    if (rpc.body_from != Body::none) {
        request.body = body_of(rpc, fields);
        request.headers.emplace_back("Content-Type", rpc.media_type);
        if (request.body.size() > limits::request_body_bytes) {
            return Error{Errc::too_large, "as JSON the request is larger than 2 MiB"};
        }
    }
    for (const auto& [name, value] : fields.members()) query.add(parameter_of(name), value);
    apply_options(options, request, query);
    return request;
}

Result<json::Tree> to_fields(const Rpc& rpc, const net::Response& response) {
    auto body = json::Tree();
    if (!response.bytes().empty()) {
        auto parsed = json::Tree::parse(response.bytes(), response_limits);
        if (!parsed) return Error{Errc::internal, "a response that is not JSON: " + parsed.error().detail};
        body = std::move(*parsed);
    }
    const bool may_be_empty = rpc.answer_as == Answer::change;
    if (!body.is(json::Kind::object) && !may_be_empty) return Error{Errc::internal, "a response without an object"};
    switch (rpc.answer_as) {
        case Answer::page:
            return page_fields_of(rpc, std::move(body));
        case Answer::change:
            return change_fields_of(rpc, std::move(body), response);
        case Answer::resource: {
            auto fields = json::Tree::object();
            fields.set(rpc.answer, std::move(body));
            if (const auto* etag = find_header(response, "ETag")) fields.set("etag", json::Tree::string(*etag));
            return fields;
        }
        case Answer::whole:
        case Answer::events:
            break;
    }
    return body;
}

std::string field_path(const Rpc& rpc, std::string_view pointer) {
    if (pointer == credential_header) return std::string(credential_metadata);
    for (const auto& [field, header] : option_headers) {
        if (pointer == header) return std::string(options_field) + '.' + std::string(field);
    }
    if (pointer.starts_with('?')) {
        pointer.remove_prefix(1);
        if (const auto space = pointer.find(' '); space != std::string_view::npos) pointer = pointer.substr(0, space);
        if (std::ranges::find(option_parameters, pointer) != std::end(option_parameters)) {
            return std::string(options_field) + '.' + std::string(pointer);
        }
        const auto* renamed = std::ranges::find(page_fields, pointer, &Renamed::parameter);
        return std::string(renamed == std::end(page_fields) ? pointer : renamed->field);
    }
    if (pointer.starts_with('{')) {
        const auto name = pointer.substr(1, pointer.size() - 2);
        return name == "env" ? "environment" : std::string(name);
    }
    std::string path(rpc.body_from == Body::field ? rpc.body : "");
    append_pointer_as_path(path, pointer);
    return path;
}

}  // namespace fanion::cp::grpc
