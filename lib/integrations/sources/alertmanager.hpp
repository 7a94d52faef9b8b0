#pragma once
// Alertmanager as a source: its webhook, its ingestion API (as a server), its list (as a client).

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "core/event.hpp"
#include "integrations/request.hpp"

namespace tocsin::integrations {

/// What was cut to keep the bounds of limits.hpp; worth a metric and a log line, never a refusal.
struct Cut {
    std::size_t labels_dropped = 0;  // beyond labels_per_alert_max (annotations too)
    std::size_t values_cut = 0;      // beyond *_value_bytes_max
    bool operator==(const Cut&) const = default;
};

/// A webhook body (Alertmanager webhook, version "4").
struct WebhookRead {
    std::vector<core::AlertSeen> alerts;  // `source` is the caller's to fill
    std::uint64_t truncated_alerts = 0;   // more than 0: never conclude "all clear" from it
    std::string receiver;                 // without Alertmanager's regular expression escapes
    std::string version;
    std::string external_url;
    std::string group_key;                // for people; not an identity
    std::vector<std::string> complaints;  // what was skipped or guessed; bounded
    Cut cut;
};

/// Errors (400): not JSON, too deep, not an object, no `alerts` list. Everything else is tolerated:
/// unknown and duplicate keys (the last wins), missing fields. The status of each alert counts, the
/// group's is not looked at; one without status is resolved iff it has a real `endsAt`.
[[nodiscard]] Result<WebhookRead> read_webhook(std::string_view body);

/// A body of POST /api/v2/alerts, as Prometheus and vmalert send it.
struct PostRead {
    std::vector<core::AlertSeen> alerts;  // firing ones are leased: `ends_at` is their lease's end
    std::vector<std::string> complaints;  // not empty: answer 400, after storing the valid ones
    Cut cut;
};

/// Errors: not JSON, not a list. An alert without labels, with a label name outside
/// [a-zA-Z_][a-zA-Z0-9_]*, an unreadable time, or an end before its start is a complaint and is not
/// among `alerts`. An alert whose `endsAt` is not after `now` is resolved.
[[nodiscard]] Result<PostRead> read_v2_alerts(std::string_view body, Instant now);

/// One alert of GET /api/v2/alerts.
struct ListedAlert {
    core::AlertSeen alert;
    std::uint64_t fingerprint = 0;  // computed from its labels
    std::string state;              // "active", "suppressed", "unprocessed"
    std::vector<std::string> receivers;
};

/// The whole list, in the order of the answer. Errors: refused, not reached, not JSON, not a list.
[[nodiscard]] Result<std::vector<ListedAlert>> read_alert_list(const Answer& answer);

/// Asks for everything, also what is silenced or inhibited: those are not over.
/// `url` is the Alertmanager's, with or without `/api/v2` at its end.
[[nodiscard]] HttpRequest alert_list_request(std::string_view url, Duration timeout,
                                             std::vector<Header> headers = {});

/// `AlertsListed::fingerprints` of a list: sorted, each once.
[[nodiscard]] std::vector<std::uint64_t> fingerprints_of(const std::vector<ListedAlert>& alerts);

}  // namespace tocsin::integrations
