#pragma once
// The functions and aggregations of PromQL: their names and the types they take and give.

#include <string>
#include <string_view>
#include <vector>

#include "promql/expression.hpp"

namespace tocsin::promql {

struct Function {
    std::string_view name;
    std::vector<Type> arguments;
    int variadic =
        0;  // how many at the end may be left out; -1: the last may be left out or repeat
    Type returns = Type::vector;
};

[[nodiscard]] const std::vector<Function>& functions();
[[nodiscard]] const Function* find_function(std::string_view name);
[[nodiscard]] std::vector<std::string> function_names();  // aggregations too, for suggestions

struct AggregationOperator {
    std::string_view name;
    std::optional<Type> parameter;
};
/// `name` in any case; nullptr when it is none.
[[nodiscard]] const AggregationOperator* find_aggregation(std::string_view name);

}  // namespace tocsin::promql
