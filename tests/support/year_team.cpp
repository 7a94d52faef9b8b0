// Rules as values, and shifts as far as they are expanded.
#include "support/year_team.hpp"

#include <algorithm>

#include "support/sample_rules.hpp"
#include "support/year_truth.hpp"

namespace tocsin::year {
namespace {

using namespace core;

Rule rule_of(const Trouble& trouble) {
    Rule rule = testing::alert_rule(trouble.rule, "alertname=\"" + trouble.alertname + "\"",
                                    trouble.severity, {"region"});
    if (trouble.key.empty()) rule.ladder.front().outcome = Outcome::not_an_incident;
    if (trouble.rule == "watching") rule.ladder.front().outcome = Outcome::watch;
    if (trouble.rule == "leak" || trouble.rule == "oom") rule.incident = "memory";
    if (trouble.rule == "site") rule.ladder.front().communicate = true;
    if (trouble.rule == "office") rule.page = PageWhen::working_hours;
    if (trouble.rule == "silent") rule.page = PageWhen::never;
    rule.never_suppress = trouble.never_suppress;
    rule.private_incident = trouble.rule == "loss";
    rule.involve = {"owner:" + trouble.rule};
    rule.component = trouble.rule;
    return rule;
}

std::vector<Rule> rules(bool sabotaged) {
    std::vector<Rule> all;
    for (const Trouble& trouble : troubles()) {
        if (trouble.alertname.empty() || trouble.rule.empty() || trouble.region != "us") continue;
        all.push_back(rule_of(trouble));
        const bool declares_harm = sabotaged && trouble.rule == "harmless";
        if (!declares_harm) continue;
        all.back().ladder.front().outcome = Outcome::incident;
        all.back().ladder.front().severity = Severity::major;
    }
    Rule lag = testing::lag_rule();
    lag.sources = {"metrics"};
    lag.interval = minutes(5);
    all.push_back(std::move(lag));
    return all;
}

// Monday to Friday, nine to six.
Calendar office_hours(Interval span) {
    Calendar hours_open;
    for (Instant day = span.from; day < span.until; day += hours(24)) {
        const std::chrono::weekday weekday(std::chrono::floor<std::chrono::days>(day));
        if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) continue;
        hours_open.push_back({day + hours(9), day + hours(18)});
    }
    return hours_open;
}

Policy policy(Interval span) {
    Policy policy;
    policy.instance = "year";
    policy.public_url = "https://tocsin.example.com";
    policy.pagers = {{"pager", Reach::service, Address::none, true},
                     {"mail", Reach::person, Address::email},
                     {"sms", Reach::person, Address::phone}};
    policy.announce = {"chat"};
    policy.working_hours = office_hours(span);
    return policy;
}

Person person(const std::string& name) {
    Person one{.name = name, .email = name + "@example.com"};
    if (name != "engineer-c") one.phone = "+1555" + name;  // one has no telephone
    return one;
}

Schedule first_line(const Organisation& organisation, Interval span) {
    Schedule schedule{.name = "first-line"};
    const std::vector<std::string>& turns = organisation.first_line;
    for (Instant from = span.from; from < span.until; from += hours(organisation.shift_hours)) {
        const auto number =
            static_cast<std::size_t>(from.time_since_epoch() / hours(organisation.shift_hours));
        Shift shift{.span = {from, from + hours(organisation.shift_hours)},
                    .people = {turns[number % turns.size()]},
                    .others = {}};
        for (const std::string& name : turns) {
            if (name != shift.people.front()) shift.others.push_back(name);
        }
        schedule.shifts.push_back(std::move(shift));
    }
    return schedule;
}

Roster roster(const Organisation& organisation, Interval span) {
    Roster roster;
    for (const std::string& name : people()) roster.people.push_back(person(name));
    roster.expanded = span;
    roster.schedules = {first_line(organisation, span)};
    roster.teams["infra"] = organisation.infra;
    roster.escalation = {{{{Target::Kind::schedule, "first-line"}}, organisation.wait},
                         {{{Target::Kind::others, "first-line"}}, organisation.wait},
                         {{{Target::Kind::team, "infra"}}, organisation.wait}};
    for (const Trouble& trouble : troubles()) {
        roster.owners[trouble.rule] = {Target::Kind::person, organisation.infra.front()};
    }
    roster.contacts["marketing"] = {Target::Kind::person, "joe"};
    roster.contacts["analysis"] = {Target::Kind::person, "tim"};
    return roster;
}

}  // namespace

Instant first_day() {
    return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5));
}

const std::vector<std::string>& people() {
    static const std::vector<std::string> names = {"engineer-a", "engineer-b", "engineer-c",
                                                   "engineer-d", "engineer-e", "engineer-f",
                                                   "joe",        "tim"};
    return names;
}

Organisation reorganise(Random& random) {
    std::vector<std::string> engineers(people().begin(), people().begin() + 6);
    for (std::size_t i = engineers.size(); i > 1; --i) {
        std::swap(engineers[i - 1], engineers[below(random, i)]);
    }
    Organisation organisation;
    const std::size_t first = 2 + below(random, 3);  // whoever is left is on holiday
    organisation.first_line.assign(engineers.begin(),
                                   engineers.begin() + static_cast<std::ptrdiff_t>(first));
    organisation.infra.assign(engineers.end() - 2, engineers.end());
    organisation.shift_hours = chance(random, 50) ? 8 : 12;
    organisation.wait = minutes(3 + below(random, 6));
    return organisation;
}

RulesetPtr ruleset_of(const Organisation& organisation, Instant today, bool sabotaged) {
    const Interval span{today - hours(2 * 24), today + hours(14 * 24)};
    auto ruleset = std::make_shared<Ruleset>();
    ruleset->rules = rules(sabotaged);
    ruleset->policy = policy(span);
    ruleset->roster = roster(organisation, span);
    ruleset->sources["metrics"] = Source{
        .name = "metrics", .kind = Source::Kind::prometheus, .labels = {}, .expect_alert = {}};
    ruleset->sources["am"] = Source{.name = "am", .labels = {}, .expect_alert = {}};
    ruleset->index();
    return ruleset;
}

}  // namespace tocsin::year
