#pragma once
// PromQL as of Prometheus 2.42, and the notations of 3.x that change no meaning: text to a tree.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "promql/expression.hpp"

namespace tocsin::promql {

/// Types are checked as Prometheus does. Errors (code `bad_expression`) say what is wrong in one
/// sentence; `field` holds the byte offset. At most expression_bytes_max bytes.
[[nodiscard]] Result<Expression> parse(std::string_view text);

/// The metric names that its selectors name, sorted, each once.
[[nodiscard]] std::vector<std::string> metric_names(const Expression& expression);

/// On one line, in the usual form; parses to an equal tree.
[[nodiscard]] std::string to_string(const Expression& expression);

/// `left op threshold`, when the whole expression is that: `sum(x) > 5`. With the number on the
/// left the operator is turned around.
struct TopComparison {
    std::string left;
    std::string op;
    double threshold = 0;
};
[[nodiscard]] std::optional<TopComparison> top_comparison(const Expression& expression);

}  // namespace tocsin::promql
