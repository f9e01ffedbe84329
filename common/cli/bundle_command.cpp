#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/cli/bundle_check.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/writer.hpp"
#include "common/store/document_reader.hpp"
#include "common/store/object_store.hpp"

namespace fanion::cli {
namespace {

struct BundleOptions {
    std::string location;  // verify
    std::string trust;
    std::string org, project;
    std::vector<std::string> envs;
    std::string from;
    std::string output;
    std::string credentials_file, ca_file;

    store::Access access() const { return {credentials_file, ca_file}; }
};

struct Row {
    std::string env_id, place, version, problem;
    std::uint64_t items = 0;
};

std::string place_of(const wire::Manifest& m) { return m.org + "/" + m.project + "/" + m.env; }

Row row_of(const wire::Manifest& m) { return {m.env_id, place_of(m), wire::to_string(m.version), "", m.items}; }

// What nobody has verified: as it is, or nothing where a terminal could take it for something else.
std::string claimed_place(const wire::BundleDocument& document) {
    const auto is_shown = [](char c) { return c > ' ' && c < 127; };
    return std::ranges::all_of(document.place, is_shown) ? document.place : std::string();
}

Row row_of(std::string_view bytes, const Error& error) {
    const auto claimed = wire::read_bundle_document(bytes);
    Row row;
    if (claimed && !claimed->is_trust())
        row = {claimed->env_id, claimed_place(*claimed), wire::to_string(claimed->version), "", 0};
    if (claimed && claimed->is_trust()) row.place = "trust document " + std::to_string(claimed->trust);
    row.problem =
        error.findings.empty() ? error.detail : error.findings.front().code + ": " + error.findings.front().detail;
    return row;
}

std::string report(const std::vector<Row>& rows, const wire::TrustDocument& trust, bool as_json) {
    if (as_json) {
        std::string out;
        json::Writer w(out);
        w.begin_object().member("iss", trust.iss).member("trust", trust.version).key("environments").begin_array();
        for (const auto& row : rows) {
            w.begin_object().member("env_id", row.env_id).member("place", row.place).member("version", row.version);
            w.member("items", row.items).member("problem", row.problem).end_object();
        }
        w.end_array().end_object();
        return out;
    }
    std::vector<std::vector<std::string>> lines{{"ENVIRONMENT", "ID", "VERSION", "ITEMS", "RESULT"}};
    for (const auto& row : rows) {
        lines.push_back({row.place, row.env_id, row.version, std::to_string(row.items),
                         row.problem.empty() ? "verified" : row.problem});
    }
    return table(lines) + "\nissuer " + trust.iss + ", trust document " + std::to_string(trust.version);
}

// Calls `use(bytes)` for each document at a location.
template <class Use>
Result<> for_each_document(const std::string& text, const store::Access& access, Use use) {
    auto location = store::parse_location(text);
    if (!location) return location.error();
    auto reader = store::open_documents(*location, access, {});
    // A file that cannot be read is a mistake of the command, as everywhere.
    if (!reader && location->kind == store::Location::Kind::path)
        return Error{Errc::invalid_input, reader.error().detail};
    if (!reader) return reader.error();
    for (;;) {
        auto document = (*reader)->next();
        if (!document) return document.error();
        if (!*document) return {};
        if (const std::string env_id = use(std::move(**document)); !env_id.empty()) (*reader)->skip_older(env_id);
    }
}

Exit run_verify(const BundleOptions& options, const Terminal& terminal) {
    const auto trust = read_file(options.trust);
    if (!trust) return terminal.fail(trust.error());
    auto check = BundleCheck::begin(*trust);
    if (!check) return terminal.fail(check.error());
    std::vector<Row> rows;
    bool is_good = true;
    const auto done = for_each_document(options.location, options.access(), [&](const std::string& bytes) {
        const auto added = check->add(bytes);
        if (!added) rows.push_back(row_of(bytes, added.error()));
        if (added && *added) rows.push_back(row_of(**added));
        is_good = is_good && added;
        return added && *added ? (*added)->env_id : std::string();
    });
    if (!done) return terminal.fail(done.error());
    if (rows.empty()) return terminal.fail(Exit::refused, "there is no ruleset");
    terminal.print(report(rows, check->trust(), terminal.json));
    return is_good ? Exit::ok : Exit::refused;
}

struct Collected {
    std::vector<std::pair<std::string, std::string>> documents;  // object name, bytes
    std::vector<Row> rows;
};

// Trust documents and rulesets that verify; the first that does not is an error. What says that it is a trust document that
// is there already is left out: nothing has verified it.
Result<> collect(std::string bytes, BundleCheck& check, Collected& collected) {
    const auto trust = check.trust().version;
    const auto added = check.add(bytes);
    if (!added) return added.error();
    const auto document = wire::read_bundle_document(bytes).value();
    if (document.is_trust() && document.trust <= trust) return {};
    collected.documents.emplace_back(document.is_trust()
                                         ? wire::trust_object_name(document.trust)
                                         : wire::snapshot_object_name(document.env_id, document.version),
                                     std::move(bytes));
    if (*added) collected.rows.push_back(row_of(**added));
    return {};
}

Result<> collect_from_place(const BundleOptions& options, BundleCheck& check, Collected& collected) {
    Result<> collecting;
    auto read = for_each_document(options.from, options.access(), [&](std::string bytes) {
        const auto before = collected.rows.size();
        if (collecting) collecting = collect(std::move(bytes), check, collected);
        return collected.rows.size() > before ? collected.rows.back().env_id : std::string();
    });
    return read ? collecting : read;
}

Result<> collect_from_server(const BundleOptions& options, BundleCheck& check, Collected& collected) {
    if (options.envs.empty()) return Error{Errc::invalid_input, "no environment given; use --env, or --from"};
    for (const auto& env : options.envs) {
        auto place = FlagPlace::open_project(options.org, options.project, env);
        if (!place) return place.error();
        std::string bytes;
        const auto path = place->environment() + "/ruleset?form=signed";
        const auto done = place->client().stream({.path = path}, [&bytes](std::string_view part) {
            bytes += part;
            return true;
        });
        if (!done) return done.error();
        if (auto collecting = collect(std::move(bytes), check, collected); !collecting) return collecting;
    }
    return {};
}

Result<> write(const std::string& output, const store::Access& access, const Collected& collected) {
    const auto location = store::parse_location(output);
    if (!location) return location.error();
    std::error_code ignored;
    const bool is_file = location->kind == store::Location::Kind::path && !output.ends_with('/') &&
                         !std::filesystem::is_directory(output, ignored);
    if (is_file) {
        std::string bundle;
        for (const auto& [name, bytes] : collected.documents) bundle += bytes;
        return write_private_file(output, bundle);
    }
    auto store = store::make_object_store(*location, access);
    if (!store) return store.error();
    for (const auto& [name, bytes] : collected.documents) {
        if (auto put = (*store)->put(name, bytes); !put) return put;
    }
    return {};
}

Exit run_export(const BundleOptions& options, const Terminal& terminal) {
    const auto trust = read_file(options.trust);
    if (!trust) return terminal.fail(trust.error());
    auto check = BundleCheck::begin(*trust);
    if (!check) return terminal.fail(check.error());
    Collected collected;
    for (auto& bytes : split_bundle(*trust).value()) {  // which have been checked
        const auto document = wire::read_bundle_document(bytes);
        if (!document) return terminal.fail(document.error());
        collected.documents.emplace_back(wire::trust_object_name(document->trust), std::move(bytes));
    }
    auto collecting = options.from.empty() ? collect_from_server(options, *check, collected)
                                           : collect_from_place(options, *check, collected);
    if (!collecting) return terminal.fail(collecting.error());
    if (collected.rows.empty()) return terminal.fail(Exit::refused, "there is no ruleset");
    if (auto written = write(options.output, options.access(), collected); !written)
        return terminal.fail(written.error());
    terminal.print(report(collected.rows, check->trust(), terminal.json));
    return Exit::ok;
}

void add_shared_options(CLI::App& command, BundleOptions& options) {
    command.add_option("--trust", options.trust, "file with the first trust document")->required();
    command.add_option("--store-credentials", options.credentials_file,
                       "file with the credentials of a bucket or Redis");
    command.add_option("--store-ca-file", options.ca_file, "PEM file of the certificate authorities trusted there");
}

}  // namespace

void add_bundle_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<BundleOptions>();
    auto* group = group_of(app, "bundle", "work with bundles, from which relays can start");
    auto* verify = add_command(*group, session, options, "verify",
                               "verify a bundle, as a relay would; exit with 1 on failure", run_verify);
    verify->add_option("location", options->location, "a file, a folder, or a URL (https, s3, redis)")->required();
    add_shared_options(*verify, *options);
    auto* write = add_command(*group, session, options, "export",
                              "write trust documents and signed rulesets where relays can start from", run_export);
    write->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    write->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    auto* envs = write->add_option("--env", options->envs, "environment; may be repeated");
    write
        ->add_option("--from", options->from,
                     "another place instead of the control plane, as for verify; all that it has")
        ->excludes(envs);
    write->add_option("--output", options->output, "a file, a folder (with / at the end), s3://.. or redis://..")
        ->required();
    add_shared_options(*write, *options);
}

}  // namespace fanion::cli
