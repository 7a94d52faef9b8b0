// The rules that the tests of the engine share.
#include "support/sample_rules.hpp"

namespace tocsin::core::testing {

Instant start_of_time() {
    return Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1));
}

Step over(double threshold, Severity severity, Duration hold_for) {
    return Step{.when = Comparison{Comparison::Operator::greater, threshold,
                                   "> " + std::to_string(static_cast<long>(threshold))},
                .hold_for = hold_for,
                .severity = severity,
                .cite = "over " + std::to_string(static_cast<long>(threshold))};
}

Rule alert_rule(std::string name, const std::string& matchers, Severity severity,
                std::vector<std::string> per) {
    Rule rule;
    rule.name = name;
    rule.incident = std::move(name);
    rule.content_hash = 1;
    rule.alert = *parse_matchers(matchers);
    rule.per = std::move(per);
    rule.ladder = {Step{.severity = severity, .cite = "because the handbook says so"}};
    return rule;
}

Rule lag_rule() {
    Rule rule;
    rule.name = "ingestion-lag";
    rule.incident = "ingestion";
    rule.kind = RuleKind::expression;
    rule.content_hash = 7;
    rule.sources = {"us"};
    rule.per = {"region"};
    rule.has_thresholds = true;
    rule.ladder = {
        Step{.when = Comparison{Comparison::Operator::at_least, 1800, ">= 30m"},
             .hold_for = seconds(15),
             .severity = Severity::major,
             .communicate = true,
             .cite = "30 minutes or longer"},
        Step{.when = Comparison{Comparison::Operator::greater, 300, "> 5m"},
             .severity = Severity::major,
             .cite = ">5 minute ingestion lag"},
        Step{.outcome = Outcome::not_an_incident, .cite = "Events being < 5 minutes behind"}};
    rule.clear.when = Comparison{Comparison::Operator::less, 240, "< 4m"};
    return rule;
}

}  // namespace tocsin::core::testing
