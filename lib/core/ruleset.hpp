#pragma once
// Ruleset: the compiled rules and the policy around them, one immutable value that a reload swaps.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/labels.hpp"
#include "base/matcher.hpp"
#include "base/time.hpp"
#include "core/policy.hpp"
#include "core/template.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

/// `when: "> 5m"`: strictly as written; the threshold is already in the rule's unit.
struct Comparison {
    enum class Operator : std::uint8_t { greater, at_least, less, at_most, equal, not_equal };
    Operator op = Operator::greater;
    double threshold = 0;
    std::string text;  // as written
    /// NaN never holds.
    [[nodiscard]] bool holds(double value) const;
    bool operator==(const Comparison&) const = default;
};

struct Step {
    std::optional<Comparison> when;  // absent: "otherwise", or a rule without a ladder
    Duration hold_for{0};            // `for`
    Outcome outcome = Outcome::incident;
    Severity severity = Severity::none;  // set iff outcome is incident
    bool communicate = false;
    std::string cite;
    bool operator==(const Step&) const = default;
};

struct Clear {
    std::optional<Comparison> when;  // absent: no incident step holds / the alert is resolved
    Duration hold_for = minutes(5);
    bool operator==(const Clear&) const = default;
};

enum class RuleKind : std::uint8_t {
    alert,             // `alert:` matchers on pushed alerts
    expression,        // `rule:` + `expr:` on metric sources
    prometheus_alert,  // `alert: Name` + `expr:`: makes an alert, which alert rules then judge
    unmatched,         // the top-level `unmatched:`, tried after every alert rule
    condition,         // built in: what tocsin notices of itself (Ruleset::conditions)
};
enum class NoData : std::uint8_t { in_doubt, clear, incident };

struct Rule {
    std::string name;  // unique in the ruleset
    std::string
        alertname;  // kind prometheus_alert: of the alerts it makes; several rules may share it
    std::string file;
    std::string group;
    int line = 0;
    RuleKind kind = RuleKind::alert;
    /// Digest of everything that changes what the rule decides; a reload keeps clocks iff equal.
    std::uint64_t content_hash = 0;

    std::vector<Matcher> alert;      // kind alert, unmatched
    bool continue_matching = false;  // `continue: true`
    std::string expression;          // kinds expression, prometheus_alert
    Duration interval = minutes(1);
    std::vector<std::string> sources;  // metric sources it runs on, resolved by name
    bool agree_all = false;
    Duration hold_for{0};         // kind prometheus_alert: Prometheus' `for`
    Duration keep_firing_for{0};  // kind prometheus_alert
    bool to_be_mapped = false;    // names a metric that the user still has to map

    std::vector<std::string> per;  // sorted
    std::string incident;          // name of the incident; the rule's own by default
    std::vector<Step> ladder;      // most severe first; never empty but for prometheus_alert
    bool has_thresholds = false;   // a ladder over values: `expr` yields the value
    Clear clear;
    NoData no_data = NoData::in_doubt;
    std::optional<Template> value;  // alert rules: text that gives the number
    std::optional<Template> summary;
    std::optional<Template> draft;  // of what customers are told; by default the summary
    std::vector<std::pair<std::string, Template>> labels;  // added to the alert / incident
    std::vector<std::pair<std::string, Template>> annotations;
    std::string unit;
    std::string runbook_url;
    std::string component;
    std::vector<std::string> involve;
    std::vector<std::string> tell;
    PageWhen page = PageWhen::by_severity;
    std::string page_reason;
    bool private_incident = false;
    bool never_suppress = false;
};

struct Source {
    enum class Kind : std::uint8_t { prometheus, alertmanager, push };
    std::string name;
    Kind kind = Kind::push;
    Labels labels;             // added to its alerts and results; a label already there wins
    std::string expect_alert;  // dead man's switch: never judged
};

/// Built by lib/config; `index()` must be called once all rules are in.
struct Ruleset {
    std::vector<Rule> rules;       // in deciding order; `unmatched:` last
    std::vector<Rule> conditions;  // built in, made by index()
    std::map<std::string, Source> sources;
    Policy policy;
    Roster roster;
    std::uint64_t digest = 0;  // of every rule file's text, in order
    std::string handbook_title;
    std::string handbook_revision;

    std::unordered_map<std::string, std::vector<std::uint32_t>> by_alertname;  // candidates
    std::vector<std::uint32_t> any_alertname;  // candidates for every other alertname
    std::unordered_map<std::string, std::uint32_t> by_name;

    void index();
    /// Alert and unmatched rules that could match this alertname, in deciding order.
    [[nodiscard]] const std::vector<std::uint32_t>& candidates(std::string_view alertname) const;
    [[nodiscard]] const Rule* find(std::string_view rule_name) const;
};

using RulesetPtr = std::shared_ptr<const Ruleset>;

}  // namespace tocsin::core
