#pragma once
// PagerDuty as a sink (Events API v2): a service with its own on-call and escalation.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "integrations/registry.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

struct PagerDutySettings {
    schema::Position at;  // of the entry
    Secret routing_key;
    schema::Located<std::string> url{"https://events.pagerduty.com/v2"};
    std::string service;
    Secret api_token;
    schema::Located<std::string> api_url{"https://api.pagerduty.com"};
    Secret webhook_secret;
    Duration timeout = seconds(10);
};
[[nodiscard]] schema::Table<PagerDutySettings> table_of(const PagerDutySettings*);

[[nodiscard]] std::shared_ptr<const Sink> make_pagerduty(PagerDutySettings settings,
                                                         SinkContext context);
[[nodiscard]] IntegrationKind pagerduty_kind();

}  // namespace tocsin::integrations
