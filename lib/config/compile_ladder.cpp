// Compiles ladders and their clearing, and refuses steps that could never decide.
#include "config/compile_ladder.hpp"

#include "core/limits.hpp"

namespace tocsin::config {
namespace {

std::optional<core::Comparison> threshold(const Text& text, Unit unit, const Scope& scope) {
    const Result<core::Comparison> parsed = parse_threshold(text.value, unit);
    if (parsed) return *parsed;
    const bool needs_unit = parsed.error().code == "unit" && unit == Unit::none;
    scope.error_within(
        text, parsed.error(), {},
        needs_unit ? "add `unit: seconds` (or milliseconds, bytes, ratio, percent)" : "");
    return std::nullopt;
}

core::Step compile_step(const StepRow& row, const Text& rule_cite, Unit unit, const Scope& scope) {
    core::Step step{.when = {},
                    .hold_for = row.hold_for.value,
                    .outcome = row.outcome ? row.outcome->value : core::Outcome::incident,
                    .severity = row.severity ? row.severity->value : core::Severity::none,
                    .communicate = row.communicate,
                    .cite = row.cite.given ? row.cite.value : rule_cite.value};
    if (row.when) step.when = threshold(*row.when, unit, scope);
    const bool incident = step.outcome == core::Outcome::incident;
    if (incident && !row.severity) {
        scope.reader.error(row.at, "an incident needs a `severity`: minor, major or critical",
                           "or say `outcome: watch` or `outcome: not_an_incident`");
    }
    if (!incident && row.severity) {
        scope.reader.error(row.severity->at, "only an incident has a severity",
                           "leave out `severity` or `outcome`");
        step.severity = core::Severity::none;
    }
    if (!incident && row.communicate) {
        scope.reader.error(row.at, "only an incident is communicated");
    }
    return step;
}

/// Incidents by severity, then everything else.
int rank(const core::Step& step) {
    return step.outcome == core::Outcome::incident ? static_cast<int>(step.severity) : 0;
}

/// Why step `later` can never decide, given the ones before it; empty if it can.
std::string unreachable_because(const std::vector<core::Step>& ladder,
                                const std::vector<StepRow>& rows, std::size_t later) {
    const core::Step& step = ladder[later];
    for (std::size_t i = 0; i < later; ++i) {
        const core::Step& before = ladder[i];
        const std::string place = "the step in line " + std::to_string(rows[i].at.line);
        if (before.hold_for > step.hold_for) continue;  // until then the later one may decide
        if (!rows[i].when) return place + " has no `when`, so it always decides first";
        if (!before.when) continue;
        if (step.when && implies(*step.when, *before.when)) {
            return "whenever `" + step.when->text + "` holds, `" + before.when->text + "` of " +
                   place + " decides first";
        }
    }
    return {};
}

void check_order(const std::vector<core::Step>& ladder, const std::vector<StepRow>& rows,
                 const Scope& scope) {
    for (std::size_t i = 1; i < ladder.size(); ++i) {
        if (const std::string because = unreachable_because(ladder, rows, i); !because.empty()) {
            scope.reader.error(rows[i].at, "this step is unreachable: " + because,
                               "order the steps most severe first, or remove one");
        } else if (rank(ladder[i]) > rank(ladder[i - 1])) {
            scope.reader.error(rows[i].at, "this step is more severe than the one before it",
                               "order the steps most severe first");
        }
    }
}

/// A rule without a ladder is a ladder of one step whose keys stand on the rule.
StepRow step_on_rule(const RuleRow& row) {
    StepRow step;
    step.when = row.when;
    if (row.hold_for) step.hold_for = *row.hold_for;
    step.outcome = row.outcome;
    step.severity = row.severity;
    step.communicate = row.communicate && row.communicate->value;
    step.cite = row.cite;
    step.at = row.at;
    return step;
}

void refuse_step_keys(const RuleRow& row, const Scope& scope) {
    const auto refuse = [&](const auto& key, const std::string& name) {
        if (key) {
            scope.reader.error(key->at, "with a ladder, `" + name + "` stands in its steps");
        }
    };
    refuse(row.when, "when");
    refuse(row.hold_for, "for");
    refuse(row.outcome, "outcome");
    refuse(row.severity, "severity");
    refuse(row.communicate, "communicate");
}

std::vector<StepRow> steps_of(const RuleRow& row, const Scope& scope) {
    if (!row.ladder) return {step_on_rule(row)};
    refuse_step_keys(row, scope);
    std::vector<StepRow> rows = row.ladder->value;
    if (rows.empty()) scope.reader.error(row.ladder->at, "the ladder has no steps");
    if (rows.size() > core::limits::ladder_steps_max) {
        scope.reader.error(row.ladder->at, "the ladder has more than " +
                                               std::to_string(core::limits::ladder_steps_max) +
                                               " steps");
        rows.resize(core::limits::ladder_steps_max);
    }
    return rows;
}

void compile_clear(const RuleRow& row, Unit unit, const Scope& scope, core::Rule& rule) {
    if (row.keep_firing_for && row.clear) {
        scope.reader.error(row.keep_firing_for->at,
                           "`keep_firing_for: X` is short for `clear: {for: X}`: keep one of them");
    }
    if (row.keep_firing_for) rule.clear.hold_for = row.keep_firing_for->value;
    if (!row.clear) return;
    rule.clear.hold_for = row.clear->hold_for.value;
    if (!row.clear->when) return;
    if (!rule.has_thresholds) {
        scope.reader.error(row.clear->when->at, "`clear.when` needs a ladder with thresholds",
                           "without one, `clear: {for: 5m}` says how long it must be over");
        return;
    }
    rule.clear.when = threshold(*row.clear->when, unit, scope);
    for (const core::Step& step : rule.ladder) {
        const bool contradicts = step.outcome == core::Outcome::incident && step.when &&
                                 rule.clear.when && implies(*rule.clear.when, *step.when);
        if (!contradicts) continue;
        scope.reader.error(row.clear->when->at, "`" + rule.clear.when->text +
                                                    "` holds only while the step `" +
                                                    step.when->text + "` does: it never clears");
        break;
    }
}

}  // namespace

void compile_ladder(const RuleRow& row, Unit unit, const Scope& scope, core::Rule& rule) {
    const std::vector<StepRow> rows = steps_of(row, scope);
    for (const StepRow& step : rows) {
        rule.ladder.push_back(compile_step(step, row.cite, unit, scope));
    }
    check_order(rule.ladder, rows, scope);
    const auto with_when = [](const StepRow& step) { return step.when.has_value(); };
    const bool any_when = std::any_of(rows.begin(), rows.end(), with_when);
    const bool gives_value = row.expr.has_value() || row.value.has_value();
    if (any_when && !gives_value) {
        scope.reader.error(row.at, "a threshold needs a value: this rule sees alerts only",
                           "add `value: \"{{ $annotations.… }}\"`");
    }
    rule.has_thresholds = any_when || (row.ladder && gives_value);
    compile_clear(row, unit, scope, rule);
}

}  // namespace tocsin::config
