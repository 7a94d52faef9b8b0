// Writes expressions back as text, and reads from the tree what others want to know.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "base/match.hpp"
#include "base/text.hpp"
#include "promql/check.hpp"
#include "promql/parse.hpp"

namespace tocsin::promql {

namespace {

bool is_plain_name(std::string_view name, bool colon) {
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
    return std::all_of(name.begin(), name.end(), [colon](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || (colon && c == ':');
    });
}

/// Names that would be read as a number or an operator stand in quotes, within the braces.
bool is_plain_metric(const std::string& name) {
    std::string lower = name;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::array<std::string_view, 11> words = {
        "inf",         "nan", "bool", "on",     "ignoring", "group_left",
        "group_right", "and", "or",   "unless", "atan2"};
    return is_plain_name(name, true) && std::find(words.begin(), words.end(), lower) == words.end();
}

std::string labels_text(const std::vector<std::string>& labels) {
    std::vector<std::string> written;
    for (const std::string& label : labels) {
        written.push_back(is_plain_name(label, false) ? label : quote(label));
    }
    return "(" + join(written, ", ") + ")";
}

std::string timing_text(const Timing& timing) {
    std::string text;
    if (timing.at) {
        text += " @ ";
        if (timing.at->kind == At::Kind::start)
            text += "start()";
        else if (timing.at->kind == At::Kind::end)
            text += "end()";
        else
            text += format_number(timing.at->seconds);
    }
    if (timing.offset) text += " offset " + format_duration(*timing.offset);
    return text;
}

std::string selector_text(const Selector& selector) {
    std::vector<std::string> inside;
    const bool plain = is_plain_metric(selector.name);
    if (!plain && !selector.name.empty()) inside.push_back(quote(selector.name));
    for (const Matcher& matcher : selector.matchers) {
        const std::string text = matcher.to_string();
        const bool name_plain = is_plain_name(matcher.name(), false);
        inside.push_back(name_plain ? text
                                    : quote(matcher.name()) + text.substr(matcher.name().size()));
    }
    std::string text = plain ? selector.name : "";
    if (!inside.empty() || text.empty()) text += "{" + join(inside, ", ") + "}";
    if (selector.range) text += "[" + format_duration(*selector.range) + "]";
    return text + timing_text(selector.timing);
}

std::string aggregation_text(const Aggregation& aggregation) {
    std::string text = aggregation.operation;
    if (aggregation.without || !aggregation.labels.empty()) {
        text += aggregation.without ? " without " : " by ";
        text += labels_text(aggregation.labels) + " ";
    }
    text += "(";
    if (aggregation.parameter) text += to_string(*aggregation.parameter) + ", ";
    return text + to_string(*aggregation.inner) + ")";
}

std::string binary_text(const Binary& binary) {
    std::string text = to_string(*binary.left) + " " + binary.op;
    if (binary.returns_bool) text += " bool";
    const Matching& matching = binary.matching;
    if (matching.given)
        text += (matching.on ? " on " : " ignoring ") + labels_text(matching.labels);
    if (matching.group != Matching::Group::none) {
        text += matching.group == Matching::Group::left ? " group_left " : " group_right ";
        text += labels_text(matching.include);
    }
    return text + " " + to_string(*binary.right);
}

std::string call_text(const Call& call) {
    std::vector<std::string> arguments;
    for (const Part& argument : call.arguments) arguments.push_back(to_string(*argument));
    return call.function + "(" + join(arguments, ", ") + ")";
}

std::string number_text(double number) {
    const std::string text = format_number(number);
    return text == "+Inf" ? "Inf" : text;
}

void collect_names(const Expression& expression, std::set<std::string>& names) {
    match(
        expression.node, [](const Number&) {}, [](const Text&) {},
        [&](const Selector& selector) {
            if (!selector.name.empty()) names.insert(selector.name);
        },
        [&](const Subquery& subquery) { collect_names(*subquery.inner, names); },
        [&](const Call& call) {
            for (const Part& argument : call.arguments) collect_names(*argument, names);
        },
        [&](const Aggregation& aggregation) {
            if (aggregation.parameter) collect_names(*aggregation.parameter, names);
            collect_names(*aggregation.inner, names);
        },
        [&](const Unary& unary) { collect_names(*unary.inner, names); },
        [&](const Binary& binary) {
            collect_names(*binary.left, names);
            collect_names(*binary.right, names);
        },
        [&](const Parentheses& parentheses) { collect_names(*parentheses.inner, names); });
}

/// A number with its sign and parentheses.
std::optional<double> constant(const Expression& expression) {
    if (const auto* number = std::get_if<Number>(&expression.node)) return number->value;
    if (const auto* inner = std::get_if<Parentheses>(&expression.node)) {
        return constant(*inner->inner);
    }
    if (const auto* unary = std::get_if<Unary>(&expression.node)) {
        const std::optional<double> value = constant(*unary->inner);
        if (value && unary->negative) return -*value;
        return value;
    }
    return std::nullopt;
}

std::string turned(const std::string& op) {
    if (op == "<") return ">";
    if (op == ">") return "<";
    if (op == "<=") return ">=";
    if (op == ">=") return "<=";
    return op;
}

}  // namespace

std::string to_string(const Expression& expression) {
    return match(
        expression.node, [](const Number& number) { return number_text(number.value); },
        [](const Text& text) { return quote(text.value); },
        [](const Selector& selector) { return selector_text(selector); },
        [](const Subquery& subquery) {
            const std::string step = subquery.step ? format_duration(*subquery.step) : "";
            return to_string(*subquery.inner) + "[" + format_duration(subquery.range) + ":" + step +
                   "]" + timing_text(subquery.timing);
        },
        [](const Call& call) { return call_text(call); },
        [](const Aggregation& aggregation) { return aggregation_text(aggregation); },
        [](const Unary& unary) { return (unary.negative ? "-" : "+") + to_string(*unary.inner); },
        [](const Binary& binary) { return binary_text(binary); },
        [](const Parentheses& parentheses) { return "(" + to_string(*parentheses.inner) + ")"; });
}

std::vector<std::string> metric_names(const Expression& expression) {
    std::set<std::string> names;
    collect_names(expression, names);
    return {names.begin(), names.end()};
}

std::optional<TopComparison> top_comparison(const Expression& expression) {
    if (const auto* inner = std::get_if<Parentheses>(&expression.node)) {
        return top_comparison(*inner->inner);
    }
    const auto* binary = std::get_if<Binary>(&expression.node);
    if (binary == nullptr || !is_comparison(binary->op) || binary->returns_bool) return {};
    if (const std::optional<double> threshold = constant(*binary->right)) {
        return TopComparison{to_string(*binary->left), binary->op, *threshold};
    }
    if (const std::optional<double> threshold = constant(*binary->left)) {
        return TopComparison{to_string(*binary->right), turned(binary->op), *threshold};
    }
    return std::nullopt;
}

}  // namespace tocsin::promql
