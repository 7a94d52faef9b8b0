// The names of severities, outcomes and reasons, one row each.
#include "core/verdict.hpp"

#include <array>

namespace tocsin::core {
namespace {

template <class Enum>
struct Row {
    Enum value;
    std::string_view name;
    std::string_view sentence = {};
};

constexpr std::array severities{
    Row<Severity>{Severity::none, "none"},
    Row<Severity>{Severity::minor, "minor"},
    Row<Severity>{Severity::major, "major"},
    Row<Severity>{Severity::critical, "critical"},
};

constexpr std::array outcomes{
    Row<Outcome>{Outcome::clear, "clear"},
    Row<Outcome>{Outcome::incident, "incident"},
    Row<Outcome>{Outcome::pending, "pending"},
    Row<Outcome>{Outcome::watch, "watch"},
    Row<Outcome>{Outcome::not_an_incident, "not_an_incident"},
    Row<Outcome>{Outcome::suppressed, "suppressed"},
    Row<Outcome>{Outcome::in_doubt, "in_doubt"},
    Row<Outcome>{Outcome::unmatched, "unmatched"},
};

constexpr std::array reasons{
    Row<Because>{Because::step_holds, "step_holds", "the step's condition holds"},
    Row<Because>{Because::rule_matches, "rule_matches", "the alert is firing and the rule matches"},
    Row<Because>{Because::no_step_holds, "no_step_holds", "no step of the ladder holds"},
    Row<Because>{Because::waiting_for, "waiting_for", "a step holds and its `for` is running"},
    Row<Because>{Because::not_clear_yet, "not_clear_yet",
                 "it was an incident and has not been clear for long enough"},
    Row<Because>{Because::resolved, "resolved", "its sender resolved it"},
    Row<Because>{Because::lease_expired, "lease_expired",
                 "its sender stopped refreshing it and its endsAt passed"},
    Row<Because>{Because::gone_at_source, "gone_at_source",
                 "the polled Alertmanager no longer has it"},
    Row<Because>{Because::absent, "absent", "the expression no longer returns it"},
    Row<Because>{Because::no_data, "no_data",
                 "a series seen before is missing from two answers in a row"},
    Row<Because>{Because::never_any_data, "never_any_data",
                 "the expression has never returned anything"},
    Row<Because>{Because::not_a_number, "not_a_number", "the value is NaN"},
    Row<Because>{Because::query_error, "query_error", "the query fails"},
    Row<Because>{Because::partial_answer, "partial_answer", "the source answered only in part"},
    Row<Because>{Because::source_silent, "source_silent", "the source does not answer"},
    Row<Because>{Because::value_unreadable, "value_unreadable",
                 "its value cannot be read, so the ladder's highest severity stands"},
    Row<Because>{Because::no_rule_matches, "no_rule_matches", "no rule speaks of this alert"},
    Row<Because>{Because::rule_removed, "rule_removed", "its rule is gone after a reload"},
    Row<Because>{Because::rule_changed, "rule_changed", "its rule changed in a reload"},
    Row<Because>{Because::declined, "declined",
                 "its incident was declined; it must be clear once before it declares again"},
    Row<Because>{Because::closed_by_human, "closed_by_human",
                 "its incident was closed while it held; it must be clear once before it declares "
                 "again"},
    Row<Because>{Because::maintenance, "maintenance", "announced maintenance covers it"},
    Row<Because>{Because::sender_rejected, "sender_rejected",
                 "a sender was refused and will not repeat its alerts"},
    Row<Because>{Because::delivery_refused, "delivery_refused",
                 "an integration refuses deliveries for good"},
    Row<Because>{Because::agree_not_reached, "agree_not_reached",
                 "another source that answered does not see it"},
    Row<Because>{Because::declared_by_human, "declared_by_human", "a person declared it"},
    Row<Because>{Because::answered_again, "answered_again",
                 "the expression can be evaluated again"},
    Row<Because>{Because::maintenance_over, "maintenance_over",
                 "it outlived its maintenance window"},
};

template <class Enum, std::size_t size>
constexpr bool in_order(const std::array<Row<Enum>, size>& rows) {
    for (std::size_t i = 0; i < size; ++i) {
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    }
    return true;
}
static_assert(in_order(severities) && in_order(outcomes) && in_order(reasons));

template <class Rows>
auto named(const Rows& rows, std::string_view name) -> std::optional<decltype(rows.front().value)> {
    for (const auto& row : rows) {
        if (row.name == name) return row.value;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name(Severity severity) {
    return severities[static_cast<std::size_t>(severity)].name;
}
std::string_view name(Outcome outcome) {
    return outcomes[static_cast<std::size_t>(outcome)].name;
}
std::string_view name(Because because) {
    return reasons[static_cast<std::size_t>(because)].name;
}
std::string_view sentence(Because because) {
    return reasons[static_cast<std::size_t>(because)].sentence;
}

std::optional<Severity> severity_named(std::string_view name) {
    std::optional<Severity> found = named(severities, name);
    return found == Severity::none ? std::nullopt : found;
}
std::optional<Outcome> outcome_named(std::string_view name) {
    return named(outcomes, name);
}
std::optional<Because> because_named(std::string_view name) {
    return named(reasons, name);
}

}  // namespace tocsin::core
