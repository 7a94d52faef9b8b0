#pragma once
// Event: everything that can happen to the engine, as past-tense facts in one closed variant.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/labels.hpp"
#include "base/time.hpp"
#include "core/command.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

/// One alert of a webhook or of a post to /api/v2/alerts.
struct AlertSeen {
    std::string source;
    Labels labels;
    Labels annotations;  // generatorURL under generator_url_annotation
    bool firing = true;
    bool leased = false;               // /api/v2/alerts: `ends_at` is a promise to refresh
    std::optional<Instant> starts_at;  // absent: now
    std::optional<Instant> ends_at;    // absent in a leased alert: now + 5 m
};

struct Series {
    Labels labels;
    double value = 0;
};

/// What one source said to one rule's expression. Four answers stay apart.
struct SourceAnswer {
    enum class Kind : std::uint8_t { complete, partial, error };
    std::string source;
    Kind kind = Kind::complete;
    std::vector<Series> series;   // the source's own labels are added by step()
    std::string detail;           // what the peer said, for partial and error
    bool source_answered = true;  // false: an error of the way there (refused, timeout, 5xx), not
                                  // of this query
};

/// A rule's expression was evaluated at a slot time: on one source, or for `agree: all` on all.
struct Evaluated {
    std::string rule;
    std::uint64_t content_hash = 0;  // an answer to an older version of the rule is ignored
    Instant at;
    std::vector<SourceAnswer> answers;
};

struct SourceSilent {
    std::string source;
    Instant since;
    std::string detail;  // "connection refused", "Watchdog not seen"
};
struct SourceBack {
    std::string source;
};

/// A polled Alertmanager's whole list: what we hold firing from it and it lacks is over.
struct AlertsListed {
    std::string source;
    std::vector<std::uint64_t> fingerprints;  // sorted
};

/// A sender was refused in a way that makes it lose alerts: `what` is "oversize" or "rejected".
struct SenderRejected {
    std::string what;
    std::string sender;
    std::string detail;
};

struct DeliveryStarted {
    std::uint64_t id = 0;
};
struct Delivered {
    std::uint64_t id = 0;
    std::string remote;
};
struct DeliveryFailed {
    std::uint64_t id = 0;
    std::string reason;
    bool permanent = false;
};

/// A service pager shows our key (webhook or REST).
struct PageConfirmed {
    std::uint64_t incident = 0;
    std::string integration;
    std::string page_key;
};

struct CommandGiven {
    std::uint64_t incident = 0;
    std::string by;
    Command command;
};

struct RulesLoaded {
    RulesetPtr ruleset;
};
struct Tick {};

using Event = std::variant<AlertSeen, Evaluated, SourceSilent, SourceBack, AlertsListed,
                           SenderRejected, DeliveryStarted, Delivered, DeliveryFailed,
                           PageConfirmed, CommandGiven, RulesLoaded, Tick>;

}  // namespace tocsin::core
