#pragma once
// Any HTTP endpoint as a sink: one signed JSON request per person (Standard Webhooks).

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "integrations/registry.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

struct WebhookSettings {
    schema::Located<std::string> url;
    Secret signing_secret;
    Duration timeout = seconds(10);
};
[[nodiscard]] schema::Table<WebhookSettings> table_of(const WebhookSettings*);

[[nodiscard]] std::shared_ptr<const Sink> make_webhook(WebhookSettings settings,
                                                       SinkContext context);
[[nodiscard]] IntegrationKind webhook_kind();

}  // namespace tocsin::integrations
