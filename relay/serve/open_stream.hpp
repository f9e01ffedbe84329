#pragma once

// What event streams have in common, whatever their form: admission, and who is behind one while
// it is open. Functions of one worker thread.

#include <optional>
#include <string>
#include <string_view>

#include "relay/serve/admission.hpp"

namespace fanion::relay::serve {

// The subprotocols that a request for a WebSocket may offer: the one that is spoken, and one that
// gives the key, because the WebSockets of pages have no headers.
inline constexpr std::string_view stream_protocol = "fanion.v1";
inline constexpr std::string_view key_protocol = "fanion.key.";

// Like admit(); also refused where no further stream of the key may be opened, and while the relay
// shuts down.
Admission admit_stream(WorkerDeps& services, const net::Request& request, Credential credential);
// The same for a WebSocket: its key may be a subprotocol, and who asks from a page must be allowed
// to read the answer. Browsers do not see to that as they do for other requests.
Admission admit_websocket(WorkerDeps& services, const net::Request& request, Credential credential);

// The environment and the key, if the relay still holds the environment and the key is still valid
// for it; else null members. Valid until the worker looks at the serving state again.
Caller current_caller(WorkerDeps& services, std::string_view env_id, std::string_view key_id);

// Counts an open stream for as long as it lives. `sdk`: what asks for a ruleset, as sdk_of() says;
// none for streams of another kind.
class OpenStream {
public:
    OpenStream(WorkerDeps& services, const std::string& key_id, std::optional<std::string_view> sdk = std::nullopt)
        : services_(services), slot_(services.notifier, key_id) {
        services.metrics.stream_opened();
        if (sdk) sdk_.emplace(services.sdks, *sdk);
    }
    OpenStream(const OpenStream&) = delete;
    ~OpenStream() { services_.metrics.stream_closed(); }

private:
    WorkerDeps& services_;
    ChangeNotifier::StreamSlot slot_;
    std::optional<rulesets::SdkStreams::Slot> sdk_;
};

}  // namespace fanion::relay::serve
