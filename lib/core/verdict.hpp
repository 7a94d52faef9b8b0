#pragma once
// Verdict: what one rule says of one signal, and the named reason why.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/labels.hpp"
#include "base/time.hpp"

namespace tocsin::core {

/// Ordered: a later one is more severe. `none` stands where no severity applies.
enum class Severity : std::uint8_t { none, minor, major, critical };

enum class Outcome : std::uint8_t {
    clear,            // the condition does not hold
    incident,         // it is one (severity says how bad)
    pending,          // a step holds, its `for` is still running
    watch,            // shown, nobody told
    not_an_incident,  // the handbook says so
    suppressed,       // maintenance, or spent (design §5)
    in_doubt,         // no data, or the source cannot be asked
    unmatched,        // no rule speaks of this alert
};

/// Why. Names are what the API, the logs and the timeline print.
enum class Because : std::uint8_t {
    step_holds,         // the step's condition holds and its `for` has elapsed
    rule_matches,       // an alert rule matches; it has no thresholds
    no_step_holds,      // below every threshold
    waiting_for,        // the step's `for` is running
    not_clear_yet,      // was an incident; its clear condition has not held long enough
    resolved,           // the sender resolved it
    lease_expired,      // its endsAt passed without a refresh
    gone_at_source,     // the polled Alertmanager no longer has it
    absent,             // the condition's expression no longer returns this series
    no_data,            // a series seen before is absent from two answers in a row
    never_any_data,     // the expression has never returned anything
    not_a_number,       // the value is NaN
    query_error,        // the source answered with an error
    partial_answer,     // the source answered in part
    source_silent,      // the source does not answer at all
    value_unreadable,   // the `value:` template gave no number: highest severity of the ladder
    no_rule_matches,    // unmatched
    rule_removed,       // the rule is gone after a reload
    rule_changed,       // judged again after a reload
    declined,           // spent: a human declined the incident
    closed_by_human,    // spent: a human closed it while it held
    maintenance,        // inside an announced window
    sender_rejected,    // our own answer to a sender was 4xx (intake/…)
    delivery_refused,   // a peer refused a delivery for good (integration/…)
    agree_not_reached,  // `agree: all`: another source does not see it
    declared_by_human,
    answered_again,    // the expression can be evaluated again
    maintenance_over,  // it outlived its maintenance window and is judged now
};

[[nodiscard]] std::string_view name(Severity severity);  // "none", "minor", …
[[nodiscard]] std::string_view name(Outcome outcome);    // "not_an_incident", …
[[nodiscard]] std::string_view name(Because because);    // "step_holds", …
/// One sentence for people, for log lines and `tocsin show`.
[[nodiscard]] std::string_view sentence(Because because);
[[nodiscard]] std::optional<Severity> severity_named(std::string_view name);
[[nodiscard]] std::optional<Outcome> outcome_named(std::string_view name);
[[nodiscard]] std::optional<Because> because_named(std::string_view name);

/// A step whose `for` still runs while a lower step (or none) decides.
struct PendingStep {
    std::string step;  // its `when` as written, or the severity's name
    Instant since;
    Instant due;
    bool operator==(const PendingStep&) const = default;
};

struct Verdict {
    std::uint64_t id = 0;  // from Counters::verdict
    Instant at;
    std::string rule;
    Labels labels;  // of the signal
    Outcome outcome = Outcome::clear;
    Severity severity = Severity::none;
    std::optional<double> value;
    std::string threshold;  // as written, "> 5m"; empty when the rule has none
    std::string cite;
    Because because = Because::no_step_holds;
    std::string detail;          // what the source said, who declined; may be empty
    std::uint64_t incident = 0;  // number of INC-<n>, 0 for none
    std::optional<PendingStep> pending;
    bool operator==(const Verdict&) const = default;
};

}  // namespace tocsin::core
