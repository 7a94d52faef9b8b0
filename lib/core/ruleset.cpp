// Comparisons, the severity policy, and the index from alertname to the rules that may match it.
#include "core/ruleset.hpp"

#include <algorithm>
#include <iterator>

#include "core/condition.hpp"

namespace tocsin::core {
namespace {

// The alertnames that a rule can match at all, or nullptr when any could.
const std::vector<std::string>* alertnames_of(const Rule& rule) {
    for (const Matcher& matcher : rule.alert) {
        if (matcher.name() == "alertname" && !matcher.literals().empty()) {
            return &matcher.literals();
        }
    }
    return nullptr;
}

}  // namespace

bool Comparison::holds(double value) const {
    switch (op) {
        case Operator::greater:
            return value > threshold;
        case Operator::at_least:
            return value >= threshold;
        case Operator::less:
            return value < threshold;
        case Operator::at_most:
            return value <= threshold;
        case Operator::equal:
            return value == threshold;
        case Operator::not_equal:
            return value < threshold || value > threshold;
    }
    return false;
}

const SeverityPolicy& Policy::of(Severity severity) const {
    if (severity == Severity::critical) return critical;
    return severity == Severity::major ? major : minor;
}

void Ruleset::index() {
    conditions = condition_rules();
    by_alertname.clear();
    any_alertname.clear();
    by_name.clear();
    std::map<std::string, std::vector<std::uint32_t>> named;
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
        by_name.emplace(rules[i].name, i);
        if (rules[i].kind != RuleKind::alert && rules[i].kind != RuleKind::unmatched) continue;
        const std::vector<std::string>* names = alertnames_of(rules[i]);
        if (names == nullptr) {
            any_alertname.push_back(i);
        } else {
            for (const std::string& name : *names) named[name].push_back(i);
        }
    }
    for (auto& [name, own] : named) {
        std::vector<std::uint32_t> all;
        std::merge(own.begin(), own.end(), any_alertname.begin(), any_alertname.end(),
                   std::back_inserter(all));
        by_alertname.emplace(name, std::move(all));
    }
}

const std::vector<std::uint32_t>& Ruleset::candidates(std::string_view alertname) const {
    auto found = by_alertname.find(std::string(alertname));
    return found == by_alertname.end() ? any_alertname : found->second;
}

const Rule* Ruleset::find(std::string_view rule_name) const {
    auto found = by_name.find(std::string(rule_name));
    if (found != by_name.end()) return &rules[found->second];
    auto condition = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const Rule& rule) { return rule.name == rule_name; });
    return condition == conditions.end() ? nullptr : &*condition;
}

}  // namespace tocsin::core
