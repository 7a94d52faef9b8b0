// The built-in rules about tocsin itself, and how a condition begins and ends.
#include "core/condition.hpp"

#include "base/check.hpp"
#include "core/indexes.hpp"
#include "core/judging.hpp"

namespace tocsin::core {
namespace {

struct Row {
    std::string_view rule;
    std::string_view family;
    std::string_view label;
    Severity severity;
    Duration clear_for;
    Because because;
    std::string_view summary;
    std::string_view cite;
};

std::vector<Row> rows() {
    return {
        {condition_source, "source", "source", Severity::major, minutes(5), Because::source_silent,
         "Source {{ $labels.source }} is silent: {{ $annotations.detail }}",
         "missed completely because someone didn't ring the alarm"},
        {condition_no_data, "no-data", "rule", Severity::minor, minutes(5), Because::no_data,
         "Rule {{ $labels.rule }} sees no data: {{ $annotations.detail }}",
         "When in doubt, raise an incident."},
        // One refusal says nothing of the next, so this one stays until it is looked at or quiet.
        {condition_intake, "intake", "what", Severity::major, minutes(15), Because::sender_rejected,
         "Alerts were refused at the door ({{ $labels.what }}): {{ $annotations.detail }}",
         "missed completely because someone didn't ring the alarm"},
        {condition_integration, "integration", "integration", Severity::major, minutes(5),
         Because::delivery_refused,
         "Integration {{ $labels.integration }} refuses deliveries: {{ $annotations.detail }}",
         "To make sure no alert goes unhandled"},
    };
}

Rule rule_of(const Row& row) {
    Rule rule;
    rule.name = row.rule;
    rule.kind = RuleKind::condition;
    rule.incident = row.family;
    rule.per = {std::string(row.label)};
    rule.ladder = {Step{.severity = row.severity, .cite = std::string(row.cite)}};
    rule.clear.hold_for = row.clear_for;
    rule.never_suppress = true;
    Result<Template> summary = Template::parse(row.summary);
    check(summary.has_value());
    rule.summary = *summary;
    return rule;
}

}  // namespace

std::vector<Rule> condition_rules() {
    std::vector<Rule> rules;
    for (const Row& row : rows()) rules.push_back(rule_of(row));
    return rules;
}

namespace {

Because because_of(std::string_view rule) {
    for (const Row& row : rows()) {
        if (row.rule == rule) return row.because;
    }
    return Because::rule_matches;
}

void judge_condition(Draft& draft, Signal& signal) {
    Track& track = signal.tracks.front();
    const Rule* rule = draft.rules().find(draft.text(track.rule));
    check(rule != nullptr);
    judge(draft, signal, track, *rule,
          Reading{.present = signal.firing,
                  .absent_because = Because::resolved,
                  .present_because = because_of(rule->name)});
    if (!signal.firing && is_idle(signal)) draft.remove_signal(signal.id);
}

}  // namespace

void wake_condition(Draft& draft, Signal& signal) {
    judge_condition(draft, signal);
}

void set_condition(Draft& draft, std::string_view rule_name, std::string_view label_value,
                   bool holds, const std::string& detail) {
    const Rule* rule = draft.rules().find(rule_name);
    check(rule != nullptr);
    Labels labels{{rule->per.front(), label_value}};
    Symbol owner = draft.symbol(rule_name);
    std::uint64_t id =
        find_signal(draft.state(), SignalKind::condition, owner, Symbol{}, labels.fingerprint());
    if (id == 0 && !holds) return;
    if (id == 0) {
        id = draft
                 .add(Signal{.fingerprint = labels.fingerprint(),
                             .labels = labels,
                             .annotations = Labels{{"detail", detail}},
                             .starts_at = draft.now(),
                             .owner_rule = owner,
                             .kind = SignalKind::condition,
                             .tracks = {Track{.rule = owner}}})
                 .id;
    } else if (draft.state().signals.at(id).firing == holds) {
        return;
    }
    Signal& signal = draft.edit_signal(id);
    if (holds && !signal.firing) signal.annotations = Labels{{"detail", detail}};
    signal.firing = holds;
    judge_condition(draft, signal);
}

}  // namespace tocsin::core
