#pragma once

// The part of the configuration that `fanion-relay inject-webhook` has of its own. Private to
// relay/app.

#include "relay/app/config.hpp"

namespace fanion::relay::app {

config::Command inject_command();

void describe_webhook(config::Options& options, Config& config);

// What must be right for the webhook to serve; reads the sidecar's file.
void validate_webhook(Config& config, config::Reading& out);

}  // namespace fanion::relay::app
