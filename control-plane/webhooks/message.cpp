#include "control-plane/webhooks/message.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::webhooks {
namespace {

void write_state_of(json::Writer& w, std::string_view name, const std::string& state) {
    w.key(name);
    if (state.empty()) {
        w.null();
    } else {
        w.raw(state);
    }
}

void write_optional(json::Writer& w, std::string_view name, std::string_view text) {
    if (!text.empty()) w.member(name, text);
}

void write_states(json::Writer& w, const Event& event) {
    if (event.before.size() + event.after.size() + event.patch.size() > message_state_bytes) {
        w.member("states_omitted", true);
        return;
    }
    write_state_of(w, "before", event.before);
    write_state_of(w, "after", event.after);
    if (!event.patch.empty()) w.key("patch").raw(event.patch);
}

std::string generic_body(const Event& event) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("type", event.type).member("timestamp", format_rfc3339(event.at));
    w.key("data").begin_object();
    write_optional(w, "id", event.entry_id);
    if (event.seq > 0) w.member("seq", event.seq);
    w.member("org", event.org);
    write_optional(w, "project", project_of(event));
    write_optional(w, "environment", environment_of(event));
    w.member("resource", event.resource);
    w.key("actor").begin_object().member("kind", event.actor_kind);
    write_optional(w, "id", event.actor_id);
    write_optional(w, "email", event.actor_email);
    w.end_object().member("comment", event.comment);
    write_states(w, event);
    if (!event.published.empty()) {
        w.key("published").begin_object();
        for (const auto& [environment, version] : event.published) w.member(environment, version);
        w.end_object();
    }
    w.end_object().end_object();
    return out;
}

// "checkout of project web in production": what changed, and where.
std::string place_of(const Event& event) {
    std::string place;
    if (const auto environment = environment_of(event);
        !environment.empty() && subject_of(event) != "environment " + std::string(environment))
        place += " in " + std::string(environment);
    if (const auto project = project_of(event);
        !project.empty() && subject_of(event) != "project " + std::string(project))
        place += " of project " + std::string(project);
    return place;
}

std::string actor_of(const Event& event) {
    if (!event.actor_email.empty()) return event.actor_email;
    return event.actor_id.empty() ? event.actor_kind : event.actor_kind + ' ' + event.actor_id;
}

// "configured" of "flag.configured".
std::string verb_of(const Event& event) {
    const auto dot = event.type.find('.');
    return dot == std::string::npos ? event.type : event.type.substr(dot + 1);
}

std::string replace_each(std::string_view text, std::string (*replacement)(char)) {
    std::string out;
    for (const char c : text) out += replacement(c);
    return out;
}

// https://api.slack.com/reference/surfaces/formatting#escaping. The rest of its markup stands for itself between words.
std::string for_slack(char c) {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    return c == '\n' || c == '\r' ? std::string(" ") : std::string(1, c);
}

// Text blocks of Adaptive Cards take a part of Markdown.
std::string for_teams(char c) {
    constexpr std::string_view special = "\\`*_[]()#~>";
    if (c == '\n' || c == '\r') return " ";
    return special.find(c) == std::string_view::npos ? std::string(1, c) : std::string("\\") + c;
}

std::string slack_body(const Event& event) {
    const auto shown = [](std::string_view text) { return replace_each(text, for_slack); };
    auto text = "*" + shown(subject_of(event)) + "* " + shown(verb_of(event)) + shown(place_of(event)) + " by " +
                shown(actor_of(event));
    if (!event.comment.empty()) text += "\n&gt; " + shown(event.comment);
    std::string out;
    json::Writer(out).begin_object().member("text", text).end_object();
    return out;
}

void write_fact(json::Writer& w, std::string_view title, std::string_view value) {
    if (value.empty()) return;
    w.begin_object().member("title", title).member("value", replace_each(value, for_teams)).end_object();
}

void write_card(json::Writer& w, const Event& event) {
    w.begin_object().member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    w.member("type", "AdaptiveCard").member("version", "1.4").key("body").begin_array();
    const auto title = replace_each(subject_of(event) + ' ' + verb_of(event) + place_of(event), for_teams);
    w.begin_object().member("type", "TextBlock").member("text", title).member("weight", "Bolder");
    w.member("size", "Medium").member("wrap", true).end_object();
    w.begin_object().member("type", "FactSet").key("facts").begin_array();
    write_fact(w, "By", actor_of(event));
    write_fact(w, "Organisation", event.org);
    write_fact(w, "Project", project_of(event));
    write_fact(w, "Environment", environment_of(event));
    write_fact(w, "At", format_rfc3339(event.at));
    write_fact(w, "Comment", event.comment);
    w.end_array().end_object().end_array().end_object();
}

std::string teams_body(const Event& event) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("type", "message").key("attachments").begin_array().begin_object();
    w.member("contentType", "application/vnd.microsoft.card.adaptive").key("contentUrl").null().key("content");
    write_card(w, event);
    w.end_object().end_array().end_object();
    return out;
}

}  // namespace

std::string_view name_of(Template name) noexcept {
    switch (name) {
        case Template::generic:
            return "generic";
        case Template::slack:
            return "slack";
        case Template::teams:
            return "teams";
    }
    return "";
}

std::optional<Template> parse_template(std::string_view name) noexcept {
    for (const auto known : {Template::generic, Template::slack, Template::teams}) {
        if (name_of(known) == name) return known;
    }
    return std::nullopt;
}

std::string message_body(Template form, const Event& event) {
    switch (form) {
        case Template::slack:
            return slack_body(event);
        case Template::teams:
            return teams_body(event);
        case Template::generic:
            break;
    }
    return generic_body(event);
}

}  // namespace fanion::cp::webhooks
