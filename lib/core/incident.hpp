#pragma once
// Incident: what was declared, its pages, and the timeline entries written about it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/labels.hpp"
#include "base/time.hpp"
#include "core/duties.hpp"
#include "core/page.hpp"
#include "core/ruleset.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

enum class IncidentState : std::uint8_t { triage, active, monitoring, closed, declined };

[[nodiscard]] std::string_view name(IncidentState state);
[[nodiscard]] std::optional<IncidentState> incident_state_named(std::string_view name);
[[nodiscard]] inline bool is_open(IncidentState state) {
    return state < IncidentState::closed;
}

struct Incident {
    std::uint64_t number = 0;  // INC-<number>, stable for ever
    std::string key;           // `ingestion{region="us"}`, `source/us`
    std::string family;        // the incident's name without its `per` values: links siblings
    std::uint32_t episode = 1;
    std::string title;
    Severity severity = Severity::none;
    IncidentState state = IncidentState::triage;
    Labels labels;
    std::string rule;
    std::string cite;
    std::optional<double> value;
    std::string threshold;
    std::string runbook_url;
    std::string source_url;  // generatorURL of the alert
    std::string component;
    std::vector<std::string> involve;
    PageWhen page = PageWhen::by_severity;
    std::string page_reason;
    bool private_incident = false;
    Instant opened_at;        // of this episode
    std::string declared_by;  // empty: by the daemon
    std::optional<Instant> acknowledged_at;
    std::string acknowledged_by;
    std::optional<Instant> closed_at;
    std::string closed_by;  // a person, "cleared"
    std::string cause;
    std::string fix;
    std::string lead;  // empty: nobody yet
    std::optional<Instant> communication_due;
    std::vector<Page> pages;          // of all episodes, oldest first, bounded
    std::vector<std::uint64_t> also;  // siblings that were open when this one was declared
    bool retired = false;             // nothing more to do for it: lives in the table only
    std::optional<Instant> began_at;  // when the trouble began, as far as the signal knows
    std::vector<std::string> people;  // involved by rule or by hand: names
    std::vector<Escalation> escalations;
    std::optional<Instant> page_at;            // the page waits until then (working hours)
    std::optional<Instant> notify_at;          // owners and involved people are told then
    std::optional<Instant> mitigated_at;       // first `monitoring` of this episode
    std::optional<Instant> last_word_at;       // latest act of a person
    std::optional<Instant> reminded_at;        // latest reminder that a word is missing
    std::uint32_t reminders = 0;               // since the last word
    std::optional<Instant> asked_to_raise_at;  // H-29
    Communication communication;
    Banner banner;
    Monitoring monitoring;
    Aftermath aftermath;
    std::vector<std::string> merged_keys;  // of incidents merged into this one
    std::uint64_t merged_into = 0;
    bool released = false;               // past its reopening window: its key may be declared anew
    std::optional<Instant> severity_at;  // latest change of the severity in this episode
    std::optional<Instant> asked_again_at;    // latest page anew because of silence
    std::optional<Instant> unanswered_since;  // all were asked in vain; until acknowledged
    bool operator==(const Incident&) const = default;
};

/// Its own key or one of an incident that was merged into it.
[[nodiscard]] bool has_key(const Incident& incident, std::string_view key);

/// "INC-7" and back; nullopt for anything else.
[[nodiscard]] std::string incident_id(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> incident_number(std::string_view id);

struct TimelineEntry {
    std::uint64_t id = 0;  // from Counters::timeline
    std::uint64_t incident = 0;
    Instant at;
    std::string by;    // "tocsin" or a person
    std::string what;  // "declared", "paged", "acknowledged", "note", …: one word each
    std::string text;
    std::optional<double> value;
    bool operator==(const TimelineEntry&) const = default;
};

}  // namespace tocsin::core
