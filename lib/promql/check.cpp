// PromQL's type rules: arguments, aggregations, operators, matching.

#include "promql/check.hpp"

#include <algorithm>

#include "base/match.hpp"
#include "promql/functions.hpp"
#include "promql/lexer.hpp"

namespace tocsin::promql {

namespace {

using Problem = std::optional<Error>;

Problem expect(const Part& part, Type wanted, const std::string& where) {
    if (part->type == wanted) return {};
    return bad_expression("expected type " + std::string(name(wanted)) + " in " + where + ", got " +
                              std::string(name(part->type)),
                          part->begin);
}

Problem check_call(const Call& call, Expression& expression) {
    const Function& row = *find_function(call.function);
    const std::size_t most = row.arguments.size();
    const std::size_t least =
        row.variadic < 0 ? most - 1 : most - static_cast<std::size_t>(row.variadic);
    const std::size_t got = call.arguments.size();
    if (got < least || (got > most && row.variadic >= 0)) {
        const std::string count = least == most && row.variadic == 0 ? ""
                                  : got < least                      ? "at least "
                                                                     : "at most ";
        return bad_expression("expected " + count + std::to_string(got < least ? least : most) +
                                  " argument(s) in call to `" + call.function + "`, got " +
                                  std::to_string(got),
                              expression.begin);
    }
    for (std::size_t i = 0; i < got; ++i) {
        const Type wanted = row.arguments[std::min(i, most - 1)];
        if (Problem problem =
                expect(call.arguments[i], wanted, "call to function `" + call.function + "`")) {
            return problem;
        }
    }
    expression.type = row.returns;
    return {};
}

Problem check_aggregation(const Aggregation& aggregation, Expression& expression) {
    expression.type = Type::vector;
    if (Problem problem = expect(aggregation.inner, Type::vector, "aggregation expression")) {
        return problem;
    }
    if (!aggregation.parameter) return {};
    const AggregationOperator& row = *find_aggregation(aggregation.operation);
    return expect(aggregation.parameter, *row.parameter, "aggregation parameter");
}

Problem check_matching(const Binary& binary, const Expression& expression) {
    const Matching& matching = binary.matching;
    const bool vectors = binary.left->type == Type::vector && binary.right->type == Type::vector;
    if (matching.given && !vectors) {
        return bad_expression("vector matching only allowed between instant vectors",
                              expression.begin);
    }
    if (is_set_operator(binary.op) && matching.group != Matching::Group::none) {
        return bad_expression("no grouping allowed for `" + binary.op + "` operation",
                              expression.begin);
    }
    for (const std::string& label : matching.on ? matching.labels : std::vector<std::string>()) {
        if (std::find(matching.include.begin(), matching.include.end(), label) ==
            matching.include.end()) {
            continue;
        }
        return bad_expression("label `" + label + "` must not occur in ON and GROUP clause at once",
                              expression.begin);
    }
    return {};
}

Problem check_binary(const Binary& binary, Expression& expression) {
    for (const Part& side : {binary.left, binary.right}) {
        if (side->type == Type::scalar || side->type == Type::vector) continue;
        return bad_expression(
            "binary expression must contain only scalar and instant vector types, not " +
                std::string(name(side->type)),
            side->begin);
    }
    const bool scalars = binary.left->type == Type::scalar && binary.right->type == Type::scalar;
    const bool scalar = binary.left->type == Type::scalar || binary.right->type == Type::scalar;
    if (binary.returns_bool && !is_comparison(binary.op)) {
        return bad_expression("bool modifier can only be used on comparison operators",
                              expression.begin);
    }
    if (is_comparison(binary.op) && scalars && !binary.returns_bool) {
        return bad_expression("comparisons between scalars must use BOOL modifier",
                              expression.begin);
    }
    if (is_set_operator(binary.op) && scalar) {
        return bad_expression(
            "set operator `" + binary.op + "` not allowed in binary scalar expression",
            expression.begin);
    }
    expression.type = scalars ? Type::scalar : Type::vector;
    return check_matching(binary, expression);
}

Problem check_selector(const Selector& selector, Expression& expression) {
    expression.type = selector.range ? Type::range : Type::vector;
    if (!selector.name.empty()) return {};
    for (const Matcher& matcher : selector.matchers) {
        if (!matcher.matches("")) return {};
    }
    return bad_expression("vector selector must contain at least one non-empty matcher",
                          expression.begin);
}

Problem check_unary(const Unary& unary, Expression& expression) {
    expression.type = unary.inner->type;
    if (expression.type == Type::scalar || expression.type == Type::vector) return {};
    return bad_expression(
        "unary expression only allowed on expressions of type scalar or instant vector, got " +
            std::string(name(expression.type)),
        expression.begin);
}

}  // namespace

bool is_comparison(std::string_view op) {
    return op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=";
}

bool is_set_operator(std::string_view op) {
    return op == "and" || op == "or" || op == "unless";
}

std::optional<Error> check_types(Expression& expression) {
    const auto typed = [&](Type type) -> Problem {
        expression.type = type;
        return {};
    };
    return match(
        expression.node, [&](const Number&) { return typed(Type::scalar); },
        [&](const Text&) { return typed(Type::string); },
        [&](const Selector& selector) { return check_selector(selector, expression); },
        [&](const Subquery& subquery) -> Problem {
            expression.type = Type::range;
            if (subquery.inner->type == Type::vector) return {};
            return bad_expression("subquery is only allowed on instant vector, got " +
                                      std::string(name(subquery.inner->type)),
                                  expression.begin);
        },
        [&](const Call& call) { return check_call(call, expression); },
        [&](const Aggregation& aggregation) { return check_aggregation(aggregation, expression); },
        [&](const Unary& unary) { return check_unary(unary, expression); },
        [&](const Binary& binary) { return check_binary(binary, expression); },
        [&](const Parentheses& parentheses) { return typed(parentheses.inner->type); });
}

}  // namespace tocsin::promql
