#include <chrono>
#include <cstdio>
#include <thread>

#include "common/cli/audit_options.hpp"
#include "common/cli/organisation.hpp"
#include "common/json/reader.hpp"
#include "common/wire/sse_parser.hpp"

namespace fanion::cli {
namespace {

constexpr auto reconnect_after = std::chrono::milliseconds(1'500);
constexpr int most_failures = 20;  // in a row, without an event

std::string line_of(const wire::SseEvent& event) {
    if (event.event == "reset") return "-- changes up to " + event.id + " are not kept any more";
    json::Document document;
    if (!document.parse(event.text())) return std::string(event.text());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    auto actor = r.object("actor");
    const auto email = actor.optional_string("email").value_or("");
    const auto id = actor.string("id", "");
    const auto who = !email.empty() ? email : !id.empty() ? id : actor.string("kind", "");
    auto line = r.string("at", "") + "  " + r.string("id", "") + "  " + who + "  " + r.string("action", "") + "  " +
                r.string("resource", "");
    if (const auto comment = r.string("comment", ""); !comment.empty()) line += "  " + visible(comment);
    return line;
}

// What was printed so far, and where to go on.
class Tail {
public:
    Tail(const AuditOptions& options, const Terminal& terminal)
        : terminal_(terminal), count_(options.count), last_id_(options.since) {}

    bool take(std::string_view bytes) {
        std::vector<wire::SseEvent> events;
        if (!parser_.feed(bytes, events)) return false;
        for (const auto& event : events) {
            if (is_done()) break;
            terminal_.print(terminal_.json ? event.text() : line_of(event));
            std::fflush(stdout);
            ++printed_;
            last_id_ = event.id;
            has_progressed_ = true;
        }
        return !is_done();
    }
    bool is_done() const noexcept { return count_ > 0 && printed_ >= count_; }
    const std::string& last_id() const noexcept { return last_id_; }
    bool take_progress() noexcept { return std::exchange(has_progressed_, false); }
    void reconnect() { parser_.reset(); }

private:
    const Terminal& terminal_;
    std::uint64_t count_;
    std::uint64_t printed_ = 0;
    std::string last_id_;
    wire::SseParser parser_;
    bool has_progressed_ = false;
};

bool is_worth_retrying(Errc code) {
    return code == Errc::network || code == Errc::timed_out || code == Errc::unavailable || code == Errc::rate_limited;
}

}  // namespace

// Streams end now and then, also without a failure: then the next one goes on where it ended.
Exit run_audit_tail(const AuditOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    Tail tail(options, terminal);
    for (int failures = 0;;) {
        const AdminCall call{.path = org->path + "/events", .last_event_id = tail.last_id()};
        const auto streamed = org->client.stream(call, [&tail](std::string_view bytes) { return tail.take(bytes); });
        if (tail.is_done()) return Exit::ok;
        failures = tail.take_progress() || streamed ? 0 : failures + 1;
        if (!streamed && (!is_worth_retrying(streamed.error().code) || failures >= most_failures))
            return terminal.fail(streamed.error());
        tail.reconnect();
        std::this_thread::sleep_for(reconnect_after);
    }
}

}  // namespace fanion::cli
